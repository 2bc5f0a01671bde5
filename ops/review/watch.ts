/** What a look at a stack finds: drift, and how its databases and services are. For an issue that everybody may read. */
import type { Stack } from "../../engine/cli/stack.ts";
import { UserError } from "../../engine/errors.ts";
import type { Document } from "../plan/markdown.ts";
import type { CauseCode } from "../status/advice/causes.ts";
import { failureText } from "../status/advice/index.ts";
import type { Problem, Status } from "../status/model.ts";
import { databaseNames as names } from "../status/place.ts";
import { type Section, sectionsOf } from "../status/view.ts";
import { wordsIn } from "../status/words.ts";
import { capped, code, folded, prose, table } from "../terminal/markdown.ts";
import { type Drift, driftIn } from "./drift.ts";
import { refreshed } from "./pulumi.ts";

/** What was seen of a stack. A text says why one of them could not be seen. */
interface StackObservation {
  stack: string;
  drift: Drift[] | string;
  status: Status | string;
}

/** Looks at a stack. @returns no document when there is nothing to say; `seen`: whether everything could be looked at */
export async function watched(stack: Stack): Promise<{ document?: Document; seen: boolean }> {
  const drift = await refreshed(stack).then(driftIn, why);
  const status = await statusOfStack(stack.name).catch(why);
  const document = report({ stack: stack.name, drift, status });
  const seen = typeof drift !== "string" && typeof status !== "string";
  return { ...(document && { document }), seen };
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
export function report({ stack, drift, status }: StackObservation): Document | undefined {
  const troubles = typeof status === "string" ? [] : troublesIn(status);
  const quiet = typeof drift !== "string" && drift.length === 0 && typeof status !== "string";
  if (quiet && troubles.length === 0) return undefined;
  const lead = [
    typeof drift === "string"
      ? `### ❔ Drift could not be looked for\n\n${prose(drift)}`
      : drift.length === 0
        ? "### ✅ No drift"
        : driftMarkdown(stack, drift),
    typeof status === "string"
      ? `### ❔ Status could not be asked\n\n${prose(status)}`
      : troubles.length === 0
        ? "### ✅ All that can be seen from here is well"
        : statusMarkdown(troubles),
    "<sub>This issue is kept current by the nightly workflow, and closed when there is nothing left to say.</sub>",
  ].join("\n\n");
  const notes = typeof status === "string" ? [] : unseen(status);
  return {
    lead,
    details:
      notes.length === 0
        ? []
        : [folded("What cannot be reached from here, and is no alarm", notes.join("\n"))],
  };
}

function driftMarkdown(stack: string, drift: readonly Drift[]): string {
  const rows = drift.map(({ resource, type, what, properties, secrets }) => [
    what === "gone" ? "**gone**" : "changed",
    code(resource),
    code(type),
    capped([...properties.map(code), ...secrets.map((name) => `${code(name)} (secret)`)]).join(", "),
  ]);
  return [
    `### ⚠️ Drift: ${drift.length} resource${drift.length === 1 ? " is" : "s are"} not as Pulumi left ${drift.length === 1 ? "it" : "them"}`,
    table([["", "resource", "type", "properties"], ...rows]),
    `See the values: ${code(`pulumi preview --refresh --diff --stack ${stack}`)}. To undo what was done by hand: ${code(`pulumi up --refresh --stack ${stack}`)}. To keep it: put it into ${code(`Pulumi.${stack}.yaml`)}.`,
  ].join("\n\n");
}

function statusMarkdown(troubles: readonly Section[]): string {
  const lines = troubles.flatMap((section) => {
    const sign = section.state === "failed" ? "❌" : "⚠️";
    const first = section.trouble?.causes[0];
    const says = section.trouble
      ? `: ${prose(section.trouble.says)}${first ? ` (${prose(first.says)} → ${prose(first.next)})` : ""}`
      : "";
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

/** Only titles, words of a known list, and names that the stack's own file has: no host, no value. */
function troublesIn(status: Status): Section[] {
  return sectionsOf(status, words).flatMap((section, index) => {
    const name = names[index];
    if (name === undefined || !cannotSee(status.databases[name].problem))
      return section.state === "failed" || section.state === "warning" ? [section] : [];
    // Of its credential the stack's state tells.
    const { trouble: _, ...rest } = section;
    return rest.remarks.length > 0 ? [{ ...rest, state: "warning" as const }] : [];
  });
}

function unseen(status: Status): string[] {
  return names.flatMap((name) => {
    const { problem } = status.databases[name];
    return problem && cannotSee(problem) ? `- ${words.databases[name]}: ${failureText(problem, "en")}` : [];
  });
}
