/** What `pulumi up` would do, as far as an approval is about it, and a digest of that. */
import { createHash } from "node:crypto";
import {
  type EngineEvent,
  isInternal,
  logicalName,
  type Metadata,
  type PolicyFinding,
  policyFindings,
} from "../../engine/cli/events.ts";
import { kindNamed } from "../../infra/resources.ts";
import { canonical, changedNames, secretsIn } from "./differences.ts";
import { driftIn } from "./drift.ts";
import { withoutName } from "./pulumi.ts";
import { isShown } from "./settings-behind.ts";

/** One property that changes. */
interface PropertyChange {
  name: string;
  /** `basic_1gb → basic_4gb`, where it is one value each and a setting in clear stands behind it. */
  value?: string;
  /** It holds a secret, and may change: the engine shows none, and the provider names also some that stay. */
  secret?: true;
}

/** One resource that the engine would change. */
export interface PreviewStep {
  op: string;
  /** Logical name. */
  name: string;
  type: string;
  /** What changes, top-level. */
  properties: PropertyChange[];
  /** Whether some of its properties are known only once what it depends on has changed: perhaps it stays as it is. */
  unsure: boolean;
  /** Whether somebody has changed it, or taken it away, without Pulumi. */
  drifted: boolean;
}

/** What an approval is of. */
export interface Preview {
  /** One for each resource: a replacement is one step here, although it is three for the engine. */
  steps: PreviewStep[];
  /**
   * Equal digests: the same operations on the same resources, which hold the same now, with the same inputs. Of a
   * secret input that it is one, and whether it changes; not its value, so that a digest may be shown to everybody.
   */
  digest: string;
  verdicts: PolicyFinding[];
}

/** Reads a preview: replaced and deleted resources come first. */
export function previewOf(events: readonly EngineEvent[]): Preview {
  const changes = events.flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? []).filter(isChange);
  const refreshed = events.filter(({ resOutputsEvent }) => resOutputsEvent?.metadata.op === "refresh");
  const drifted = new Set(driftIn(refreshed).map(({ resource, type }) => `${type} ${resource}`));
  const approved = changes.map(essence);
  approved.sort((a, b) => (`${a.urn} ${a.op}` < `${b.urn} ${b.op}` ? -1 : 1));
  return {
    steps: changes
      .filter(({ op }) => !/^(create-replacement|delete-replaced)$/.test(op))
      .map((one) => stepOf(one, drifted))
      .sort((a, b) => rank(a) - rank(b) || (`${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1)),
    digest: createHash("sha256").update(canonical(approved)).digest("hex"),
    verdicts: policyFindings(events).map((one) => ({
      ...one,
      message: withoutName(one.message, one.resource),
    })),
  };
}

/** Whether a step takes something away. */
export const takesAway = ({ op }: Pick<PreviewStep, "op">) => /delete|replace/.test(op);

const rank = (step: PreviewStep) => (takesAway(step) ? 0 : 1);

const isChange = ({ op, type }: Metadata) =>
  !["same", "refresh", "read"].includes(op) && !type.startsWith("pulumi:providers:");

/** Nothing that differs between two previews of the same thing: no order, no time, no place of a source file. */
function essence(step: Metadata) {
  const { op, urn, old, new: wanted, keys } = step;
  return {
    op,
    urn,
    id: old?.id,
    before: old?.inputs,
    after: wanted?.inputs,
    protect: [old?.protect === true, wanted?.protect === true],
    because: [...(keys ?? [])].sort(),
    secrets: secretsIn(step),
  };
}

function stepOf(step: Metadata, drifted: ReadonlySet<string>): PreviewStep {
  const { op, urn, type, old, new: wanted } = step;
  const [before, after] = [old?.inputs ?? {}, wanted?.inputs ?? {}];
  const changed = old && wanted ? changedNames(before, after) : [];
  const name = logicalName(urn);
  return {
    op,
    name,
    type,
    properties: [
      ...changed.map((property): PropertyChange => {
        const value = shownChange(type, property, [before[property], after[property]]);
        return { name: property, ...(value !== undefined && { value }) };
      }),
      ...secretsIn(step)
        .filter((secret) => !changed.includes(secret))
        .map((secret): PropertyChange => ({ name: secret, secret: true })),
    ],
    unsure: op === "update" && canonical(after).includes(unknown),
    drifted: !isInternal(type) && drifted.has(`${type} ${name}`),
  };
}

function shownChange(type: string, property: string, values: readonly unknown[]): string | undefined {
  const kind = kindNamed(type);
  const isPlain = values.every((value) => value === undefined || isShort(value));
  if (kind === undefined || !isShown(kind, property) || !isPlain) return undefined;
  return values.map((value) => (value === undefined ? "not set" : `${value}`)).join(" → ");
}

/** One value that is known and no secret. */
const isShort = (value: unknown) =>
  ["string", "number", "boolean"].includes(typeof value) && !["[secret]", unknown].includes(`${value}`);

/** What the engine writes for a value that only `up` makes. Source: sdk/nodejs/runtime/rpc.ts of Pulumi. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
