/** Asks every vendor that there is a key for, all at once. */
import { UserError } from "../errors.ts";
import type { Lookup } from "./credentials.ts";
import type { Inventory, VendorName } from "./model.ts";
import { atlasProjects } from "./vendors/atlas.ts";
import { redisCloudDatabases } from "./vendors/redis-cloud.ts";
import { RenderAccount } from "./vendors/render.ts";
import { upstashDatabases } from "./vendors/upstash.ts";

/** @throws UserError with one line for each vendor that refused or did not answer */
export async function takeInventory(
  lookup: Lookup,
  environment: NodeJS.ProcessEnv,
): Promise<Inventory & { render: RenderAccount }> {
  const render = new RenderAccount(lookup, environment);
  const ofRender = async () => ({
    services: await render.services(),
    postgres: await render.postgres(),
    keyValues: await render.keyValues(),
  });
  const [projects, atRender, upstash, redisCloud] = await allOrEveryError([
    atlasProjects(lookup, environment),
    ofRender(),
    upstashDatabases(lookup, environment),
    redisCloudDatabases(lookup, environment),
  ] as const);
  const notAsked: VendorName[] = [];
  if (upstash === undefined) notAsked.push("Upstash");
  if (redisCloud === undefined) notAsked.push("Redis Cloud");
  const { services, postgres, keyValues } = atRender;
  return {
    projects,
    services,
    postgres,
    redis: [...keyValues, ...(upstash ?? []), ...(redisCloud ?? [])],
    notAsked,
    render,
  };
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
  return results.map((one) => (one as PromiseFulfilledResult<unknown>).value) as {
    -readonly [I in keyof T]: Awaited<T[I]>;
  };
}
