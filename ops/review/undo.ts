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
  const steps = preview.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []);
  const own = steps.filter((step) => step.urn === urn && !["same", "refresh", "read"].includes(step.op));
  if (what === "gone") return own.some(({ op }) => op === "create") ? "created" : "left";
  const step = own.find(({ op }) => op === "replace" || op === "update") ?? own[0];
  if (property !== undefined && step !== undefined && changes(step, property))
    return /replace/.test(step.op) && (step.keys ?? []).some((key) => top(key) === property)
      ? "replaced"
      : "undone";
  const known = steps.find((one) => one.urn === urn) ?? step;
  return property !== undefined && property in (known?.new?.inputs ?? known?.old?.inputs ?? {})
    ? "left"
    : "not sent";
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
