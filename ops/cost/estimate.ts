/** What a stack costs per month, by its resources. What is not known is named, never guessed. */
import { at, kindOf, type PlanFamily } from "../../infra/resources.ts";
import type { Settings } from "../../infra/settings/schema.ts";
import { isUnknown } from "../plan/model.ts";
import { plural } from "../terminal/amounts.ts";
import type { Cost, CostLine } from "./model.ts";
import { cents, currency, type FamilyName, outdated, priceOf, sourceOf } from "./prices.ts";

/** What the resources do not say themselves. */
export interface CostFacts {
  /** `kairos:budget`, US dollars a month. */
  budget?: number | undefined;
  /** The plan of Redis Cloud by name: the resource has a number that is looked up at `up`. */
  redisCloudPlan?: string | undefined;
  now: Date;
}

type Inputs = Readonly<Record<string, unknown>>;

/** As much of a resource as its cost depends on. */
interface Priced {
  name: string;
  type: string;
  component?: boolean;
  inputs: Inputs;
}

/** The plan that people know by its name; the resource gets the number that Redis Cloud looks up. */
export const redisCloudPlan = ({ redis }: Settings): string | undefined =>
  redis.provider === "redis-cloud" ? redis.plan : undefined;

/** The monthly cost of a stack's resources, as far as the price table knows it. */
export function estimate(resources: readonly Priced[], { now, redisCloudPlan, budget }: CostFacts): Cost {
  const lines = resources
    .filter(({ component, type }) => !component && !costsNothing(type))
    .map((resource) => costOf(resource, redisCloudPlan));
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

/** What is paid besides the plan itself. */
interface Extra {
  /** How many of it there are; 1 by default. */
  count?: unknown;
  /** What else is paid for each month, exactly. */
  plus?: number;
  /** What comes on top and has no price here: the line is then a lower bound. */
  more?: string[];
  /** More than that it never is. */
  atMost?: unknown;
}

/** Where a family's prices stand, and what is paid besides the plan. */
const families: Record<PlanFamily, [prices: FamilyName, extra?: (inputs: Inputs) => Extra]> = {
  service: ["render-service", ({ numInstances: count }) => ({ count })],
  cron: ["render-cron", ({ numInstances: count }) => ({ count })],
  "key-value": ["render-key-value"],
  "dedicated-ips": ["render-dedicated-ips"],
  postgres: ["render-postgres", besidePostgres],
  cluster: ["atlas", besideCluster],
  // Pay as you go: nothing at least, and at most the budget, above which Upstash stops serving.
  upstash: ["upstash", ({ budget: atMost }) => ({ atMost })],
  "redis-cloud": ["redis-cloud"],
};

function costOf({ type, inputs, name: resource }: Priced, redisCloudPlan: string | undefined): CostLine {
  const { family, of } = kindOf(type)?.plan ?? {};
  if (family === undefined) return { resource, what: "", why: `no price is known for ${type}` };
  const [prices, extra] = families[family];
  // What is called otherwise in the price table than in the inputs, or is not in them.
  const named: Partial<Record<PlanFamily, unknown>> = {
    "dedicated-ips": "set",
    upstash: "pay-as-you-go",
    "redis-cloud": redisCloudPlan ?? { $unknown: true },
    cluster: said(inputs, "autoScaling", "computeMinInstanceSize"),
  };
  const plan = named[family] ?? of?.(inputs);
  if (typeof plan !== "string")
    return {
      resource,
      what: "",
      why: isUnknown(plan) ? "the plan is not known before up" : "no plan is set",
    };
  const { count = 1, plus = 0, more = [], atMost } = extra?.(inputs) ?? {};
  if (typeof count !== "number") return { resource, what: plan, why: "how many is not known before up" };
  const price = priceOf(prices, plan);
  const what = count === 1 ? plan : `${count} × ${plan}`;
  if (price === undefined) return { resource, what, why: `the price table has no price for ${plan}` };
  const exact = price.to !== undefined && more.length === 0 ? cents(price.to * count + plus) : undefined;
  return {
    resource,
    what,
    from: cents(price.from * count + plus),
    ...(exact !== undefined && { to: exact }),
    ...(more.length > 0 && { why: `plus ${more.join(", ")}` }),
    ...sourceOf(prices, plan),
    ...(typeof atMost === "number" && { to: atMost }),
  };
}

function besidePostgres({ plan, diskSizeGb, readReplicas, highAvailabilityEnabled }: Inputs): Extra {
  const perGb = priceOf("render-postgres-disk", "gb")?.from;
  const replicas = Array.isArray(readReplicas) ? readReplicas.length : 0;
  const isPaid = plan !== "free";
  const knowsDisk = typeof diskSizeGb === "number" && perGb !== undefined;
  return {
    plus: isPaid && knowsDisk ? diskSizeGb * perGb : 0,
    more: [
      ...(isPaid && !knowsDisk
        ? [`its disk${perGb === undefined ? "" : ` ($${perGb.toFixed(2)} per GB)`}`]
        : []),
      ...(highAvailabilityEnabled === true ? ["the standby"] : []),
      ...(replicas > 0 ? [plural(replicas, "read replica")] : []),
    ],
  };
}

/** What a cluster's region says; a provider's own default, of which nobody knows, is nothing that somebody set. */
function said({ replicationSpecs }: Inputs, group: string, key: string): unknown {
  const settings = at(replicationSpecs, 0, "regionConfigs", 0, group);
  return isUnknown(settings) ? undefined : at(settings, key);
}

function besideCluster(inputs: Inputs): Extra {
  const largest = said(inputs, "autoScaling", "computeMaxInstanceSize");
  return {
    more: [
      ...(said(inputs, "electableSpecs", "diskSizeGb") === undefined ? [] : ["a disk of another size"]),
      ...(largest === undefined ? [] : [`what autoscaling adds, up to ${largest}`]),
      ...(inputs.pitEnabled === true ? ["backups"] : []),
    ],
  };
}
