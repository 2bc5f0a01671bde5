/** What the templates put into the document, in a language: its words (words.json), and what depends on the facts. */
import path from "node:path";
import { contract } from "../../infra/contract.ts";
import { backupWords } from "../backups/words.ts";
import { causesAdvice, failureText, mistakeText, remarkAdvice } from "../status/advice/index.ts";
import { bytes, rightsText, tlsText, topologyText } from "../status/facts.ts";
import type { Problem, Remark, TableName, TlsFacts } from "../status/model.ts";
import { usesWith } from "../status/verdict/remarks.ts";
import { differences } from "../status/view.ts";
import { wordsIn as statusWordsIn } from "../status/words.ts";
import { decimalFr, plural, pluralFr } from "../terminal/amounts.ts";
import { inLanguage, type Language } from "../terminal/language.ts";
import type { Database } from "./database.ts";
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
import type { Model, SeenIn } from "./model.ts";
import { applying, commands, type Option, settingsYaml } from "./options.ts";
import { redisCommands } from "./points.ts";
import { type Mark, marks, type Seen } from "./seen.ts";
import texts from "./words.json" with { type: "json" };

type Service = Model["backend"]["services"][number];

export const wordsIn = (language: Language) => inLanguage(texts, language);

const stackFile = ({ stack }: Pick<Model, "stack">): Markdown => code(`Pulumi.${stack}.yaml`);
const statusCommand = ({ stack }: Pick<Model, "stack">): Markdown =>
  code(`npx kairos status --stack ${stack}`);
const upCommand = ({ stack }: Pick<Model, "stack">): Markdown => code(`pulumi up --stack ${stack}`);

export function partsIn(language: Language) {
  const words = wordsIn(language);
  const status = statusWordsIn(language);
  const saved = backupWords(language);
  const { colon } = status;

  const decimal = (value: number | string) => (language === "fr" ? decimalFr(value) : String(value));
  /** How many of something, by its noun in the language, and its plural where that is not just an s more. */
  const some = language === "fr" ? pluralFr : plural;
  const seconds = (ms: number): string => {
    const count = ms / 1000;
    return some(count, language === "fr" ? "seconde" : "second").replace(String(count), decimal(count));
  };

  /** `- ✅ **label** : value`; what nobody looked at says so, and of what is off there is nothing. */
  function point<T extends object>(label: string, seen: Seen<T>, say: (seen: T) => Content): Markdown {
    if (seen === "off") return md``;
    const [mark, value] =
      seen === "not checked" ? [marks.unchecked, words.notChecked] : [seen.mark, say(seen)];
    return md`- ${mark} **${label}**${colon}${value}`;
  }

  /** `- [x] text`: somebody saw it, and it is well. Whatever else is known, no tick. */
  function tick(seen: Seen, text: Content): Markdown {
    const good = typeof seen === "object" && seen.mark === marks.good;
    return md`- [${good ? "x" : " "}] ${text}${seen === "not checked" && ` - ${words.notChecked}`}`;
  }

  const state = ({ mark, state }: Database): string => `${mark} ${words.states[state]}`;

  /** Where the facts come from. */
  function source({ checked }: Model): Content {
    const { source } = checked ?? {};
    if (source?.kind === "stack") return filledIn(words.source.stack, { stack: code(source.stack) });
    if (source?.kind !== "file") return words.source.process;
    // Not the folder: it is a machine's, the document is everybody's.
    return filledIn(words.source.file, { file: code(path.basename(source.file)) });
  }

  /** What the settings have of a database; nothing of one that they turn off. */
  const planned = {
    mongodb: ({ planned: { mongodb: of } }: Model): Content =>
      filledIn(words.planned.mongodb, {
        name: code(of.name),
        tier: code(of.tier),
        region: code(of.region),
        with: of.backups ? words.planned.with : words.planned.without,
      }),
    postgres: ({ planned: { postgres: of } }: Model): Content =>
      of &&
      filledIn(words.planned.postgres, {
        name: code(of.name),
        plan: code(of.plan),
        version: code(of.version),
        region: code(of.region),
        network: words.planned[of.network],
      }),
    redis({ planned: { redis: of } }: Model): Content {
      if (of === undefined) return undefined;
      const { name, provider } = of;
      if (name === undefined) return filledIn(words.planned.external, { provider: code(provider) });
      return filledIn(words.planned.redis, { name: code(name), provider: code(provider) });
    },
  };

  /** The lead, what the checks said line by line, what the stack would have. */
  function howItStands(m: Model, of: Database): Markdown {
    const { stands } = words;
    const is = planned[of.name](m);
    const parts = { title: of.title, stack: code(m.stack), how: lead(of), planned: is };
    return blocks([
      filledIn(of.checked ? stands.checked : stands.settings, parts),
      fenced("", log(of)),
      filledIn(is ? stands.planned : stands.notPlanned, parts),
      of.checked && of.planned && of.off && filledIn(stands.lacksVariables, parts),
      of.checked && !of.planned && !of.off && filledIn(stands.fromElsewhere, parts),
    ]);
  }

  function lead({ state, mandatory, checked }: Database): Markdown {
    const conflict = checked?.remarks.some(({ kind }) => kind === "type-conflict");
    const is =
      state === "well" && mandatory ? "mandatoryWell" : state === "warning" && conflict ? "conflict" : state;
    return filledIn(words.lead[is]);
  }

  function log({ name, title, off, checked, backups }: Database): string[] {
    const { log } = words;
    if (off) return [`${marks.note} ${log.off[name]}`];
    if (checked === undefined) return [`${marks.unchecked} ${title} ${words.notChecked}`];
    const { problem, remarks } = checked;
    const { connected, version = "", latency } = checked.facts;
    const tries =
      latency && (language === "fr" ? some(latency.tries, "essai") : some(latency.tries, "try", "tries"));
    const parts = { title, version, tries, ms: latency && decimal(latency.median) };
    const said = (text: string) =>
      text.replaceAll(/\{(\w+)\}/g, (_, part: keyof typeof parts) => `${parts[part]}`);
    // Nobody tries to connect with variables that are no good.
    const failed = said(connected || problem?.stage === "variables" ? log.unusable : log.failed);
    return [
      connected && `${marks.good} ${said(log.connected)}${version && said(log.version)}`,
      latency && `${marks.good} ${said(log.ping)}`,
      problem && `${marks.bad} ${failed} - ${problemText(problem)}`,
      ...remarks.map(
        (remark) =>
          `${remark.severity === "warning" ? marks.warning : marks.note} ${remarkAdvice(remark, language).says}`,
      ),
      backups && `${backups.mark} ${saved.title}${colon}${saved.has(backups)}`,
      backups?.drill &&
        `${backups.drill.ok ? marks.good : marks.warning} ${saved.title}${colon}${saved.drilled(backups.database, backups.drill)}`,
      ...(backups ? saved.remarks(backups) : []).map(
        ({ severity, says }) => `${severity === "warning" ? marks.warning : marks.note} ${says}`,
      ),
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

  /** Every variable of the contract that is this database's. */
  function variables({ backend }: Model, { title, off, variables }: Database): Markdown {
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
  }

  const connected = (label: string, { connected, off, mandatory }: Database): Markdown =>
    point(label, connected, ({ yes }) =>
      yes ? words.yes : off && !mandatory ? words.noButOptional : words.no,
    );

  const indexes = ({ count, collections }: SeenIn<"mongodb", "indexes">): Content =>
    count === 0
      ? words.indexes.none
      : filledIn(words.indexes.some, {
          indexes: some(count, "index", language === "fr" ? "index" : "indexes"),
          collections: some(collections, "collection"),
          id: code("_id_"),
        });

  const collections = ({ names }: SeenIn<"mongodb", "collections">): Content =>
    names.length > 0 ? codes(names) : words.noCollections;

  const topology = ({ primary, ...seen }: SeenIn<"mongodb", "topology">): Content =>
    topologyText({ ...seen, ...(primary && { primary: primary.host ?? words.host }) }, status);

  const rights = ({ user, enough, beyond }: SeenIn<"mongodb", "rights">): Content =>
    rightsText({ user, canWrite: enough, beyond }, status);

  const encryption = ({ tls }: { tls: TlsFacts }): string => tlsText(tls, status);

  function compression({ mongodb: { driver } }: Model): Content {
    const { byUrl, byBackend, during } = words.compression;
    const { compressors, compression } = driver;
    const offered = compressors.length > 0 ? filledIn(byUrl, { compressors: codes(compressors) }) : byBackend;
    return md`${offered}${compression && filledIn(during, { compression: code(compression) })}`;
  }

  /** As Python writes it. */
  function retries({ mongodb: { driver } }: Model): Markdown {
    const python = (on: boolean) => (on ? "True" : "False");
    return codes([`retryWrites=${python(driver.retryWrites)}`, `retryReads=${python(driver.retryReads)}`]);
  }

  const tables = ({ present, all }: SeenIn<"postgres", "tables">): Content =>
    filledIn(present === all ? words.tables.all : words.tables.some, { present, all });

  /** One of the backend's tables. */
  function tableLine({ postgres }: Model, name: TableName, what: string): Markdown {
    const seen = postgres.table(name);
    if (typeof seen === "string") return md`- ${code(name)}${colon}${what}`;
    const there = seen.mark === marks.good ? words.tables.there : words.tables.missing;
    return md`- ${seen.mark} ${code(name)}${colon}${what} - ${there}`;
  }

  const conflict = ({ names }: SeenIn<"postgres", "conflict">): Content =>
    names.length > 0 ? filledIn(words.conflict.some, { names: codes(names) }) : words.conflict.none;

  const role = ({ name, superuser }: SeenIn<"postgres", "role">): Content =>
    md`${code(name)}, ${superuser ? status.facts.isSuperuser : status.facts.noSuperuser}`;

  const tried = ({ failed }: SeenIn<"redis", "commands">): Content =>
    failed.length > 0
      ? filledIn(words.commands.failed, { names: codes(failed) })
      : filledIn(words.commands.work, { names: codes(redisCommands) });

  function memory({ policy, used, maximum }: SeenIn<"redis", "memory">): Content {
    const { policy: known, unknown, used: filled, of } = words.memory;
    const by = policy === undefined ? unknown : filledIn(known, { policy: code(policy) });
    return md`${by}${used !== undefined && filledIn(filled, { used: bytes(used, status) })}${
      maximum !== undefined && filledIn(of, { maximum: bytes(maximum, status) })
    }`;
  }

  /** Whether the policy that was seen lets Redis be used for it. */
  function policy({ redis: { memory } }: Model, use: "cache" | "rateLimit" | "sessions"): Content {
    if (typeof memory === "string" || memory.policy === undefined) return undefined;
    const suitability = status.facts.suitability[usesWith(memory.policy)[use]];
    return filledIn(words.memory.suits, { policy: code(memory.policy), suitability });
  }

  const setUp = (option: Option, m: Model): Markdown =>
    blocks([
      filledIn(words.setUp.file, { file: stackFile(m) }),
      fenced("yaml", settingsYaml(option)),
      words.setUp.then,
      fenced("sh", commands(option, m.stack)),
    ]);

  const onlyApply = ({ stack }: Model, { title }: Database): Markdown =>
    blocks([filledIn(words.setUp.onlyApply, { title }), fenced("sh", applying(stack))]);

  function activating(m: Model, { planned }: Database, logged: string): Content {
    const { choose, run, check, logs } = words.setUp;
    return numbered([
      !planned && filledIn(choose, { file: stackFile(m) }),
      filledIn(run, { up: upCommand(m) }),
      filledIn(check, { status: statusCommand(m) }),
      filledIn(logs, { logged: code(logged) }),
    ]);
  }

  function servicesLead({ backend: { unasked, problem } }: Model): Content {
    const { services } = words;
    if (problem) return filledIn(services.problem, { why: problemText(problem) });
    if (unasked === undefined) return services.asked;
    return unasked === "unchecked"
      ? services.unasked
      : `${services.unasked} ${status.render.unchecked[unasked]}.`;
  }

  /** A row: its name, how it is, its last deploy, its variables. */
  function service({ name, mark, state, suspended, problem, lastDeploy: last, ...of }: Service): Content[] {
    const none = problem || state === "unchecked" ? words.notChecked : status.render.noDeploy;
    const at = last && `${last.createdAt.slice(0, 10)} ${last.createdAt.slice(11, 16)}`;
    return [
      code(name),
      `${mark} ${problem ? problemText(problem) : words.services.states[suspended ? "off" : state]}`,
      last === undefined ? none : md`${code(last.status)}, ${at}`,
      ofContract(of),
    ];
  }

  function ofContract({ variables, liveWithCurrentVariables: live }: Partial<Service>): string {
    if (variables === undefined) return words.notChecked;
    const ways = differences(variables, status);
    const how = ways.length === 0 ? words.services.equal : ways.join(status.semicolon);
    return live === undefined ? how : `${how}, ${status.render.current[live]}`;
  }

  /** A part for each: what, why, what to do. */
  const errors = ({ errors }: Model): Markdown =>
    blocks(errors.map((one) => ("problem" in one ? problemPart(one) : remarkPart(one))));

  const standing = (mark: Mark): Markdown => filledIn(words.errors.standing[mark]);

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

  /** A row of the summary. */
  const summary = (of: Database): Content[] => [
    md`**${of.title}**`,
    state(of),
    of.mandatory ? words.yes : words.no,
    configuration(of),
  ];

  function configuration({ off, mandatory, complete, checked }: Database): string {
    const { configuration: say } = words;
    if (off) return mandatory ? say.incomplete : say.optional;
    if (checked === undefined) return say.planned;
    return complete ? say.complete : say.incomplete;
  }

  function nextStep(m: Model, database: Database, whenOff: string): Markdown {
    return md`${database.mark} **${database.title}**${colon}${nextOf(m, database, whenOff)}`;
  }

  function nextOf(m: Model, { state, planned, mandatory }: Database, whenOff: string): Content {
    const { next } = words;
    if (state === "off") return planned ? filledIn(next.apply, { up: upCommand(m) }) : whenOff;
    if (state === "unchecked") return filledIn(next.unchecked, { status: statusCommand(m) });
    return state === "well" && mandatory ? next.mandatoryWell : next[state];
  }

  /** First of all: passwords that the document of before gave away, until somebody has seen that they are others now. */
  function disclosed({ stack, disclosed: { names, known } }: Model): Content {
    if (names.length === 0) return undefined;
    const rotate = code(`npx kairos rotate all --stack ${stack} --leaked`);
    const say = known ? words.disclosed.known : words.disclosed.unknown;
    return filledIn(say, { names: names.join(", "), rotate });
  }

  /** The variables of a database in the checklist. */
  const set = ({ variables, mandatory }: Database): Markdown[] =>
    variables.map(({ name, set }) => {
      const optional = variables.length === 1 && !mandatory ? words.optional : "";
      return tick(set, md`${code(name)} ${words.set}${optional}`);
    });

  return {
    activating,
    bytes: (count: number) => bytes(count, status),
    collections,
    commands: tried,
    compression,
    conflict,
    connected,
    disclosed,
    encryption,
    errors,
    howItStands,
    indexes,
    memory,
    nextStep,
    onlyApply,
    point,
    policy,
    retries,
    rights,
    role,
    seconds,
    service,
    servicesLead,
    servicesNext: ({ backend }: Model): string => words.next.services[backend.mark],
    set,
    setUp,
    some,
    source,
    stackFile,
    standing,
    state,
    summary,
    table: tableLine,
    tables,
    tick,
    topology,
    variables,
  };
}
