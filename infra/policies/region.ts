import { kindOf } from "../resources.ts";
import { beside } from "../settings/vendors.ts";
import { type Finding, isUnknown, levels, type Policy } from "./model.ts";

export const regionBesideBackend: Policy = {
  id: "region-beside-backend",
  title: "Database far from its backend",
  why: "Each query crosses a continent or an ocean and takes many times as long, and traffic between regions is billed.",
  checks:
    "The (primary) region of each cluster, database and service against the one beside kairos:region. Redis Cloud's is not looked at: its plan is chosen for the backend's region.",
  fix: "Leave region out of the database's section, kairos:mongodb, kairos:postgres or kairos:redis: it is then put beside the backend.",
  level: levels("mandatory", "advisory", "advisory"),
  resource: (resource, { settings }): Finding[] => {
    const place = kindOf(resource.type)?.region;
    if (place === undefined || settings === undefined) return [];
    const region = place.of(resource.inputs);
    if (isUnknown(region)) return [{ unknown: "the region" }];
    const wanted = { render: settings.region, ...beside[settings.region] }[place.vendor];
    if (region === undefined || region === wanted) return [];
    return [{ message: `in ${region}, not beside the backend (${settings.region}: ${wanted})` }];
  },
};
