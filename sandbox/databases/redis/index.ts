/** The Redis behind a vendor's stand-in: real software where some is installed, otherwise a stand-in of our own. */
import type { RedisOptions, RedisServer } from "./model.ts";
import { findRedis, type RedisSoftware, startRealRedis } from "./real.ts";
import { startStandIn } from "./stand-in/server.ts";

/**
 * Starts it on 127.0.0.1. It ends with this process, even if that is killed.
 *
 * @param software what to run; undefined for the stand-in. By default what is found on PATH
 * @throws when the given port is taken, the folder in use, or the software does not start
 */
export async function startRedis(
  options: RedisOptions,
  software: RedisSoftware | undefined = findRedis(),
): Promise<RedisServer> {
  return software === undefined ? startStandIn(options) : startRealRedis(options, software);
}
