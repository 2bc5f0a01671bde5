/** What `pulumi preview --json` says, as far as an approval is about it, and a digest of that. */
import { createHash } from "node:crypto";

/** One step of a preview; source: sdk/go/common/display/json.go of Pulumi. */
interface Step {
  op: string;
  urn: string;
  oldState?: State;
  newState?: State;
  replaceReasons?: string[];
}
interface State {
  type: string;
  inputs?: Record<string, unknown>;
  protect?: boolean;
}

/** What the engine printed. */
export interface PreviewJson {
  steps?: Step[];
}

/** One resource that the engine would change. */
export interface PreviewStep {
  op: string;
  /** Logical name. */
  name: string;
  type: string;
  /** Names of the properties that change; values stay with the engine. */
  properties: string[];
}

/** What an approval is of. */
export interface Preview {
  steps: PreviewStep[];
  /** Equal digests: the same operations on the same resources with the same inputs. Of a secret input only that it is one. */
  digest: string;
}

/** Reads a preview: replaced and deleted resources come first. */
export function previewOf({ steps = [] }: PreviewJson): Preview {
  const changes = steps.filter(({ op }) => op !== "same" && op !== "refresh" && op !== "read");
  const approved = changes.map(({ op, urn, oldState, newState, replaceReasons }) => ({
    op,
    urn,
    before: oldState?.inputs,
    after: newState?.inputs,
    protect: newState?.protect,
    because: replaceReasons === undefined ? [] : [...replaceReasons].sort(),
  }));
  approved.sort((a, b) => (`${a.urn} ${a.op}` < `${b.urn} ${b.op}` ? -1 : 1));
  return {
    steps: changes.map(stepOf).sort((a, b) => rank(a) - rank(b)),
    digest: createHash("sha256").update(canonical(approved)).digest("hex"),
  };
}

/** Whether a step takes something away. */
export const takesAway = ({ op }: Pick<PreviewStep, "op">) => /delete|replace/.test(op);

const rank = (step: PreviewStep) => (takesAway(step) ? 0 : 1);

function stepOf({ op, urn, oldState, newState }: Step): PreviewStep {
  const [before, after] = [oldState?.inputs ?? {}, newState?.inputs ?? {}];
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])];
  const properties =
    oldState === undefined || newState === undefined
      ? []
      : names.filter((name) => !name.startsWith("__") && canonical(before[name]) !== canonical(after[name]));
  return { op, name: nameIn(urn), type: newState?.type ?? oldState?.type ?? "", properties };
}

/** The last part of a URN. */
export const nameIn = (urn: string) => urn.split("::").at(-1) ?? urn;

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}
