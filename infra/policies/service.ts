/** What the backend needs of its Redis and of Render. */

import { at, types } from "../resources.ts";
import { type Finding, isUnknown, levels, type Policy } from "./model.ts";

/** Where each vendor says what goes when the memory is full. */
const evictionProperty: Readonly<Record<string, string>> = {
  [types.upstash]: "eviction",
  [types.keyValue]: "maxMemoryPolicy",
  [types.redisCloud]: "dataEviction",
};

export const sessionsEvicted: Policy = {
  id: "sessions-evicted",
  title: "Eviction policy that loses sessions",
  why: "When the memory is full, users are logged out at random. Sessions expire, so volatile policies evict them too.",
  checks:
    "With kairos:policies.sessionsInRedis on: the eviction of each Redis is off (noeviction). Off, the default: Redis is a cache, for which eviction is right.",
  fix: "Turn kairos:redis.eviction off, or set kairos:redis.maxmemoryPolicy to noeviction, and choose a kairos:redis.plan that is large enough; or keep sessions elsewhere.",
  level: levels("mandatory", "mandatory", "advisory"),
  resource: (resource, { settings }): Finding[] => {
    const property = evictionProperty[resource.type];
    if (property === undefined || at(settings, "policies", "sessionsInRedis") !== true) return [];
    const value = resource.inputs[property];
    if (isUnknown(value)) return [{ unknown: property }];
    // Upstash evicts nothing unless asked to; the others have a default that does.
    if (value === "noeviction" || value === false || (value === undefined && property === "eviction"))
      return [];
    return [{ message: `${property} ${value ?? "not set"} evicts sessions when the memory is full` }];
  },
};

export const healthCheck: Policy = {
  id: "health-check",
  title: "Web service without health check",
  why: "Render takes a service for well as soon as its port is open: a deploy that cannot reach its database replaces one that could.",
  checks:
    "The health check path of each web service. Render checks no other kind, and an existing service keeps its own.",
  fix: "Set healthCheck of the service in kairos:backend to a path that answers 2xx only when the databases answer.",
  level: levels("mandatory", "advisory", "advisory"),
  resource: (resource): Finding[] => {
    if (resource.type !== types.web) return [];
    const { healthCheckPath } = resource.inputs;
    if (isUnknown(healthCheckPath)) return [{ unknown: "the health check path" }];
    return typeof healthCheckPath === "string" && healthCheckPath !== ""
      ? []
      : [{ message: "no health check path" }];
  },
};
