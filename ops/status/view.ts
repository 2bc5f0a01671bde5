/** A status in the order in which people read it, put into words: what a terminal and Markdown show in their ways. */

import { standing } from "../../infra/policies/budget.ts";
import { backupWords } from "../backups/words.ts";
import { type Advice, causesAdvice, failureText, mistakeText, remarkAdvice } from "./advice/index.ts";
import { type Line, mongodbLines, postgresLines, redisLines } from "./facts.ts";
import type { CheckResult, HealthState, Problem, RenderServiceStatus, Status } from "./model.ts";
import type { DatabaseName } from "./place.ts";
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
  const { mongodb, postgres, redis } = status.databases;
  return [
    database("mongodb", mongodb, mongodbLines(mongodb.facts, words), words),
    database("postgres", postgres, postgresLines(postgres.facts, words), words),
    database("redis", redis, redisLines(redis.facts, words), words),
    ...notInside(status, words),
    ...services(status, words),
    ...strangers(status, words),
    ...backups(status, words),
    ...cost(status, words),
  ];
}

export function titleOf({ source }: Status, { title, source: say }: Words): string {
  if (source.kind === "process") return title(say.process);
  return title(source.kind === "stack" ? say.stack(source.stack) : say.file(source.file));
}

/** What the exit code says, in a sentence. */
export function verdictOf({ ok, allWell }: Status, strict: boolean, { verdict }: Words): string {
  if (!ok) return verdict.failed;
  if (allWell) return verdict.allWell;
  return strict ? verdict.strict : verdict.ok;
}

/** Why nobody could be asked where the backend stands. */
function notInside({ notInside }: Status, { inside }: Words): Section[] {
  if (notInside === undefined) return [];
  const remarks = notInside.map((says) => ({ severity: "note" as const, says }));
  return [{ title: inside.title, state: "unchecked", lines: [], remarks }];
}

/** What somebody added beside the stack; without a word where nobody looked. */
function strangers({ strangers, source }: Status, { beside, language }: Words): Section[] {
  if (strangers === undefined || source.kind !== "stack") return [];
  const { state, found, unseen } = strangers;
  const { stack } = source;
  const note = (says: string) => ({ severity: "note" as const, says });
  const remarks = [
    ...found.map((one) => {
      const { says, remove, adopt } = strangerAdvice(one, stack, language);
      return { severity: "warning" as const, says, next: beside.next(remove, adopt) };
    }),
    ...(found.length === 0 ? [] : [note(knownAdvice(found, stack, language))]),
    ...goneText(strangers, language).map(note),
    ...unseen.map(note),
  ];
  return [{ title: beside.title, state, lines: state === "well" ? [["", beside.nothing]] : [], remarks }];
}

function database(name: DatabaseName, checked: CheckResult<unknown>, lines: Line[], words: Words): Section {
  const { state, from, seconds, problem, remarks, credential } = checked;
  const place: Line[] = from ? [[words.inside.label, words.inside.by(from.service, from.driver)]] : [];
  const age: Line[] = credential ? [[words.credential.label, words.credential.age(credential)]] : [];
  return {
    title: name === "mongodb" ? words.databases[name] : `${words.databases[name]} (${words.optional})`,
    state,
    // Of what was not asked there is no time.
    ...(seconds > 0 && { seconds }),
    lines: state === "off" ? [] : [...place, ...lines, ...age],
    ...(problem && { trouble: troubleOf(problem, words) }),
    remarks: remarks.map((remark) => ({
      severity: remark.severity,
      ...remarkAdvice(remark, words.language),
    })),
  };
}

function troubleOf(problem: Problem, words: Words): NonNullable<Section["trouble"]> {
  const { evidence, variables, mistakes } = problem;
  const { labels, language } = words;
  const details: Line[] = mistakes
    ? mistakes.map((mistake): Line => [labels.problem, mistakeText(mistake, language)])
    : [
        [labels.evidence, evidence],
        ...(variables.length > 0 ? [[labels.variables, variables.join(", ")] satisfies Line] : []),
      ];
  return { says: failureText(problem, language), details, causes: causesAdvice(problem, language) };
}

function services({ render }: Status, words: Words): Section[] {
  const { title, unchecked } = words.render;
  if (render.state === "unchecked")
    return [
      {
        title,
        state: "unchecked",
        lines: [],
        remarks: [{ severity: "note", says: unchecked[render.reason] }],
      },
    ];
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
function cost({ cost }: Status, { cost: say }: Words): Section[] {
  if (cost?.budget === undefined) return [];
  const says = say.says(cost, cost.budget);
  const state = standing(cost, cost.budget) === "within" ? "well" : "warning";
  const uncounted = cost.unknown.map((name) => ({ severity: "note" as const, says: say.unknown(name) }));
  const warning = { severity: "warning" as const, says, next: say.next };
  return [
    {
      title: say.title,
      state,
      lines: state === "well" ? [["", says]] : [],
      remarks: [...(state === "warning" ? [warning] : []), ...uncounted],
    },
  ];
}

function serviceSection(service: RenderServiceStatus, words: Words): Section {
  const { render: say } = words;
  const { name, id, state, problem, lastDeploy, liveDeploy, suspended, liveWithCurrentVariables, variables } =
    service;
  const says: string[] = [];
  if (lastDeploy) says.push(say.lastDeploy(lastDeploy.status, lastDeploy.createdAt));
  else if (!problem) says.push(say.noDeploy);
  if (liveDeploy) says.push(say.liveDeploy(liveDeploy.createdAt));
  if (liveWithCurrentVariables) says.push(say.current[liveWithCurrentVariables]);
  const counted = variables && [...variables.equal, ...variables.differ, ...variables.missing].length;
  if (variables && counted !== undefined) says.push(say.equal(variables.equal.length, counted));
  const wrong = (["differ", "missing", "extra", "shadowed"] as const).flatMap((kind) =>
    variables && variables[kind].length > 0 ? [say[kind](variables[kind])] : [],
  );
  return {
    title: `${say.title}${words.colon}${name}${name === id ? "" : ` (${id})`}`,
    state,
    lines: says.map((text): Line => ["", text]),
    ...(problem && { trouble: troubleOf(problem, words) }),
    remarks: [
      ...(suspended ? [[say.suspended, say.resume] as const] : []),
      ...wrong.map((text) => [text, say.redeploy] as const),
    ].map(([text, next]) => ({ severity: "warning" as const, says: text, next })),
  };
}
