/** The Redis behind a vendor's stand-in: what is installed, otherwise the Valkey that npm brought. */
import type { DatabaseServer, ServerTls } from "../server.ts";
import { findRedis, startRealRedis } from "./real.ts";
import { startWebAssembly } from "./webassembly/index.ts";

export interface RedisOptions {
  /** Everything is kept here and is there again at the next start. For one server at a time. */
  folder: string;
  /** A free one by default. */
  port?: number;
  /** Of the user `default`. None: nobody has to log in, as on Render's private network. */
  password?: string;
  /** The only user that vendors hand out. */
  username?: "default";
  /** Then every connection has to be encrypted, as at Upstash. */
  tls?: ServerTls;
  /** In Redis' spelling, such as `allkeys-lru`; `noeviction` by default. */
  maxmemoryPolicy?: string;
  /** Bytes; by default as many as the software takes. */
  maxmemory?: number;
}

export interface RedisServer extends DatabaseServer {
  /**
   * Brings changes of the vendor to the running server. Who has logged in with an old password stays in until it
   * connects again, as Redis itself does it.
   */
  configure(change: { password?: string; maxmemoryPolicy?: string }): Promise<void>;
}

/**
 * Starts it on 127.0.0.1. It ends with this process, even if that is killed.
 *
 * @throws when the given port is taken, the folder in use, or the software does not start
 */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  const software = findRedis();
  return software === undefined ? startWebAssembly(options) : startRealRedis(options, software);
}
