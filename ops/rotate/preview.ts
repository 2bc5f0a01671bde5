/** Reads what `pulumi preview --json` prints. */
import type { PlannedStep } from "./judge.ts";
import { logicalName } from "./state.ts";

/** What `pulumi preview --json` prints. */
export interface Preview {
  steps?: PreviewStep[];
  diagnostics?: { severity: string; message: string }[];
}

/** A step as `pulumi preview --json` shows it; secrets are `[secret]`. */
export interface PreviewStep {
  op: string;
  urn: string;
  detailedDiff?: { [path: string]: unknown } | null;
  diffReasons?: string[] | null;
  newState?: PreviewState;
  oldState?: PreviewState;
}

interface PreviewState {
  type: string;
  inputs?: { [name: string]: unknown };
}

/**
 * Paths of the inputs that differ. The engine's own reasons name computed properties, too, whenever anything differs;
 * so they count only where a secret hides whether there is a difference. Of variables those are named whose difference
 * can be seen.
 */
export function differences({ detailedDiff, diffReasons, oldState, newState }: PreviewStep): string[] {
  const reasons = [...new Set([...(diffReasons ?? []), ...Object.keys(detailedDiff ?? {})])];
  const [before, after] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
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
export const plannedStep = (step: PreviewStep): PlannedStep => ({
  op: step.op,
  name: logicalName(step.urn),
  type: (step.newState ?? step.oldState)?.type ?? "",
  diff: differences(step),
});
