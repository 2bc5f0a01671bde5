/** What the templates put into the document, in a language: its words (words.json), and what depends on the facts. */
import path from "node:path";
import { contract } from "../../infra/contract.ts";
import { isDedicated } from "../../infra/settings/rules.ts";
import { backupWords } from "../backups/words.ts";
import { causesAdvice, failureText, mistakeText, remarkAdvice } from "../status/advice/index.ts";
import { bytes, rightsText, tlsText, topologyText } from "../status/facts.ts";
import {
  type MongodbFacts,
  type PostgresFacts,
  type Problem,
  type RedisFacts,
  type Remark,
  type TableName,
  type TlsFacts,
  tables,
} from "../status/model.ts";
import { usesWith } from "../status/verdict/remarks.ts";
import { differences } from "../status/view.ts";
import { wordsIn as statusWordsIn } from "../status/words.ts";
import { plural, pluralFr } from "../terminal/amounts.ts";
import { countIn, decimalIn, filled, inLanguage, type Language } from "../terminal/language.ts";
import { type Database, redisCommands } from "./database.ts";
import {
  blocks,
  type Content,
  code,
  codes,
  fenced,
  filledIn,
  linked,
  type Markdown,
  md,
  numbered,
  table,
} from "./markdown.ts";
import type { Model } from "./model.ts";
import { applying, commands, type Option, settingsYaml } from "./options.ts";
import { type Mark, marks, type Seen } from "./seen.ts";
import texts from "./words.json" with { type: "json" };

type Of<Facts, Name extends keyof Facts> = NonNullable<Facts[Name]>;
type Service = Model["backend"]["services"][number];

export const wordsIn = (language: Language) => inLanguage(texts, language);

const stackFile = ({ stack }: Model): Markdown => code(`Pulumi.${stack}.yaml`);
const statusCommand = ({ stack }: Model): Markdown => code(`npx kairos status --stack ${stack}`);
const upCommand = ({ stack }: Model): Markdown => code(`pulumi up --stack ${stack}`);

export function partsIn(language: Language) {
  const words = wordsIn(language);
  const status = statusWordsIn(language);
  const saved = backupWords(language);
  const { colon } = status;

  /** `- ✅ **label** : value`; what nobody looked at says so, and of what is off there is nothing. */
  function point<T>(label: string, seen: Seen<T>, say: (seen: T) => Content): Markdown {
    if (seen === "off") return md``;
    const [mark, value] =
      seen === "not checked" ? [marks.unchecked, words.notChecked] : [seen.mark, say(seen.is)];
    return md`- ${mark} **${label}**${colon}${value}`;
  }

  /** `- [x] text`: somebody saw it, and it is well. Whatever else is known, no tick. */
  function tick(seen: Seen, text: Content): Markdown {
    const good = typeof seen === "object" && seen.mark === marks.good;
    return md`- [${good ? "x" : " "}] ${text}${seen === "not checked" && ` - ${words.notChecked}`}`;
  }

  /** What the settings have of a database; nothing of one that they turn off. */
  function planned({ settings, place }: Model, name: Database["name"]): Content {
    const { mongodb, postgres, redis } = settings;
    const say = words.planned;
    if (name === "mongodb")
      return filledIn(say.mongodb, {
        name: code(mongodb.name),
        tier: code(mongodb.tier),
        region: code(place.mongodb.region),
        with: isDedicated(mongodb.tier) ? say.with : say.without,
      });
    if (name === "postgres")
      return (
        postgres.enabled &&
        filledIn(say.postgres, {
          name: code(postgres.name),
          plan: code(postgres.plan),
          version: code(postgres.version),
          region: code(place.postgres.region),
          network: say[postgres.network],
        })
      );
    if (redis.provider === "none") return false;
    const provider = code(redis.provider);
    return redis.provider === "external"
      ? filledIn(say.external, { provider })
      : filledIn(say.redis, { provider, name: code(redis.name) });
  }

  function lead({ state, mandatory, checked }: Database): Markdown {
    const conflict = checked?.remarks.some(({ kind }) => kind === "type-conflict");
    const is =
      state === "well" && mandatory ? "mandatoryWell" : state === "warning" && conflict ? "conflict" : state;
    return filledIn(words.lead[is]);
  }

  const markOfRemark = ({ severity }: { severity: Remark["severity"] }) =>
    severity === "warning" ? marks.warning : marks.note;

  function log({ name, title, off, checked, backups }: Database): string[] {
    const { log } = words;
    if (off) return [`${marks.note} ${log.off[name]}`];
    if (checked === undefined) return [`${marks.unchecked} ${title} ${words.notChecked}`];
    const { problem, remarks } = checked;
    const { connected, version = "", latency } = checked.facts;
    const tries = latency && countIn(language, latency.tries, ["try", "tries"], ["essai"]);
    const ms = latency && decimalIn(language, latency.median);
    const said = (text: string) => filled(text, { title, version, tries: `${tries}`, ms: `${ms}` });
    // Nobody tries to connect with variables that are no good.
    const failed = said(connected || problem?.stage === "variables" ? log.unusable : log.failed);
    const ofBackups = (mark: Mark, text: string) => `${mark} ${saved.title}${colon}${text}`;
    return [
      connected && `${marks.good} ${said(log.connected)}${version && said(log.version)}`,
      latency && `${marks.good} ${said(log.ping)}`,
      problem && `${marks.bad} ${failed} - ${problemText(problem)}`,
      ...remarks.map((remark) => `${markOfRemark(remark)} ${remarkAdvice(remark, language).says}`),
      backups && ofBackups(backups.mark, saved.has(backups)),
      backups?.drill &&
        ofBackups(
          backups.drill.ok ? marks.good : marks.warning,
          saved.drilled(backups.database, backups.drill),
        ),
      ...(backups ? saved.remarks(backups) : []).map((remark) => `${markOfRemark(remark)} ${remark.says}`),
    ].filter((line) => typeof line === "string");
  }

  /** What failed, in one line; of a variable only what is wrong with it. */
  const problemText = (problem: Problem): string =>
    [
      failureText(problem, language),
      ...(problem.mistakes ?? []).map((mistake) => mistakeText(mistake, language)),
    ].join(status.semicolon);

  /** What stands in place of a value. */
  const shown = {
    secret: code("[secret]"),
    host: code(words.host),
    "known-after-up": filledIn(words.shown["known-after-up"], { up: code("pulumi up") }),
    unset: words.shown.unset,
    missing: words.shown.missing,
    invalid: words.shown.invalid,
    hidden: filledIn(words.shown.hidden, { mask: code(words.shown.mask) }),
  };

  const standing = (mark: Mark): Markdown => filledIn(words.errors.standing[mark]);
  const state = ({ mark, state }: Database): string => `${mark} ${words.states[state]}`;

  function problemPart({ title, problem }: { title: string; problem: Problem }): Markdown {
    const { errors } = words;
    const what = problemText(problem);
    const causes = causesAdvice(problem, language).map(
      ({ says, next }) => md`**${says}**${colon}${linked(next)}`,
    );
    return md`
### ${title}${colon}${what} ${marks.bad}

**${errors.problem}**${colon}${what} (${errors.evidence}${colon}${code(problem.evidence)})

**${errors.causes}**${colon.trimEnd()}

${numbered(causes)}

${marks.bad} **${errors.statement}**${colon}${standing(marks.bad)}
`;
  }

  function remarkPart({ title, remark }: { title: string; remark: Remark }): Markdown {
    const { errors } = words;
    const { says, next } = remarkAdvice(remark, language);
    return md`
### ${title}${colon}${says} ${marks.warning}

${next && md`**${errors.solution}**${colon}${linked(next)}`}

${remark.sql && fenced("sql", remark.sql)}

${marks.warning} **${errors.statement}**${colon}${standing(marks.warning)}
`;
  }

  function configuration({ off, mandatory, complete, checked }: Database): string {
    const { configuration: say } = words;
    if (off) return mandatory ? say.incomplete : say.optional;
    if (checked === undefined) return say.planned;
    return complete ? say.complete : say.incomplete;
  }

  function nextOf(m: Model, { state, planned, mandatory }: Database, whenOff: string): Content {
    const { next } = words;
    if (state === "off") return planned ? filledIn(next.apply, { up: upCommand(m) }) : whenOff;
    if (state === "unchecked") return filledIn(next.unchecked, { status: statusCommand(m) });
    return state === "well" && mandatory ? next.mandatoryWell : next[state];
  }

  return {
    point,
    tick,
    state,
    standing,
    stackFile,
    some: language === "fr" ? pluralFr : plural,
    bytes: (count: number) => bytes(count, status),

    /** Where the facts come from. */
    source({ checked }: Model): Content {
      const { source } = checked ?? {};
      if (source?.kind === "stack") return filledIn(words.source.stack, { stack: code(source.stack) });
      if (source?.kind !== "file") return words.source.process;
      // Not the folder: it is a machine's, the document is everybody's.
      return filledIn(words.source.file, { file: code(path.basename(source.file)) });
    },

    seconds(ms: number): string {
      const text = countIn(language, ms / 1000, ["second"], ["seconde"]);
      return decimalIn(language, text);
    },

    /** The lead, what the checks said line by line, what the stack would have. */
    howItStands(m: Model, of: Database): Markdown {
      const { stands } = words;
      const is = planned(m, of.name);
      const parts = { title: of.title, stack: code(m.stack), how: lead(of), planned: is };
      return blocks([
        filledIn(of.checked ? stands.checked : stands.settings, parts),
        fenced("", log(of)),
        filledIn(is ? stands.planned : stands.notPlanned, parts),
        of.checked && of.planned && of.off && filledIn(stands.lacksVariables, parts),
        of.checked && !of.planned && !of.off && filledIn(stands.fromElsewhere, parts),
      ]);
    },

    /** Every variable of the contract that is this database's. */
    variables({ backend }: Model, { title, off, variables }: Database): Markdown {
      const rows = variables.map(({ name, shown: of }) => {
        // What it would look like, where there is none yet.
        const example = off && name === "REDIS_URL" && `redis://${words.host}:[port]/[db]`;
        const value = of.kind === "value" ? code(of.text) : example ? code(example) : shown[of.kind];
        return [code(name), value, contract[name].description[language]];
      });
      const services = codes(backend.planned);
      const lead = filledIn(off ? words.variables.off : words.variables.on, { title, services });
      const value = off ? words.variables.value : words.variables.current;
      return blocks([lead, table(["Variable", value, "Description"], rows)]);
    },

    connected: (label: string, { connected, off, mandatory }: Database): Markdown =>
      point(label, connected, (yes) =>
        yes ? words.yes : off && !mandatory ? words.noButOptional : words.no,
      ),

    indexes: ({ count, collections }: { count: number; collections: number }): Content =>
      count === 0
        ? words.indexes.none
        : filledIn(words.indexes.some, {
            indexes: countIn(language, count, ["index", "indexes"], ["index", "index"]),
            collections: countIn(language, collections, ["collection"], ["collection"]),
            id: code("_id_"),
          }),

    collections: (names: readonly string[]): Content =>
      names.length > 0 ? codes(names) : words.noCollections,

    topology: ({ primary, ...seen }: Of<MongodbFacts, "topology">): Content =>
      topologyText({ ...seen, ...(primary !== undefined && { primary: primary || words.host }) }, status),

    rights: ({ canRead, canWrite, ...rights }: Of<MongodbFacts, "rights">): Content =>
      rightsText({ ...rights, canWrite: canRead && canWrite }, status),

    encryption: (tls: TlsFacts): string => tlsText(tls, status),

    compression({ mongodb: { driver } }: Model): Content {
      const { byUrl, byBackend, during } = words.compression;
      const { compressors, compression } = driver;
      const offered =
        compressors.length > 0 ? filledIn(byUrl, { compressors: codes(compressors) }) : byBackend;
      return md`${offered}${compression && filledIn(during, { compression: code(compression) })}`;
    },

    /** As Python writes it. */
    retries({ mongodb: { driver } }: Model): Markdown {
      const python = (on: boolean) => (on ? "True" : "False");
      return codes([`retryWrites=${python(driver.retryWrites)}`, `retryReads=${python(driver.retryReads)}`]);
    },

    tables: ({ length: present }: readonly TableName[]): Content =>
      filledIn(present === tables.length ? words.tables.all : words.tables.some, {
        present,
        all: tables.length,
      }),

    /** One of the backend's tables. */
    table({ postgres }: Model, name: TableName, what: string): Markdown {
      const seen = postgres.table(name);
      if (typeof seen === "string") return md`- ${code(name)}${colon}${what}`;
      const there = seen.is === "present" ? words.tables.there : words.tables.missing;
      return md`- ${seen.mark} ${code(name)}${colon}${what} - ${there}`;
    },

    conflict: (names: readonly string[]): Content =>
      names.length > 0 ? filledIn(words.conflict.some, { names: codes(names) }) : words.conflict.none,

    role: ({ name, superuser }: Of<PostgresFacts, "role">): Content =>
      md`${code(name)}, ${superuser ? status.facts.isSuperuser : status.facts.noSuperuser}`,

    commands: (failed: readonly string[]): Content =>
      failed.length > 0
        ? filledIn(words.commands.failed, { names: codes(failed) })
        : filledIn(words.commands.work, { names: codes(redisCommands) }),

    memory({ policy, used, maximum = 0 }: Of<RedisFacts, "memory">): Content {
      const { policy: known, unknown, used: filled, of } = words.memory;
      const by = policy === undefined ? unknown : filledIn(known, { policy: code(policy) });
      // 0 is no limit of Redis' own.
      return md`${by}${used !== undefined && filledIn(filled, { used: bytes(used, status) })}${
        maximum > 0 && filledIn(of, { maximum: bytes(maximum, status) })
      }`;
    },

    /** Whether the policy that was seen lets Redis be used for it. */
    policy({ redis: { memory } }: Model, use: "cache" | "rateLimit" | "sessions"): Content {
      if (typeof memory === "string" || memory.is.policy === undefined) return undefined;
      const { policy } = memory.is;
      const suitability = status.facts.suitability[usesWith(policy)[use]];
      return filledIn(words.memory.suits, { policy: code(policy), suitability });
    },

    setUp: (option: Option, m: Model): Markdown =>
      blocks([
        filledIn(words.setUp.file, { file: stackFile(m) }),
        fenced("yaml", settingsYaml(option)),
        words.setUp.then,
        fenced("sh", commands(option, m.stack)),
      ]),

    onlyApply: ({ stack }: Model, { title }: Database): Markdown =>
      blocks([filledIn(words.setUp.onlyApply, { title }), fenced("sh", applying(stack))]),

    activating(m: Model, { planned }: Database, logged: string): Content {
      const { choose, run, check, logs } = words.setUp;
      return numbered([
        !planned && filledIn(choose, { file: stackFile(m) }),
        filledIn(run, { up: upCommand(m) }),
        filledIn(check, { status: statusCommand(m) }),
        filledIn(logs, { logged: code(logged) }),
      ]);
    },

    servicesLead({ backend: { unasked, problem } }: Model): Content {
      const { services } = words;
      if (problem) return filledIn(services.problem, { why: problemText(problem) });
      if (unasked === undefined) return services.asked;
      return unasked === "unchecked"
        ? services.unasked
        : `${services.unasked} ${status.render.unchecked[unasked]}.`;
    },

    /** A row: its name, how it is, its last deploy, its variables. */
    service({ name, mark, state, suspended, problem, lastDeploy: last, ...of }: Service): Content[] {
      const none = problem || state === "unchecked" ? words.notChecked : status.render.noDeploy;
      const at = last && `${last.createdAt.slice(0, 10)} ${last.createdAt.slice(11, 16)}`;
      const { variables, liveWithCurrentVariables: live } = of;
      const wrong = differences(variables, status).join(status.semicolon) || words.services.equal;
      return [
        code(name),
        `${mark} ${problem ? problemText(problem) : words.services.states[suspended ? "off" : state]}`,
        last === undefined ? none : md`${code(last.status)}, ${at}`,
        variables === undefined
          ? words.notChecked
          : `${wrong}${live === undefined ? "" : `, ${status.render.current[live]}`}`,
      ];
    },

    servicesNext: ({ backend }: Model): string => words.next.services[backend.mark],

    /** A part for each: what, why, what to do. */
    errors: ({ errors }: Model): Markdown =>
      blocks(errors.map((one) => ("problem" in one ? problemPart(one) : remarkPart(one)))),

    /** A row of the summary. */
    summary: (of: Database): Content[] => [
      md`**${of.title}**`,
      state(of),
      of.mandatory ? words.yes : words.no,
      configuration(of),
    ],

    nextStep: (m: Model, of: Database, whenOff: string): Markdown =>
      md`${of.mark} **${of.title}**${colon}${nextOf(m, of, whenOff)}`,

    /** First of all: passwords that the document of before gave away, until somebody has seen that they are others now. */
    disclosed({ stack, disclosed: { names, known } }: Model): Content {
      if (names.length === 0) return undefined;
      const rotate = code(`npx kairos rotate all --stack ${stack} --leaked`);
      const say = known ? words.disclosed.known : words.disclosed.unknown;
      return filledIn(say, { names: names.join(", "), rotate });
    },

    /** The variables of a database in the checklist. */
    set: ({ variables, mandatory }: Database): Markdown[] =>
      variables.map(({ name, set }) => {
        const optional = variables.length === 1 && !mandatory ? words.optional : "";
        return tick(set, md`${code(name)} ${words.set}${optional}`);
      }),
  };
}
