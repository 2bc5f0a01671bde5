/** The calls that an `up` makes, so that a fault can be put at each of them. */

import type { Vendor } from "../../../sandbox/clouds/index.ts";
import type { Call } from "../../../sandbox/clouds/serve.ts";
import type { Fault, FaultRule } from "../../helpers/faults.ts";

/** One call of a full `up`: the n-th of its kind at its vendor. */
export interface Site {
  vendor: Vendor;
  method: string;
  /** Path with `:id` for what differs from run to run. */
  path: string;
  /** Counted from 1. */
  nth: number;
}

/** A fault at a call. */
export interface Injection {
  site: Site;
  fault: Fault;
}

/** The faults of the campaign. */
export const campaignFaults: readonly Fault[] = ["too many requests", "server error", "reset", "lost answer"];

const ids = [
  /\b(srv|crn|dpg|red|evg|dep)-[0-9a-v]{20}(-a)?/g,
  /\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g,
  /\b[0-9a-f]{24}\b/g,
  /(?<=\/)\d{4,}(?=\/|$)/g,
];

const withoutIds = (path: string) => ids.reduce((text, id) => text.replaceAll(id, ":id"), path);

/** The calls of one vendor in their order. */
export function sitesOf(vendor: Vendor, calls: readonly Call[]): Site[] {
  const seen = new Map<string, number>();
  return calls.map(({ method, path: called }) => {
    const path = withoutIds(called);
    const nth = (seen.get(`${method} ${path}`) ?? 0) + 1;
    seen.set(`${method} ${path}`, nth);
    return { vendor, method, path, nth };
  });
}

/** A rule that strikes at the site of a later run. */
export function ruleOf({ site: { method, path, nth }, fault }: Injection): FaultRule {
  const literal = path.split(":id").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return { fault, method, path: new RegExp(`^${literal.join("[^/]+")}$`), nth };
}

/** For people: `atlas POST /api/atlas/v2/groups #1`. */
export const siteText = ({ vendor, method, path, nth }: Site) => `${vendor} ${method} ${path} #${nth}`;

/**
 * What a call belongs to, and how many other things have to be there before it is made. Faults of different groups
 * do not get into each other's way: one round can have one of each.
 */
export function groupOf({ vendor, path }: Site): { group: string; wave: 1 | 2 | 3 } {
  if (vendor === "render")
    return /\/(postgres|key-value)\b/.test(path)
      ? { group: path.includes("/postgres") ? "Postgres" : "Key Value", wave: 1 }
      : { group: "service", wave: 3 };
  if (vendor !== "atlas") return { group: vendor, wave: 1 };
  const [, part] = /\/groups\/:id\/(flexClusters|clusters|databaseUsers|accessList)/.exec(path) ?? [];
  return part === undefined
    ? { group: "Atlas project", wave: 1 }
    : { group: `Atlas ${part.replace("flexC", "c")}`, wave: 2 };
}
