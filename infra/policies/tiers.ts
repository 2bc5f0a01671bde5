/** Which plans an environment may have. */

import { at, kindOf, type PlanFamily, types } from "../resources.ts";
import { isDedicated } from "../settings/rules.ts";
import type { Stage } from "../settings/stages.ts";
import { stageName } from "../settings/stages.ts";
import { isFreeRedisCloud } from "../settings/vendors.ts";
import { type Context, type Finding, isUnknown, levels, type Policy, type PolicyResource } from "./model.ts";

/** The kinds of plan that the tables speak of: a cron job's is a service's. */
type Family = Extract<PlanFamily, "cluster" | "postgres" | "key-value" | "service">;

const familyName: Readonly<Record<Family, string>> = {
  cluster: "tier",
  postgres: "Postgres plan",
  "key-value": "Key Value plan",
  service: "service plan",
};

/**
 * Plans by environment. Production is not kept small, but off what is made for trials; whatever is short-lived is
 * kept small, since it is easily forgotten. Free plans in production are the business of `free-tier`.
 */
const allowedPlans: Readonly<Record<Stage, Readonly<Record<Family, (plan: string) => boolean>>>> = {
  prod: {
    cluster: (tier) => tier === "M0" || isDedicated(tier),
    postgres: (plan) => plan !== "basic_256mb",
    "key-value": () => true,
    service: () => true,
  },
  staging: {
    cluster: (tier) => ["FLEX", "M10", "M20"].includes(tier),
    postgres: (plan) => plan.startsWith("basic_") || plan === "pro_4gb",
    "key-value": (plan) => ["free", "starter", "standard"].includes(plan),
    service: (plan) => ["free", "starter", "standard"].includes(plan),
  },
  short: {
    cluster: (tier) => ["M0", "FLEX"].includes(tier),
    postgres: (plan) => ["free", "basic_256mb"].includes(plan),
    "key-value": (plan) => ["free", "starter"].includes(plan),
    service: (plan) => ["free", "starter"].includes(plan),
  },
};

/** A resource's kind of plan and the plan itself; undefined when there is none to choose. */
function planOf({ type, inputs }: PolicyResource): { family: Family; plan: unknown } | undefined {
  const { family, of } = kindOf(type)?.plan ?? {};
  const judged = family === "cron" ? "service" : family;
  return judged !== undefined && of !== undefined && judged in familyName
    ? { family: judged as Family, plan: of(inputs) }
    : undefined;
}

export const planTier: Policy = {
  id: "plan-tier",
  title: "Plan not allowed in this environment",
  why: "Trial plans fail under load in production; large plans in short-lived stacks are paid for until somebody notices.",
  checks:
    "Production: no FLEX, no basic_256mb. Staging: FLEX to M20, Postgres basic and pro_4gb, up to standard elsewhere. Short-lived: M0 or FLEX, Postgres free or basic_256mb, up to starter elsewhere.",
  fix: "Set kairos:mongodb.tier, or plan of kairos:postgres, kairos:redis or the service, to one that the environment allows.",
  level: levels("mandatory", "mandatory", "mandatory"),
  resource: (resource, { stage }) => {
    const { family, plan } = planOf(resource) ?? {};
    if (family === undefined || plan === undefined) return [];
    if (isUnknown(plan)) return [{ unknown: `the ${familyName[family]}` }];
    if (allowedPlans[stage][family](String(plan))) return [];
    return [{ message: `${familyName[family]} ${plan} is not allowed in ${stageName[stage]}` }];
  },
};

export const freeTier: Policy = {
  id: "free-tier",
  title: "Free plan in production",
  why: "Vendors stop, pause or delete what is free: Render deletes free databases after 30 days, and lets free services sleep.",
  checks: "The plan of each cluster, database and service; of Redis Cloud the plan that the settings name.",
  fix: "Set kairos:mongodb.tier, or plan of kairos:postgres, kairos:redis or the service, to a paid one.",
  level: levels("mandatory", "advisory", "off"),
  resource: (resource, context) => {
    if (resource.type === types.subscription) return freeRedisCloud(context);
    const { plan } = planOf(resource) ?? {};
    if (isUnknown(plan)) return [{ unknown: "the plan" }];
    return plan === "free" || plan === "M0" ? [{ message: `${plan} is a free plan` }] : [];
  },
};

/** Redis Cloud numbers its plans per region: the resource has a number only, and only after it was looked up. */
function freeRedisCloud({ settings }: Context): Finding[] {
  const name = at(settings, "redis", "plan");
  if (typeof name !== "string") return [{ unknown: "the plan behind the number" }];
  return isFreeRedisCloud(name) ? [{ message: `${name} is a free plan` }] : [];
}
