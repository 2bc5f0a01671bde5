/** How each kind of resource is drawn: what people call it, and which of its inputs say the most. */

import type { PlannedResource, Value } from "../plan/model.ts";
import { kindWord } from "../plan/words.ts";
import type { Shape } from "./mermaid.ts";

interface Look {
  title: string;
  /** Several of them: the same word for all. */
  plural?: string;
  /** The input that names it. */
  name?: string;
  /** Further inputs, wherever they stand, in this order; `a|b` is b where there is no a. */
  facts?: readonly string[];
}

const looks: Readonly<Record<string, Look>> = {
  "mongodbatlas:index/advancedCluster:AdvancedCluster": {
    title: "cluster",
    name: "name",
    facts: ["instanceSize|providerName", "regionName"],
  },
  "mongodbatlas:index/project:Project": { title: "project", name: "name" },
  "mongodbatlas:index/databaseUser:DatabaseUser": { title: "user", name: "username", facts: ["roleName"] },
  "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": {
    title: "access list, 1 block",
    plural: "access list, # blocks",
  },
  "random:index/randomPassword:RandomPassword": { title: "password (secret)" },
  "render:index/postgres:Postgres": { title: "Postgres", name: "name", facts: ["plan", "region"] },
  "render:index/keyvalue:Keyvalue": { title: "Key Value", name: "name", facts: ["plan", "region"] },
  "upstash:index/redisDatabase:RedisDatabase": {
    title: "Redis",
    name: "databaseName",
    facts: ["primaryRegion"],
  },
  "rediscloud:index/essentialsSubscription:EssentialsSubscription": {
    title: "subscription",
    name: "name",
  },
  "rediscloud:index/essentialsDatabase:EssentialsDatabase": { title: "Redis", name: "name" },
  "render:index/envGroup:EnvGroup": { title: "env group", name: "name" },
  "render:index/webService:WebService": { title: "web service", name: "name", facts: ["plan"] },
  "render:index/privateService:PrivateService": { title: "private service", name: "name", facts: ["plan"] },
  "render:index/backgroundWorker:BackgroundWorker": { title: "worker", name: "name", facts: ["plan"] },
  "render:index/cronJob:CronJob": { title: "cron job", name: "name", facts: ["plan"] },
};

/** Lines of text, shape and style class. @param count how many resources this one stands for */
export function look(
  resource: PlannedResource,
  count: number,
): { lines: string[]; shape: Shape; style: string } {
  const { type, holdsData, protect, inputs } = resource;
  const { title, plural, name, facts = [] } = looks[type] ?? { title: kindWord(resource), name: "name" };
  const isPassword = type.startsWith("random:");
  return {
    lines:
      count === 1
        ? [
            [title, name && input(inputs, name)].filter(Boolean).join(" "),
            facts.flatMap((keys) => first(inputs, keys) ?? []).join(", "),
            holdsData && protect ? "protected" : "",
          ].filter((line) => line !== "")
        : [plural?.replace("#", String(count)) ?? `${count} × ${title}`],
    shape: holdsData ? "cylinder" : isPassword ? "rounded" : "box",
    style: holdsData ? "data" : isPassword ? "secret" : "plain",
  };
}

/** Who runs it, by the provider's name. */
export const vendors: Readonly<Record<string, string>> = {
  mongodbatlas: "MongoDB Atlas",
  render: "Render",
  upstash: "Upstash",
  rediscloud: "Redis Cloud",
};

const first = (inputs: Value, keys: string) => keys.split("|").flatMap((key) => input(inputs, key) ?? [])[0];

/** The first text or number of this name, however deep. */
function input(value: Value, key: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const own = (value as Record<string, Value>)[key];
  if (typeof own === "string" || typeof own === "number") return String(own);
  for (const inner of Object.values(value)) {
    const found = input(inner as Value, key);
    if (found !== undefined) return found;
  }
  return undefined;
}
