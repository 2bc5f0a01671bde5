/** What a stack costs per month, by its resources. What is not known is named, never guessed. */

import { kindOf } from "../../infra/resources.ts";
import type { Settings } from "../../infra/settings/schema.ts";
import { isUnknown, type Value } from "../plan/model.ts";
import { plural } from "../terminal/amounts.ts";
import type { Cost, CostLine } from "./model.ts";
import { currency, type FamilyName, outdated, type Price, priceOf, sourceOf } from "./prices.ts";

/** What the resources do not say themselves. */
export interface CostFacts {
  /** `kairos:budget`, US dollars a month. */
  budget?: number | undefined;
  /** The plan of Redis Cloud by name: the resource has a number that is looked up at `up`. */
  redisCloudPlan?: string | undefined;
  now: Date;
}

/** As much of a resource as its cost depends on. */
interface Priced<Input = unknown> {
  name: string;
  type: string;
  component?: boolean;
  inputs: Readonly<Record<string, Input>>;
}
type PricedResource = Priced<Value>;

/** The plan that people know by its name; the resource gets the number that Redis Cloud looks up. */
export const redisCloudPlan = ({ redis }: Settings): string | undefined =>
  redis.provider === "redis-cloud" ? redis.plan : undefined;

/** The monthly cost of a stack's resources, as far as the price table knows it. */
export function estimate(resources: readonly Priced[], { now, redisCloudPlan, budget }: CostFacts): Cost {
  const lines = resources
    .filter(({ component, type }) => !component && !costsNothing(type))
    .map((resource) => costOf(resource as PricedResource, redisCloudPlan));
  const known = lines.filter((line) => line.from !== undefined);
  const open = known.some(({ to }) => to === undefined);
  const sources = known.flatMap(({ page, date }) => (page && date ? [{ page, date }] : []));
  return {
    currency,
    lines,
    from: cents(known.reduce((sum, { from = 0 }) => sum + from, 0)),
    ...(!open && { to: cents(known.reduce((sum, { to = 0 }) => sum + to, 0)) }),
    ...(budget !== undefined && { budget }),
    unknown: lines.filter(({ from }) => from === undefined).map(({ resource }) => resource),
    warnings: outdated(sources, now),
  };
}

/** What has no plan costs nothing by itself, at any vendor; what nobody has heard of may. */
const costsNothing = (type: string) =>
  /^(pulumi|kairos|random):/.test(type) || (kindOf(type) !== undefined && kindOf(type)?.plan === undefined);

function costOf(resource: PricedResource, redisCloudPlan: string | undefined): CostLine {
  const { type, inputs, name } = resource;
  const family = kindOf(type)?.plan?.family;
  switch (family) {
    case "service":
    case "cron":
    case "key-value":
      return priced(name, `render-${family}`, inputs.plan, { count: inputs.numInstances ?? 1 });
    case "dedicated-ips":
      return priced(name, "render-dedicated-ips", "set");
    case "postgres":
      return postgres(resource);
    case "cluster":
      return cluster(resource);
    case "upstash":
      return upstash(resource);
    case "redis-cloud":
      return priced(name, family, redisCloudPlan ?? { $unknown: true });
    case undefined:
      return { resource: name, what: "", why: `no price is known for ${type}` };
  }
}

interface Extra {
  count?: Value;
  /** What else is paid for each month, exactly. */
  plus?: number;
  /** What comes on top and has no price here: the line is then a lower bound. */
  more?: string[];
}

function priced(
  resource: string,
  family: FamilyName,
  plan: Value | undefined,
  { count = 1, plus = 0, more = [] }: Extra = {},
): CostLine {
  if (typeof plan !== "string")
    return {
      resource,
      what: "",
      why: isUnknown(plan) ? "the plan is not known before up" : "no plan is set",
    };
  if (typeof count !== "number") return { resource, what: plan, why: "how many is not known before up" };
  const price = priceOf(family, plan);
  const what = count === 1 ? plan : `${count} × ${plan}`;
  if (price === undefined) return { resource, what, why: `the price table has no price for ${plan}` };
  const total = sum(price, count, plus, more);
  return {
    resource,
    what,
    ...total,
    ...(more.length > 0 && { why: `plus ${more.join(", ")}` }),
    ...sourceOf(family, plan),
  };
}

function sum({ from, to }: Price, count: number, plus: number, more: readonly string[]) {
  const exact = to !== undefined && more.length === 0;
  return { from: cents(from * count + plus), ...(exact && { to: cents(to * count + plus) }) };
}

function postgres({ name, inputs }: PricedResource): CostLine {
  const { plan, diskSizeGb, readReplicas, highAvailabilityEnabled } = inputs;
  const perGb = priceOf("render-postgres-disk", "gb")?.from;
  const replicas = Array.isArray(readReplicas) ? readReplicas.length : 0;
  const isPaid = plan !== "free";
  const knowsDisk = typeof diskSizeGb === "number" && perGb !== undefined;
  return priced(name, "render-postgres", plan, {
    plus: isPaid && knowsDisk ? diskSizeGb * perGb : 0,
    more: [
      ...(isPaid && !knowsDisk
        ? [`its disk${perGb === undefined ? "" : ` ($${perGb.toFixed(2)} per GB)`}`]
        : []),
      ...(highAvailabilityEnabled === true ? ["the standby"] : []),
      ...(replicas > 0 ? [plural(replicas, "read replica")] : []),
    ],
  });
}

function cluster({ name, inputs }: PricedResource): CostLine {
  const region = first(first(inputs.replicationSpecs).regionConfigs);
  const specs = region.electableSpecs as Record<string, Value> | undefined;
  const scaling = region.autoScaling as Record<string, Value> | undefined;
  const tier = region.providerName === "FLEX" ? "FLEX" : specs?.instanceSize;
  return priced(name, "atlas", scaling?.computeMinInstanceSize ?? tier, {
    more: [
      ...(specs?.diskSizeGb === undefined ? [] : ["a disk of another size"]),
      ...(scaling?.computeMaxInstanceSize === undefined
        ? []
        : [`what autoscaling adds, up to ${scaling.computeMaxInstanceSize}`]),
      ...(inputs.pitEnabled === true ? ["backups"] : []),
    ],
  });
}

/** Pay as you go: nothing at least, and at most the budget, above which Upstash stops serving. */
function upstash({ name, inputs }: PricedResource): CostLine {
  const line = priced(name, "upstash", "pay-as-you-go");
  return typeof inputs.budget === "number" ? { ...line, to: inputs.budget } : line;
}

function first(list: Value | undefined): Record<string, Value> {
  const [item] = Array.isArray(list) ? list : [];
  return typeof item === "object" && item !== null ? (item as Record<string, Value>) : {};
}

const cents = (amount: number) => Math.round(amount * 100) / 100;
