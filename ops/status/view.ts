/** A status in the order in which people read it, put into words: what a terminal and Markdown show in their ways. */
import { standing } from "../../infra/policies/budget.ts";
import { backupWords } from "../backups/words.ts";
import { list } from "../terminal/amounts.ts";
import { countIn, decimalIn } from "../terminal/language.ts";
import { type Advice, causesAdvice, failureText, mistakeText, remarkAdvice } from "./advice/index.ts";
import { factsLines, type Line } from "./facts.ts";
import type { HealthState, Problem, RenderServiceStatus, Status } from "./model.ts";
import { type DatabaseName, databaseNames } from "./place.ts";
import { goneText, knownAdvice, strangerAdvice } from "./strangers/words.ts";
import type { Words } from "./words.ts";

/** One thing that was checked. */
export interface Section {
  title: string;
  state: HealthState | "unchecked";
  seconds?: number;
  lines: Line[];
  /** What is wrong, and what to do: the first line says it, `next` is the likeliest way out. */
  trouble?: { says: string; details: Line[]; causes: Required<Advice>[] };
  remarks: (Advice & { severity: "warning" | "note" })[];
}

export function sectionsOf(status: Status, words: Words): Section[] {
  return [
    ...databaseNames.map((name) => database(name, status, words)),
    ...notInside(status, words),
    ...services(status, words),
    ...strangers(status, words),
    ...backups(status, words),
    ...cost(status, words),
  ];
}

export const titleOf = ({ source }: Status, { fill, title, source: say }: Words): string =>
  fill(title, { source: fill(say[source.kind], source) });

/** What the exit code says, in a sentence. */
export function verdictOf({ ok, allWell }: Status, strict: boolean, { verdict }: Words): string {
  if (!ok) return verdict.failed;
  if (allWell) return verdict.allWell;
  return strict ? verdict.strict : verdict.ok;
}

export const timeText = (seconds: number, { language }: Words): string =>
  `${decimalIn(language, seconds.toFixed(2))} s`;

const note = (says: string) => ({ severity: "note" as const, says });
const warning = (says: string, next: string) => ({ severity: "warning" as const, says, next });

/** Why nobody could be asked where the backend stands. */
function notInside({ notInside }: Status, { inside }: Words): Section[] {
  if (notInside === undefined) return [];
  return [{ title: inside.title, state: "unchecked", lines: [], remarks: notInside.map(note) }];
}

/** What somebody added beside the stack; without a word where nobody looked. */
function strangers({ strangers, source }: Status, { beside, fill, language }: Words): Section[] {
  if (strangers === undefined || source.kind !== "stack") return [];
  const { state, found, unseen } = strangers;
  const { stack } = source;
  const remarks = [
    ...found.map((one) => {
      const { says, remove, adopt } = strangerAdvice(one, stack, language);
      const keep = adopt === undefined ? "" : fill(beside.adopt, { adopt });
      return warning(says, `${fill(beside.remove, { remove })}${keep}`);
    }),
    ...(found.length === 0 ? [] : [note(knownAdvice(found, stack, language))]),
    ...goneText(strangers, language).map(note),
    ...unseen.map(note),
  ];
  return [{ title: beside.title, state, lines: state === "well" ? [["", beside.nothing]] : [], remarks }];
}

function database(name: DatabaseName, { databases }: Status, words: Words): Section {
  const { state, from, seconds, problem, remarks, credential, facts } = databases[name];
  const { language, inside, credential: say } = words;
  const by = from && (from.driver === undefined ? from.service : words.fill(inside.by, from));
  const place: Line[] = by ? [[inside.label, by]] : [];
  const age: Line[] = credential ? [[say.label, ageText(credential, words)]] : [];
  return {
    title: name === "mongodb" ? words.databases[name] : `${words.databases[name]} (${words.optional})`,
    state,
    // Of what was not asked there is no time.
    ...(seconds > 0 && { seconds }),
    lines: state === "off" ? [] : [...place, ...factsLines(name, facts, words), ...age],
    ...(problem && { trouble: troubleOf(problem, words) }),
    remarks: remarks.map((remark) => ({
      severity: remark.severity,
      ...remarkAdvice(remark, language),
    })),
  };
}

type Credential = NonNullable<Status["databases"]["mongodb"]["credential"]>;

function ageText(
  { number, since, days = 0 }: Credential,
  { language, fill, credential: say }: Words,
): string {
  if (since === undefined) return fill(say.unknown, { number });
  const age = countIn(language, days, ["day"], ["jour"]);
  return fill(say.age, { number, day: since.slice(0, 10), days: age });
}

function troubleOf(problem: Problem, words: Words): NonNullable<Section["trouble"]> {
  const { evidence, variables, mistakes } = problem;
  const { labels, language } = words;
  const details: Line[] = mistakes
    ? mistakes.map((mistake): Line => [labels.problem, mistakeText(mistake, language)])
    : [
        [labels.evidence, evidence],
        ...(variables.length > 0 ? [[labels.variables, list(variables)] satisfies Line] : []),
      ];
  return { says: failureText(problem, language), details, causes: causesAdvice(problem, language) };
}

function services({ render }: Status, words: Words): Section[] {
  const { title, unchecked } = words.render;
  if (render.state === "unchecked")
    return [{ title, state: "unchecked", lines: [], remarks: [note(unchecked[render.reason])] }];
  const { state, seconds, problem } = render;
  if (problem) return [{ title, state, seconds, lines: [], remarks: [], trouble: troubleOf(problem, words) }];
  return render.services.map((service) => serviceSection(service, words));
}

/** Whether there is a backup, and whether anybody has ever restored one. */
function backups({ backups: all = [], source }: Status, { language }: Words): Section[] {
  if (all.length === 0) return [];
  const { title, lines, remarks } = backupWords(language, source.kind === "stack" ? source.stack : undefined);
  const states = all.map(({ state }) => state);
  const state = (["warning", "unchecked"] as const).find((one) => states.includes(one)) ?? "well";
  return [{ title, state, lines: lines(all), remarks: all.flatMap(remarks) }];
}

/** From four fifths of the budget on it warns; what has no price is said and not counted. */
function cost({ cost }: Status, { language, fill, cost: say }: Words): Section[] {
  if (cost?.budget === undefined) return [];
  const { from, to = from, budget, unknown } = cost;
  const state = standing(cost, budget) === "within" ? "well" : "warning";
  const amount = (value: number) => fill(say.amount, { amount: decimalIn(language, value.toFixed(2)) });
  const says = fill(say.says, {
    sum: to > from ? `${amount(from)} – ${amount(to)}` : amount(from),
    budget: amount(budget),
    share: Math.round((to / budget) * 100),
  });
  const uncounted = unknown.map((name) => note(fill(say.unknown, { name })));
  return [
    {
      title: say.title,
      state,
      lines: state === "well" ? [["", says]] : [],
      remarks: [...(state === "warning" ? [warning(says, say.next)] : []), ...uncounted],
    },
  ];
}

function serviceSection(service: RenderServiceStatus, words: Words): Section {
  const { fill, render: say } = words;
  const { name, id, state, problem, lastDeploy, liveDeploy, suspended, liveWithCurrentVariables, variables } =
    service;
  const { equal = [], differ = [], missing = [] } = variables ?? {};
  const all = equal.length + differ.length + missing.length;
  const says = [
    lastDeploy ? fill(say.lastDeploy, lastDeploy) : !problem && say.noDeploy,
    fill(say.liveDeploy, liveDeploy),
    liveWithCurrentVariables && say.current[liveWithCurrentVariables],
    variables && fill(say.equal, { number: equal.length, all }),
  ];
  return {
    title: `${say.title}${words.colon}${name}${name === id ? "" : ` (${id})`}`,
    state,
    lines: says.flatMap((text): Line[] => (text ? [["", text]] : [])),
    ...(problem && { trouble: troubleOf(problem, words) }),
    remarks: [
      ...(suspended ? [warning(say.suspended, say.resume)] : []),
      ...differences(variables, words).map((text) => warning(text, say.redeploy)),
    ],
  };
}

/** In which ways the variables of a service are not those of the contract, and which. */
export const differences = (
  variables: RenderServiceStatus["variables"],
  { fill, render: say }: Words,
): string[] =>
  (["differ", "missing", "extra", "shadowed"] as const).flatMap((way) => {
    const names = variables?.[way] ?? [];
    return names.length > 0 ? [fill(say[way], { names })] : [];
  });
