/** What a step of a preview changes. */
import { changedProperties, logicalName, type Metadata } from "../../engine/cli/events.ts";
import type { PlannedStep } from "./judge.ts";

/**
 * Paths of the inputs that differ. The engine's own reasons name computed properties, too, whenever anything differs;
 * so they count only where a secret hides whether there is a difference. Of variables those are named whose difference
 * can be seen.
 */
function differences(step: Metadata): string[] {
  const reasons = changedProperties(step);
  const [before, after] = [step.old?.inputs ?? {}, step.new?.inputs ?? {}];
  const hidden = reasons.filter((name) => JSON.stringify([before[name], after[name]]).includes("[secret]"));
  const paths = new Set([...changedKeys(before, after), ...hidden]);
  if (paths.has("envVars"))
    for (const name of changedKeys(before.envVars ?? {}, after.envVars ?? {})) paths.add(`envVars.${name}`);
  return paths.size > 0 ? [...paths] : reasons;
}

function changedKeys(before: object, after: object): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)));
}

/** A step in short. */
export const plannedStep = (step: Metadata): PlannedStep => ({
  op: step.op,
  name: logicalName(step.urn),
  type: step.type,
  diff: differences(step),
});
