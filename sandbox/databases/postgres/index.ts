/** A real PostgreSQL that stands behind one Render Postgres. */
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import pg from "pg";
import { onPort } from "../../processes/ports.ts";
import type { DatabaseServer, ServerTls } from "../server.ts";
import { postgresAccount } from "./account.ts";
import {
  type Cluster,
  initialise,
  type Origin,
  recover,
  run,
  setSuperuserPassword,
  superuser,
} from "./cluster.ts";
import { removeCopy } from "./copy.ts";
import { type Login, Logins, makeDatabase, sessionsOf } from "./logins.ts";
import { goOn, keepBase, recoverableSince } from "./recovery.ts";
import { findPostgres } from "./software.ts";

export interface PostgresOptions {
  /** Everything is kept here and is there again at the next start. For one server at a time. */
  folder: string;
  /** A free one by default. */
  port?: number;
  /** The login that the vendor hands out, and the database that it owns. Made when they are not there. */
  user: string;
  password: string;
  database: string;
  /** TLS is taken beside plain connections, as on Render's private network; without it, only plain ones. */
  tls?: ServerTls;
  /**
   * How many connections the login may have at a time; 100 by default, as on Render below 8 GB of memory:
   * https://render.com/tutorials/postgres-on-render/connection-limits-and-pooling
   */
  maxConnections?: number;
  /** What it is made from when it is not there; empty by default. */
  origin?: Origin | undefined;
}

export interface PostgresServer extends DatabaseServer {
  /** For example `18.4`. */
  readonly version: string;
  /**
   * Makes the logins exactly these, oldest first. A later one may do all that an earlier one may; one that is gone loses
   * its sessions, and the last one gets what it owned. A changed password is asked for at the next login.
   */
  setLogins(logins: readonly Login[]): Promise<void>;
  sessions(user: string): Promise<number>;
  /** Since when it can be recovered from its folder, in milliseconds since 1970; undefined where it cannot. */
  recoverableSince(): number | undefined;
  /** Makes every moment before now one to which it can be recovered. */
  goOn(): Promise<void>;
}

/**
 * Starts it, and stops what a crashed run left. It listens on 127.0.0.1 only and asks everybody for a password. It ends
 * with this process, even if that is killed.
 *
 * @throws when there is no PostgreSQL for this machine, the folder is in use, or the given port is taken
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { folder, port: given, user, password, database, tls, maxConnections = 100, origin } = options;
  if (user === superuser)
    throw new Error(`PostgreSQL: the user ${superuser} is the vendor's own; choose another`);
  mkdirSync(folder, { recursive: true });
  const account = postgresAccount();
  const software = await findPostgres(account, folder);
  const cluster: Cluster = { software, account, folder };
  // New at each start and in this process only: nothing to steal from the folder.
  const secret = randomBytes(32).toString("base64url");
  await recover(cluster);
  await initialise(cluster, origin);
  await setSuperuserPassword(cluster, secret);
  const kept = keepBase(folder);
  const { port, server } = await onPort(given, async (port) => ({
    port,
    server: await run(cluster, { port, maxConnections, tls }),
  }));
  const close = async () => {
    await server.end();
    removeCopy(folder);
  };
  const asSuperuser = async <T>(work: (client: pg.Client) => Promise<T>, database = superuser) => {
    const client = new pg.Client({ host: "127.0.0.1", port, user: superuser, password: secret, database });
    // A server that ends meanwhile shows in what is being done.
    client.on("error", () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  };
  const logins = new Logins(asSuperuser);
  try {
    await asSuperuser(kept);
    await logins.set([{ user, password }]);
    await asSuperuser((client) => makeDatabase(client, database, user));
  } catch (error) {
    await close();
    throw error;
  }
  const { version } = software;
  return {
    software: `PostgreSQL ${version}`,
    real: true,
    version,
    port,
    setLogins: (wanted) => logins.set(wanted),
    sessions: (user) => asSuperuser((client) => sessionsOf(client, user)),
    recoverableSince: () => recoverableSince(folder),
    goOn: async () => void (await asSuperuser(goOn)),
    close,
  };
}
