/** Starts the server of one database, whatever its kind, and brings changes of its vendor to it. */
import { isDeepStrictEqual } from "node:util";
import { type MongodbServer, startMongodb } from "./mongodb/index.ts";
import { type PostgresServer, startPostgres } from "./postgres/index.ts";
import { startRedis } from "./redis/index.ts";
import type { RedisServer } from "./redis/model.ts";
import type { DatabaseServer, ServerTls } from "./server.ts";
import type { Login, Wanted } from "./wanted.ts";

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
}

export async function startServer(wanted: Wanted, place: Place): Promise<Running> {
  switch (wanted.kind) {
    case "mongodb": {
      const server = await startMongodb(place);
      await server.setUsers(wanted.users);
      return running(wanted, server, changeMongodb);
    }
    case "postgres":
      return running(wanted, await openPostgres(wanted, place), changePostgres);
    case "redis": {
      const { password, tls, maxmemoryPolicy } = wanted;
      const { folder, port, tls: certificate } = place;
      const server = await startRedis({
        folder,
        port,
        maxmemoryPolicy,
        ...(password !== undefined && { password }),
        ...(tls && { tls: certificate }),
      });
      return running(wanted, server, changeRedis);
    }
  }
}

function running<K extends Wanted["kind"], S extends DatabaseServer>(
  wanted: Wanted & { kind: K },
  server: S,
  change: (server: S, from: Wanted & { kind: K }, to: Wanted & { kind: K }) => Promise<boolean>,
): Running {
  const result: Running = {
    wanted,
    server,
    change: async (to) => {
      if (isDeepStrictEqual(result.wanted, to)) return true;
      if (to.kind !== wanted.kind) return false;
      return change(server, result.wanted as typeof wanted, to as typeof wanted);
    },
  };
  return result;
}

type Of<K extends Wanted["kind"]> = Wanted & { kind: K };

async function changeMongodb(server: MongodbServer, _: Of<"mongodb">, to: Of<"mongodb">): Promise<boolean> {
  await server.setUsers(to.users);
  return true;
}

async function openPostgres(
  { logins, database }: Of<"postgres">,
  { folder, port, tls }: Place,
): Promise<PostgresServer> {
  const [first] = logins as [Login];
  const server = await startPostgres({ folder, port, tls, ...first, database });
  if (logins.length > 1) await server.setLogins(logins);
  return server;
}

/** Another name of the database is a new database at Render; here, too. */
async function changePostgres(
  server: PostgresServer,
  from: Of<"postgres">,
  to: Of<"postgres">,
): Promise<boolean> {
  if (from.database !== to.database) return false;
  await server.setLogins(to.logins);
  return true;
}

async function changeRedis(server: RedisServer, from: Of<"redis">, to: Of<"redis">): Promise<boolean> {
  if (from.tls !== to.tls || (from.password === undefined) !== (to.password === undefined)) return false;
  await server.configure({
    ...(to.password !== undefined && to.password !== from.password && { password: to.password }),
    ...(to.maxmemoryPolicy !== from.maxmemoryPolicy && { maxmemoryPolicy: to.maxmemoryPolicy }),
  });
  return true;
}
