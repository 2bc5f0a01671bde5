/** What a look at a stack finds: drift, and how its databases and services are. For an issue that everybody may read. */
import path from "node:path";
import type { PolicyFinding } from "../../engine/cli/events.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { OpenStack } from "../accounts.ts";
import { root } from "../bundle.mjs";
import type { Document } from "../plan/markdown.ts";
import { failureText } from "../status/advice/index.ts";
import type { CauseCode } from "../status/advice/texts.ts";
import type { Problem, Status } from "../status/model.ts";
import { databaseNames as names } from "../status/place.ts";
import { strangersBeside } from "../status/strangers/index.ts";
import { type StrangersStatus, unlooked } from "../status/strangers/model.ts";
import { goneText, knownAdvice, strangerAdvice } from "../status/strangers/words.ts";
import { type Section, sectionsOf } from "../status/view.ts";
import { wordsIn } from "../status/words.ts";
import { plural } from "../terminal/amounts.ts";
import { capped, code, folded, prose, table } from "../terminal/markdown.ts";
import { type DriftReport, driftMarkdown, driftOf } from "./drift-report.ts";
import { withoutName } from "./pulumi.ts";

/** What was seen of a stack. A text says why one of them could not be seen. */
interface StackObservation {
  stack: string;
  drift: DriftReport | string;
  status: Status | string;
  strangers?: StrangersStatus;
  /** What a mandatory policy says of the state. */
  forbidden?: readonly PolicyFinding[];
}

/** What a look came to. */
export interface Watched {
  /** Nothing when there is nothing to say. */
  document?: Document;
  /** Whether drift and status could be looked at. */
  seen: boolean;
  /** What could not be looked at beside the stack, a line each. */
  unseen: string[];
}

/** Looks at a stack. */
export async function watched(workspace: Workspace, stack: string): Promise<Watched> {
  const drift = await driftOf(workspace.stack(stack)).catch(why);
  const status = await statusOfStack(stack).catch(why);
  const policies = await policiesOn(workspace, stack);
  const beside = await strangersBeside(new OpenStack(workspace, stack)).catch(unlooked);
  const strangers = { ...beside, unseen: [...beside.unseen, ...policies.unseen] };
  const document = report({ stack, drift, status, strangers, forbidden: policies.findings });
  const seen = typeof drift !== "string" && typeof status !== "string";
  return { ...(document && { document }), seen, unseen: strangers.unseen };
}

/**
 * A policy that has become stricter, or an exception whose time is over, is no change of anything: no preview would show
 * it. What is only advised against is for reviews to say.
 */
async function policiesOn(workspace: Workspace, stack: string) {
  const found = await workspace
    .stack(stack)
    .analyzed(path.join(root, "infra", "policies"))
    .catch(why);
  return typeof found === "string"
    ? { findings: [], unseen: [`what the policies say: ${found}`] }
    : { findings: found.filter(({ level }) => level === "mandatory"), unseen: [] };
}

async function statusOfStack(stack: string): Promise<Status> {
  const [{ environmentFrom }, { renderAccount, statusOf }] = await Promise.all([
    import("../status/sources.ts"),
    import("../status/run.ts"),
  ]);
  const account = renderAccount();
  return statusOf(await environmentFrom({ kind: "stack", stack }), { ...(account && { render: account }) });
}

function why(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

/** Undefined when there is no drift and nothing is wrong. */
export function report({
  stack,
  drift,
  status,
  strangers,
  forbidden = [],
}: StackObservation): Document | undefined {
  const troubles = typeof status === "string" ? [] : troublesIn(status);
  const { found = [], gone = [], unseen = [] } = strangers ?? {};
  const quiet = typeof drift !== "string" && drift.drift.length === 0 && typeof status !== "string";
  if (quiet && troubles.length + found.length + forbidden.length === 0) return undefined;
  const lead = [
    typeof drift === "string"
      ? `### ❔ Drift could not be looked for\n\n${prose(drift)}`
      : driftMarkdown(drift),
    ...(forbidden.length === 0 ? [] : [forbiddenMarkdown(forbidden)]),
    ...(found.length === 0 ? [] : [strangersMarkdown({ found, gone }, stack)]),
    typeof status === "string"
      ? `### ❔ Status could not be asked\n\n${prose(status)}`
      : troubles.length === 0
        ? "### ✅ All that can be seen from here is well"
        : statusMarkdown(troubles),
    "<sub>This issue is kept current by the nightly workflow, and closed when there is nothing left to say.</sub>",
  ].join("\n\n");
  const notes = typeof status === "string" ? [] : unreached(status);
  return {
    lead,
    details: [
      ...(notes.length === 0
        ? []
        : [folded("What cannot be reached from here, and is no alarm", notes.join("\n"))]),
      ...(unseen.length === 0
        ? []
        : [folded("What else could not be looked at", unseen.map((line) => `- ${prose(line)}`).join("\n"))]),
    ],
  };
}

function forbiddenMarkdown(findings: readonly PolicyFinding[]): string {
  const lines = findings.map(
    ({ policy, resource, message }) =>
      `- ${code(policy)}, ${code(resource)}: ${prose(withoutName(message, resource))}`,
  );
  return `### ⛔ Policies: ${plural(findings.length, "violation")} by what is there\n\n${capped(lines).join("\n")}`;
}

/** As in `status`, for an issue: what is to be copied stands in code, where nothing is escaped. */
function strangersMarkdown({ found, gone }: Pick<StrangersStatus, "found" | "gone">, stack: string): string {
  const rows = found.map((one) => {
    const { says, remove, adopt = "" } = strangerAdvice(one, stack, "en");
    const isCommand = /^(atlas|npx) /.test(remove);
    return [
      one.everybody ? "**everybody**" : "",
      prose(says),
      isCommand ? code(remove) : prose(remove),
      prose(adopt),
    ];
  });
  const notes = [knownAdvice(found, stack, "en"), ...goneText({ gone }, "en")];
  return [
    `### ⚠️ Beside the stack: ${plural(found.length, "thing")} that no stack knows`,
    table([["", "what", "to remove it", "to keep it"], ...rows]),
    ...notes.map(prose),
  ].join("\n\n");
}

function statusMarkdown(troubles: readonly Section[]): string {
  const lines = troubles.flatMap((section) => {
    const sign = section.state === "failed" ? "❌" : "⚠️";
    const first = section.trouble?.causes[0];
    const says = section.trouble
      ? `: ${prose(section.trouble.says)}${first ? ` (${prose(first.says)} → ${prose(first.next)})` : ""}`
      : section.remarks.length > 0
        ? ""
        : `: ${prose(section.lines.map(([, text]) => text).join(", "))}`;
    const remarks = section.remarks
      .filter(({ severity }) => severity === "warning")
      .map(({ says: text, next }) => `  - ${prose(text)}${next ? ` → ${prose(next)}` : ""}`);
    return [`- ${sign} ${prose(section.title)}${says}`, ...remarks];
  });
  const failed = troubles.some(({ state }) => state === "failed");
  return `### ${failed ? "❌ Not well" : "⚠️ Not all well"}\n\n${lines.join("\n")}`;
}

/** Causes that are about where one asks from: a runner of GitHub is outside of every access list, as it should be. */
const fromOutside: readonly CauseCode[] = ["access-list", "render-access-control", "private-network"];
const cannotSee = (problem: Problem | undefined) =>
  problem?.stage === "connecting" &&
  (problem.kind === "address-refused" || problem.causes.some((cause) => fromOutside.includes(cause)));

const words = wordsIn("en");

/**
 * Only titles, words of a known list, and names that the stack's own file has: no host, no value. Of services alone the
 * lines have none either.
 */
function troublesIn(status: Status): Section[] {
  return sectionsOf(status, words).flatMap((section, index) => {
    const name = names[index];
    if (name === undefined || !cannotSee(status.databases[name].problem))
      return section.state === "failed" || section.state === "warning"
        ? [{ ...section, lines: name === undefined ? section.lines : [] }]
        : [];
    // Of its credential the stack's state tells.
    const { trouble: _, ...rest } = section;
    return rest.remarks.length > 0 ? [{ ...rest, state: "warning" as const }] : [];
  });
}

function unreached(status: Status): string[] {
  return names.flatMap((name) => {
    const { problem } = status.databases[name];
    return problem && cannotSee(problem) ? `- ${words.databases[name]}: ${failureText(problem, "en")}` : [];
  });
}
