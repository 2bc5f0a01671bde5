/** What exists: asks every vendor that there is a key for, all at once. */

import { UserError } from "../../engine/errors.ts";
import { Atlas } from "../../vendors/atlas.ts";
import type { Lookup, Vendor, VendorError } from "../../vendors/http.ts";
import { RedisCloud } from "../../vendors/redis-cloud.ts";
import { Render } from "../../vendors/render.ts";
import { Upstash } from "../../vendors/upstash.ts";
import { atlasProjects } from "./atlas.ts";
import { renderDatabases } from "./postgres.ts";
import { keyValues, redisCloudDatabases, upstashDatabases } from "./redis.ts";
import { renderServices } from "./services.ts";

/**
 * What exists, as far as it can be taken over. Holds secrets: connection strings. `notAsked`: vendors of Redis for which
 * there is no key.
 *
 * @throws UserError with one line for each vendor that refused or did not answer
 */
export async function takeInventory(lookup: Lookup, environment: NodeJS.ProcessEnv) {
  const options = { environment, word };
  const render = new Render(Render.account(lookup, environment), Render.owner(lookup), options);
  // One after the other: whoever has a wrong key hears of the first call alone.
  const atRender = async () => ({
    services: await renderServices(render),
    postgres: await renderDatabases(render),
    keyValues: await keyValues(render),
  });
  const [upstash, redisCloud] = [Upstash.account(lookup), RedisCloud.account(lookup)];
  const [projects, { keyValues: ofRender, ...found }, ...others] = await allOrEveryError([
    atlasProjects(new Atlas(Atlas.account(lookup, options), options)),
    atRender(),
    upstash ? upstashDatabases(new Upstash(upstash, options)) : [],
    redisCloud ? redisCloudDatabases(new RedisCloud(redisCloud, options)) : [],
  ] as const);
  const notAsked: Vendor[] = [];
  if (upstash === undefined) notAsked.push("Upstash");
  if (redisCloud === undefined) notAsked.push("Redis Cloud");
  return { projects, ...found, redis: [ofRender, ...others].flat(), notAsked, render };
}

/** What a person reads who can put it right. An adoption only asks, so nothing is half done. */
function word({ message, account, isRefusal, code, status = 0 }: VendorError): Error {
  if (isRefusal)
    return new UserError(`${message}: the key is wrong, or may not read this. It comes from ${account.keys}`);
  if (code !== undefined)
    return new UserError(`${message}. Nothing was written; check the network, then try again`);
  return new UserError(
    status < 300
      ? `${message}; is ${account.base} ${account.vendor}'s API?`
      : `${message}. Nothing was written; try again`,
  );
}

/** Whoever has two keys to put right hears of both. */
async function allOrEveryError<T extends readonly unknown[]>(
  promises: T,
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  const results = await Promise.allSettled(promises);
  const failed = results.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
  const defect = failed.find((error) => !(error instanceof UserError));
  if (defect !== undefined) throw defect;
  if (failed.length > 0) throw new UserError(failed.map(({ message }) => message).join("\n"));
  // None was rejected: this waits for nothing, and knows the types.
  return Promise.all(promises);
}
