/** The Redis behind a vendor's stand-in: what is installed, otherwise the Valkey that npm brought. */
import type { RedisOptions, RedisServer } from "./model.ts";
import { findRedis, startRealRedis } from "./real.ts";
import { startWebAssembly } from "./webassembly/index.ts";

/**
 * Starts it on 127.0.0.1. It ends with this process, even if that is killed.
 *
 * @throws when the given port is taken, the folder in use, or the software does not start
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const software = findRedis();
  return software === undefined ? startWebAssembly(options) : startRealRedis(options, software);
}
