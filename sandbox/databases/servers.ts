/** Starts the server of one database, whatever its kind, and brings changes of its vendor to it. */
import { isDeepStrictEqual } from "node:util";
import { type MongodbServer, startMongodb } from "./mongodb/index.ts";
import { type PostgresServer, startPostgres } from "./postgres/index.ts";
import type { Login } from "./postgres/logins.ts";
import type { RedisServer } from "./redis/index.ts";
import { startRedis } from "./redis/index.ts";
import type { DatabaseServer, ServerTls } from "./server.ts";
import type { Wanted } from "./wanted.ts";

/** A database that runs. */
export interface Running {
  wanted: Wanted;
  readonly server: DatabaseServer;
  /** Brings what the vendor changed to the server; false where only a new start can. */
  change(to: Wanted): Promise<boolean>;
}

export interface Place {
  folder: string;
  port: number;
  tls: ServerTls;
  replicaSet: string;
  /** Where another one's data is, that a new one is made from. */
  folderOf: (key: string) => string;
}

export async function startServer(wanted: Wanted, place: Place): Promise<Running> {
  const kind = kinds[wanted.kind] as Kind<Wanted, DatabaseServer>;
  const server = await kind.start(wanted, place);
  const running: Running = {
    wanted,
    server,
    change: async (to) =>
      isDeepStrictEqual(running.wanted, to) ||
      (to.kind === wanted.kind && (await kind.change(server, running.wanted, to))),
  };
  return running;
}

type Of<K extends Wanted["kind"]> = Wanted & { kind: K };

interface Kind<W extends Wanted, S extends DatabaseServer> {
  start(wanted: W, place: Place): Promise<S>;
  /** False where only a new start can. */
  change(server: S, from: W, to: W): Promise<boolean>;
}

const mongodb: Kind<Of<"mongodb">, MongodbServer> = {
  start: async ({ users }, place) => {
    const server = await startMongodb(place);
    await server.setUsers(users);
    return server;
  },
  change: async (server, _, { users }) => {
    await server.setUsers(users);
    return true;
  },
};

const postgres: Kind<Of<"postgres">, PostgresServer> = {
  start: async ({ logins, database, from }, { folder, port, tls, folderOf }) => {
    const [first] = logins as [Login];
    const origin = from && { folder: folderOf(from.key), at: from.at };
    const server = await startPostgres({ folder, port, tls, ...first, database, origin });
    if (logins.length > 1) await server.setLogins(logins);
    return server;
  },
  change: async (server, from, { database, logins }) => {
    // Another name of the database is a new database at Render; here, too.
    if (from.database !== database) return false;
    await server.setLogins(logins);
    return true;
  },
};

const redis: Kind<Of<"redis">, RedisServer> = {
  start: ({ password, tls, maxmemoryPolicy }, { folder, port, tls: certificate }) =>
    startRedis({
      folder,
      port,
      maxmemoryPolicy,
      ...(password !== undefined && { password }),
      ...(tls && { tls: certificate }),
    }),
  change: async (server, from, { password, tls, maxmemoryPolicy }) => {
    if (from.tls !== tls || (from.password === undefined) !== (password === undefined)) return false;
    await server.configure({
      ...(password !== undefined && password !== from.password && { password }),
      ...(maxmemoryPolicy !== from.maxmemoryPolicy && { maxmemoryPolicy }),
    });
    return true;
  },
};

const kinds = { mongodb, postgres, redis };
