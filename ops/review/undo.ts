/** What the next `up --refresh` does about a change that somebody made at a vendor, read off the events of its preview. */
import { changedProperties, type EngineEvent, type Metadata } from "../../engine/cli/events.ts";
import { canonical } from "./differences.ts";
import type { Drift } from "./drift.ts";

/**
 * `undone`: set back in place. `replaced`: set back by deleting the resource and creating it anew. `created`: what is gone is
 * made anew, empty. `left`: the stack has a value for it and leaves the vendor's (`ignoreChanges`). `not sent`: the stack
 * says nothing of it. `unknown`: there is no preview.
 */
export type Undo = "undone" | "replaced" | "created" | "left" | "not sent" | "unknown";

/** @param preview events of `pulumi preview --refresh`; undefined where there is none */
export function undoOf(
  { urn, what }: Pick<Drift, "urn" | "what">,
  property: string | undefined,
  preview: readonly EngineEvent[] | undefined,
): Undo {
  if (preview === undefined) return "unknown";
  const own = preview
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter((step) => step.urn === urn);
  const step = own.find(({ op }) => /^(create|update|replace)$/.test(op));
  if (what === "gone") return step?.op === "create" ? "created" : "left";
  if (property !== undefined && step !== undefined && changes(step, property))
    return step.op === "replace" && step.keys?.some((key) => top(key) === property) ? "replaced" : "undone";
  // The last step is the program's; the first ones say what was refreshed.
  const inputs = own.at(-1)?.new?.inputs ?? {};
  return property !== undefined && property in inputs ? "left" : "not sent";
}

/** The part of a path that names a property of the resource itself. */
const top = (path: string) => path.split(/[.[]/)[0];

/** Whether a step changes a property: by what it sends, or by what the provider says of it. */
function changes(step: Metadata, property: string): boolean {
  const [before, after] = [step.old?.inputs?.[property], step.new?.inputs?.[property]];
  if (canonical(before) !== canonical(after)) return true;
  // Providers also name some properties that stay as they are; of a secret nothing else can be seen.
  return (
    canonical(after).includes('"[secret]"') && changedProperties(step).some((path) => top(path) === property)
  );
}
