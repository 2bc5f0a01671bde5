/**
 * The vendors' own APIs, for the few calls that their providers do not make. They run in resource hooks and before the
 * first resource, and fail the step that needs them. Keys and addresses are those that the providers take: of the stack
 * file, or of the environment.
 */
import * as pulumi from "@pulumi/pulumi";
import { Atlas } from "../vendors/atlas.ts";
import { type Account, type CallOptions, lookupIn, type VendorError } from "../vendors/http.ts";
import { RedisCloud } from "../vendors/redis-cloud.ts";
import { Render } from "../vendors/render.ts";
import { Upstash } from "../vendors/upstash.ts";
import { OperatorError } from "./errors.ts";

const lookup = lookupIn((key) => pulumi.runtime.getConfig(key), process.env);

/** What the engine prints, and what to do then. */
function word(error: VendorError): Error {
  const { message, account } = error;
  if (error.code !== undefined)
    return new OperatorError(`${message}; check the network, then run pulumi up again`);
  if (error.isRefusal)
    return new OperatorError(
      `${message}: the key is wrong, or may not do this. It comes from ${account.keys}; run pulumi up again with the right one`,
    );
  return new OperatorError(
    (error.status ?? 0) < 300
      ? `${message}; is ${account.base} ${account.vendor}'s API?`
      : `${message}. Run pulumi up again once it is put right`,
  );
}

/** Atlas, for whatever the keys can see. */
export const atlas = (options?: CallOptions): Atlas =>
  new Atlas(Atlas.account(lookup, options), { word, ...options });

/** Render, for the workspace that the stack is configured for. */
export const render = (options?: CallOptions): Render =>
  new Render(Render.account(lookup), Render.owner(lookup), { word, ...options });

/** @throws OperatorError when there is no key */
export const upstash = (options?: CallOptions): Upstash =>
  new Upstash(given("upstash:apiKey", Upstash.account(lookup)), { word, ...options });

/** @throws OperatorError when there is no key */
export const redisCloud = (options?: CallOptions): RedisCloud =>
  new RedisCloud(given("rediscloud:apiKey", RedisCloud.account(lookup)), { word, ...options });

function given(key: string, account: Account | undefined): Account {
  if (account === undefined)
    throw new OperatorError(`${key}: got nothing; expected it in the stack file or in the environment`);
  return account;
}
