/** What is built the same way in every language, of its own words: what every database has, and what depends on the checks. */
import path from "node:path";
import { contract } from "../../../infra/contract.ts";
import { bytes, tlsText } from "../../status/facts.ts";
import type { Problem, Remark, TableName, TlsFacts } from "../../status/model.ts";
import { causeIn, mistakeIn, remarkIn, wordsIn } from "../../status/words/index.ts";
import type { Database } from "../database.ts";
import {
  blocks,
  type Content,
  code,
  codes,
  fenced,
  linked,
  type Markdown,
  md,
  numbered,
  table,
} from "../markdown.ts";
import { differing, type Model } from "../model.ts";
import { commands, type Option, settingsYaml } from "../options.ts";
import { marks, type Seen } from "../seen.ts";
import type { words as french } from "./fr-words.ts";

/** All there is to say in one language, beside its template. */
export type Words = typeof french;

/** The parts, in the seed's order. Their names are a page's anchors: the same in every language. */
export const partNames = [
  "overview",
  "mongodb",
  "postgres",
  "redis",
  "services",
  "checklist",
  "errors",
  "summary",
  "steps",
  "documentation",
] as const;
export type PartName = (typeof partNames)[number];

/** The document in one language. Titles begin with an emoji. */
export interface Template extends Record<PartName, (model: Model) => Markdown> {
  words: Words;
  title: string;
  intro: (model: Model) => Markdown;
  /** Below everything. */
  closing: (model: Model) => Markdown;
}

type Backend = Model["backend"];
type Service = Backend["services"][number];

export const stackFile = ({ stack }: Pick<Model, "stack">): Markdown => code(`Pulumi.${stack}.yaml`);
export const statusCommand = ({ stack }: Pick<Model, "stack">): Markdown =>
  code(`npx kairos status --stack ${stack}`);
export const upCommand = ({ stack }: Pick<Model, "stack">): Markdown => code(`pulumi up --stack ${stack}`);

export function partsIn(words: Words) {
  const status = wordsIn(words.language);
  const { colon } = status;

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
    switch (checked?.source.kind) {
      case "stack":
        return words.sources.stack(checked.source.stack);
      case "file":
        // Not the folder: it is a machine's, the document is everybody's.
        return words.sources.file(path.basename(checked.source.file));
      default:
        return words.sources.process;
    }
  }

  /** The lead, what the checks said line by line, what the stack would have. */
  const howItStands = ({ stack }: Model, of: Database, planned: Content): Markdown => md`
${words.lead.is(of.checked ? words.lead.checked : words.lead.settings, of.title, lead(of))}

${fenced("", log(of))}

${planned ? words.planned(stack, planned) : words.notPlanned(stack, of.title)}

${of.checked && of.planned && of.off && words.notApplied(of.title)}

${of.checked && !of.planned && !of.off && words.notManaged(of.title)}
`;

  function lead({ state, mandatory, checked }: Database): Markdown {
    const { lead } = words;
    if (state === "well" && mandatory) return lead.mandatoryWell;
    const conflict = checked?.remarks.some(({ kind }) => kind === "type-conflict");
    return state === "warning" && conflict ? lead.conflict : lead[state];
  }

  function log({ name, title, off, checked }: Database): string[] {
    const { log } = words;
    if (off) return [`${marks.note} ${log.off[name]}`];
    if (checked === undefined) return [`${marks.unchecked} ${log.notChecked(title)}`];
    const { connected, version, latency } = checked.facts;
    const why = checked.problem && problemText(checked.problem);
    const number = version === undefined ? "" : log.version(`${title} ${version}`);
    return [
      connected && `${marks.good} ${log.connected(title)}${number}`,
      latency && `${marks.good} ${log.ping(title, latency.median, latency.tries)}`,
      why && `${marks.bad} ${connected ? log.unusable(title, why) : log.failed(title, why)}`,
      ...checked.remarks.map(
        (remark) =>
          `${remark.severity === "warning" ? marks.warning : marks.note} ${remarkIn(status, remark).says}`,
      ),
    ].filter((line) => typeof line === "string");
  }

  /** What failed, in one line; of a variable only what is wrong with it. */
  const problemText = ({ kind, mistakes = [] }: Problem): string =>
    [status.problems[kind], ...mistakes.map((mistake) => mistakeIn(status, mistake))].join("; ");

  /** Every variable of the contract that is this database's. */
  function variables({ backend }: Model, { title, off, variables }: Database): Markdown {
    const { given, onceActive, head, headOff, shown } = words.variables;
    const rows = variables.map(({ name, shown: of }) => {
      // What it would look like, where there is none yet.
      const example = off && name === "REDIS_URL" && `redis://${words.host}:[port]/[db]`;
      const value = of.kind === "value" ? code(of.text) : example ? code(example) : shown[of.kind];
      return [code(name), value, contract[name].description[words.language]];
    });
    return blocks([off ? onceActive(title) : given(backend.planned), table(off ? headOff : head, rows)]);
  }

  const connected = (label: string, { connected, off, mandatory }: Database): Markdown =>
    point(label, connected, ({ yes }) =>
      yes ? words.yes : off && !mandatory ? words.noButOptional : words.no,
    );

  const encryption = ({ tls }: { tls: TlsFacts }): string => tlsText(tls, status);

  /** As Python writes it. */
  function retries({ mongodb: { driver } }: Model): Markdown {
    const python = (on: boolean) => (on ? "True" : "False");
    return codes([`retryWrites=${python(driver.retryWrites)}`, `retryReads=${python(driver.retryReads)}`]);
  }

  /** One of the backend's tables. */
  function tableLine({ postgres }: Model, name: TableName, what: string): Markdown {
    const seen = postgres.table(name);
    if (typeof seen === "string") return md`- ${code(name)}${colon}${what}`;
    const there = seen.mark === marks.good ? words.present : words.missing;
    return md`- ${seen.mark} ${code(name)}${colon}${what} - ${there}`;
  }

  /** Whether the policy that was seen lets Redis be used for it. */
  function policy({ redis: { memory } }: Model, use: "cache" | "rateLimit" | "sessions"): Content {
    if (typeof memory === "string" || memory.policy === undefined) return undefined;
    return md` (${words.policy} ${code(memory.policy)}${colon}${status.facts.suitability[memory.uses[use]]})`;
  }

  const onlyApply = ({ stack }: Model, { title }: Database): Markdown =>
    blocks([words.onlyApply(title), fenced("sh", commands({ keys: [] }, stack))]);

  const setUp = (option: Option, m: Model): Markdown =>
    blocks([
      words.into(stackFile(m)),
      fenced("yaml", settingsYaml(option)),
      words.afterwards,
      fenced("sh", commands(option, m.stack)),
    ]);

  function servicesLead({ unasked, problem }: Backend): string {
    const { services: say } = words;
    if (problem) return say.failed(problemText(problem));
    if (unasked === undefined) return say.checked;
    return unasked === "unchecked"
      ? say.notChecked
      : `${say.notChecked} ${status.render.unchecked[unasked]}.`;
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
    const ways = differing(variables).map((way) => status.render[way](variables[way]));
    const differences = ways.length === 0 ? words.services.equal : ways.join(colon.replace(":", ";"));
    return live === undefined ? differences : `${differences}, ${status.render.current[live]}`;
  }

  /** A part for each: what, why, what to do. */
  const errors = ({ errors }: Model): Markdown =>
    blocks(errors.map((one) => ("problem" in one ? problemPart(one) : remarkPart(one))));

  function problemPart({ title, problem }: { title: string; problem: Problem }): Markdown {
    const { errors } = words;
    const what = problemText(problem);
    const causes = problem.causes.map((cause) => {
      const { because, next } = causeIn(status, cause);
      return md`**${because}**${colon}${linked(next)}`;
    });
    return md`
### ${title}${colon}${what} ${marks.bad}

**${errors.problem}**${colon}${what} (${errors.evidence}${colon}${code(problem.evidence)})

**${errors.causes}**${colon.trimEnd()}

${numbered(causes)}

${marks.bad} **${errors.statement}**${colon}${errors.standing[marks.bad]}
`;
  }

  function remarkPart({ title, remark }: { title: string; remark: Remark }): Markdown {
    const { errors } = words;
    const { says, next } = remarkIn(status, remark);
    return md`
### ${title}${colon}${says} ${marks.warning}

${next && md`**${errors.solution}**${colon}${linked(next)}`}

${remark.sql && fenced("sql", remark.sql)}

${marks.warning} **${errors.statement}**${colon}${errors.standing[marks.warning]}
`;
  }

  function configuration({ off, mandatory, complete, checked }: Database): string {
    const { configuration: say } = words;
    if (off) return mandatory ? say.incomplete : say.optional;
    if (checked === undefined) return say.planned;
    return complete ? say.complete : say.incomplete;
  }

  function nextStep(m: Model, { state, planned, mandatory }: Database, whenOff: string): Content {
    const { next } = words;
    if (state === "off") return planned ? next.apply(upCommand(m)) : whenOff;
    if (state === "unchecked") return next.unchecked(statusCommand(m));
    return state === "well" && mandatory ? next.mandatoryWell : next[state];
  }

  return {
    bytes: (count: number) => bytes(count, status),
    kinds: status.facts.topologyKinds,
    configuration,
    connected,
    encryption,
    errors,
    howItStands,
    nextStep,
    onlyApply,
    point,
    policy,
    retries,
    service,
    servicesLead,
    setUp,
    source,
    state,
    table: tableLine,
    tick,
    variables,
  };
}
