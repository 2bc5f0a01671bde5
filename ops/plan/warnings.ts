/** What a reviewer should know of a stack's settings although they are allowed. */

import type { Settings } from "../../infra/settings/index.ts";
import { opensToTheWorld } from "../../infra/settings/kinds.ts";
import { isDedicated } from "../../infra/settings/rules.ts";
import { beside } from "../../infra/settings/vendors.ts";

/** One line per risk, with the setting that causes it. */
export function warningsOf({ region, mongodb, postgres, redis, backend }: Settings): string[] {
  const warnings: string[] = [];
  const say = (setting: string, text: string) => warnings.push(`kairos:${setting}: ${text}`);

  if (!isDedicated(mongodb.tier))
    say("mongodb.tier", `${mongodb.tier} has no continuous backup and shares its hosts`);
  if (mongodb.region !== undefined && mongodb.region !== beside[region].atlas)
    say("mongodb.region", `${mongodb.region} is not beside the backend (${region}: ${beside[region].atlas})`);
  for (const [section, list] of [
    ["mongodb", mongodb.accessList],
    ["postgres", postgres.enabled ? postgres.accessList : []],
  ] as const)
    for (const [index, { cidr }] of list.entries())
      if (opensToTheWorld(cidr))
        say(`${section}.accessList[${index}]`, `${cidr} opens the database to the world`);
  if (postgres.enabled && postgres.plan === "free")
    say("postgres.plan", "Render deletes free databases 30 days after their creation");
  if (redis.provider === "redis-cloud") {
    // Both need the provider's enable_payg_features, which Redis Cloud refuses for new databases.
    say(
      "redis.provider",
      "any address may try the password: the provider cannot set an access list for a new Essentials database",
    );
    say(
      "redis.tls",
      redis.tls
        ? "switch TLS on in Redis Cloud's console after the first up: its provider cannot, and REDIS_URL is rediss://"
        : "the password and all data cross the internet in clear",
    );
  }
  for (const [section, { mayBeDestroyed }] of Object.entries({ mongodb, postgres, redis }))
    if (mayBeDestroyed !== undefined)
      say(
        `${section}.mayBeDestroyed`,
        `${mayBeDestroyed} is not protected: it may be deleted with all its data`,
      );
  for (const [index, service] of backend.entries())
    if (!("link" in service) && service.type === "web" && service.healthCheck === undefined)
      say(
        `backend[${index}].healthCheck`,
        "not set: Render takes the service for well as soon as its port is open",
      );
  return warnings;
}
