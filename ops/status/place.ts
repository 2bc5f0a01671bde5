/** Where something was asked: which database, and whose it is. */

export const databaseNames = ["mongodb", "postgres", "redis"] as const;
export type DatabaseName = (typeof databaseNames)[number];

/** Whose database a host name leads to. `local`: this machine. */
export type Vendor = "atlas" | "render" | "render-private" | "upstash" | "redis-cloud" | "local" | "other";

/** The same trouble has other causes and another way out in another place. `services`: Render's API. */
export interface Place {
  database: DatabaseName | "services";
  vendor: Vendor;
}

/** Inside its private network Render's databases have names without a dot: https://render.com/docs/private-network */
const hosts: readonly [RegExp, Vendor][] = [
  [/\.mongodb(-\w+)?\.net$/, "atlas"],
  [/^(dpg|red)-[a-z0-9-]+$/, "render-private"],
  [/\.render\.com$/, "render"],
  [/\.upstash\.io$/, "upstash"],
  [/\.(redis-cloud|redislabs|rlrcp)\.com$/, "redis-cloud"],
  [/^(localhost|127\.[\d.]+|\[?::1\]?)$/, "local"],
];

export const vendorOf = (host: string): Vendor =>
  hosts.find(([pattern]) => pattern.test(host))?.[1] ?? "other";

/** Whether nobody else can listen on the way. */
export const isPrivate = (vendor: Vendor): boolean => vendor === "render-private" || vendor === "local";
