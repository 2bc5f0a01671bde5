import { beside } from "../settings/vendors.ts";
import { at, type Finding, isUnknown, items, levels, type Policy, type PolicyResource } from "./model.ts";

/** Where each kind of resource says its region, and by which vendor's name. */
const places: Readonly<
  Record<string, { vendor: "atlas" | "upstash" | "render"; regionOf: (resource: PolicyResource) => unknown }>
> = {
  "mongodbatlas:index/advancedCluster:AdvancedCluster": { vendor: "atlas", regionOf: primaryRegion },
  "upstash:index/redisDatabase:RedisDatabase": {
    vendor: "upstash",
    regionOf: ({ inputs }) => inputs.primaryRegion,
  },
  ...Object.fromEntries(
    ["postgres:Postgres", "keyvalue:Keyvalue", "webService:WebService", "privateService:PrivateService"]
      .concat("backgroundWorker:BackgroundWorker", "cronJob:CronJob")
      .map((token) => [
        `render:index/${token}`,
        { vendor: "render" as const, regionOf: ({ inputs }: PolicyResource) => inputs.region },
      ]),
  ),
};

/** The region with the highest priority: where Atlas keeps the primary, unless that region fails. */
function primaryRegion({ inputs }: PolicyResource): unknown {
  const configs = at(inputs, "replicationSpecs", 0, "regionConfigs");
  if (isUnknown(configs)) return configs;
  const ranked = [...items(configs)].sort((a, b) => Number(at(b, "priority")) - Number(at(a, "priority")));
  return at(ranked[0], "regionName");
}

export const regionBesideBackend: Policy = {
  id: "region-beside-backend",
  title: "Database far from its backend",
  why: "Each query crosses a continent or an ocean and takes many times as long, and traffic between regions is billed.",
  checks:
    "The (primary) region of each cluster, database and service against the one beside kairos:region. Redis Cloud's is not looked at: its plan is chosen for the backend's region.",
  fix: "Leave the region out: it is then put beside the backend.",
  level: levels("mandatory", "advisory", "advisory"),
  resource: (resource, { settings }): Finding[] => {
    const place = places[resource.type];
    if (place === undefined || settings === undefined) return [];
    const region = place.regionOf(resource);
    if (isUnknown(region)) return [{ unknown: "the region" }];
    const wanted = { render: settings.region, ...beside[settings.region] }[place.vendor];
    if (region === undefined || region === wanted) return [];
    return [{ message: `in ${region}, not beside the backend (${settings.region}: ${wanted})` }];
  },
};
