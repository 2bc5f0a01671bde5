/** What the parts of all three databases have in common. */
import { contract } from "../../../infra/contract.ts";
import type { CheckResult, Latency, Problem, TlsFacts } from "../../status/model.ts";
import type { Facts } from "../facts.ts";
import { type Block, bullets, cell, code, type Inline, type Item, type Mark, paragraph } from "../model.ts";
import type { View } from "../view.ts";
import type { Words } from "../words/index.ts";

/** What every part is made from. */
export interface Context {
  facts: Facts;
  words: Words;
}

/** How the databases are called in every language. */
export const names = { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" } as const;

/** A line that the checks wrote. */
export interface LogLine {
  mark: Mark;
  text: string;
}

/** `✅ **label** : value`; what nobody looked at says so. */
export function point({ words }: Context, label: string, seen: Item | undefined): Item {
  return seen === undefined
    ? { mark: "unchecked", content: words.labelled(label, [words.notChecked]) }
    : { ...seen, content: words.labelled(label, seen.content) };
}

/** How it stands: the lead, the log, what the stack would have. */
export function current(context: Context, view: View, planned: Inline | undefined): Block[] {
  const { facts, words } = context;
  const { differs, notPlanned, plannedBy } = words.databases;
  const { stack } = facts.planned;
  const name = names[view.name];
  const off = view.state === "off";
  const difference =
    view.checked === undefined || view.planned !== off
      ? []
      : [paragraph(off ? differs.notApplied(name) : differs.notManaged(name))];
  return [
    paragraph(lead(context, view)),
    { kind: "log", lines: log(context, view) },
    paragraph(planned ? plannedBy(stack, planned) : notPlanned(stack, name)),
    ...difference,
  ];
}

function lead({ words }: Context, { name, state, mandatory, checked }: View): Inline {
  const { lead } = words.databases;
  const title = names[name];
  if (checked === undefined) return state === "off" ? lead.uncheckedOff(title) : lead.unchecked(title);
  switch (state) {
    case "well":
      return lead.well(title, mandatory);
    case "warning":
      return checked.remarks.some(({ kind }) => kind === "type-conflict")
        ? lead.conflict(title)
        : lead.warning(title);
    case "off":
      return lead.off(title);
    default:
      return lead.failed(title);
  }
}

function log({ words }: Context, { name, state, checked }: View): LogLine[] {
  const { log } = words.databases;
  const title = names[name];
  if (state === "off") return [{ mark: "note", text: log.off[name] }];
  if (checked === undefined) return [{ mark: "unchecked", text: log.notChecked(title) }];
  const { facts, problem, remarks } = checked as CheckResult<{
    connected: boolean;
    version?: string;
    latency?: Latency;
  }>;
  const lines: LogLine[] = [];
  if (facts.connected)
    lines.push({ mark: "good", text: log.connected(title, version(title, facts.version)) });
  if (facts.latency) lines.push({ mark: "good", text: log.ping(title, facts.latency) });
  if (problem) {
    const why = problemText(words, problem);
    lines.push({ mark: "bad", text: facts.connected ? log.unusable(title, why) : log.failed(title, why) });
  }
  for (const remark of remarks)
    lines.push({
      mark: remark.severity === "warning" ? "warning" : "note",
      text: words.status.remark(remark).says,
    });
  return lines;
}

const version = (title: string, number: string | undefined) =>
  number === undefined ? undefined : `${title} ${number}`;

/** Every variable of the contract that is this database's. */
export function variables({ facts, words }: Context, view: View): Block[] {
  const { configure, activate, head, headOff } = words.databases.variables;
  const off = view.state === "off";
  const value = ({ name, shown }: View["variables"][number]): Item => {
    if (shown.kind === "value") return cell(code(shown.text));
    // What it would look like, where there is none yet.
    if (off && name === "REDIS_URL") return cell(code(`redis://${words.host}:[port]/[db]`));
    const wrong = shown.kind === "missing" || shown.kind === "invalid" || shown.kind === "hidden";
    return { content: words.shown[shown.kind], ...(wrong && { mark: "bad" as const }) };
  };
  return [
    paragraph(off ? activate(names[view.name]) : configure(facts.planned.services)),
    {
      kind: "table",
      head: off ? headOff : head,
      rows: view.variables.map((variable) => [
        cell(code(variable.name)),
        value(variable),
        cell(contract[variable.name].description[words.language]),
      ]),
    },
  ];
}

/** The first point of every status. */
export function connectedPoint(context: Context, { state, mandatory, checked }: View): Item {
  const { words } = context;
  const { connected, notOptional, offOptional } = words.databases.status;
  if (state === "off")
    return point(context, connected, {
      mark: mandatory ? "bad" : "note",
      content: [mandatory ? notOptional : offOptional],
    });
  if (checked === undefined) return point(context, connected, undefined);
  const yes = checked.facts.connected;
  return point(context, connected, { mark: yes ? "good" : "bad", content: [yes ? words.yes : words.no] });
}

export function tlsPoint(context: Context, tls: TlsFacts | undefined, view: View): Item {
  const { status } = context.words.databases;
  // On a private network there may be none, or one that proves nothing: the remarks say where that is a risk.
  const risk = view.checked?.remarks.some(
    ({ kind, severity }) => severity === "warning" && /^(no-tls|certificate-)/.test(kind),
  );
  const seen = (): Item | undefined => {
    if (tls === undefined) return undefined;
    const mark = risk ? "warning" : "note";
    if (!tls.on) return { mark, content: status.tlsOff };
    if (!tls.trusted) return { mark, content: status.untrusted(tls.untrustedBecause) };
    return {
      mark: risk || (tls.daysLeft ?? 0) < 0 ? "warning" : "good",
      content: status.tlsIs(tls.version, tls.validTo?.slice(0, 10), tls.daysLeft),
    };
  };
  return point(context, status.tls, seen());
}

/** A list of points; those of a database that is off are only the first. */
export const points = (view: View, first: Item, rest: readonly Item[]): Block =>
  bullets(view.state === "off" ? [first] : [first, ...rest]);

/** What failed, in one line; of a variable only what is wrong with it. */
export function problemText({ status }: Words, { kind, mistakes = [] }: Problem): string {
  return [status.problems[kind], ...mistakes.map(status.mistake)].join("; ");
}
