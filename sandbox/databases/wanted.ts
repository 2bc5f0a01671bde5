/** Which databases have to run: what the vendors' models say exists, and nothing of its own. */
import type { Cluster, DatabaseUser } from "../clouds/atlas/index.ts";
import type { Clouds } from "../clouds/index.ts";
import type { KeyValue, Postgres } from "../clouds/render/model.ts";
import type { Login } from "./postgres/logins.ts";

/** A database of a vendor, as far as the server behind it needs to know. Passwords are secret. */
export type Wanted =
  | { kind: "mongodb"; key: string; name: string; vendor: "Atlas"; users: DatabaseUser[] }
  /** The last one of the logins is the one that the vendor hands out. */
  | {
      kind: "postgres";
      key: string;
      name: string;
      vendor: "Render";
      logins: Login[];
      database: string;
      /** It began as another one was at a moment, in milliseconds since 1970. */
      from?: { key: string; at: number };
    }
  | {
      kind: "redis";
      key: string;
      name: string;
      vendor: "Render" | "Upstash" | "Redis Cloud";
      /** None on Render's private network. */
      password?: string;
      tls: boolean;
      /** In Redis' spelling, such as `allkeys-lru`. */
      maxmemoryPolicy: string;
    };

/** Keys by which a database keeps its port and its folder. */
export const keyOf = {
  /** An upgrade gives a cluster another id; project and name stay. */
  cluster: ({ groupId, name }: Pick<Cluster, "groupId" | "name">) => `atlas-${groupId}-${name}`,
  postgres: ({ id }: Pick<Postgres, "id">) => id,
  keyValue: ({ id }: Pick<KeyValue, "id">) => id,
  upstash: ({ database_id }: { database_id: string }) => `upstash-${database_id}`,
  redisCloud: ({ databaseId }: { databaseId: number }) => `redis-cloud-${databaseId}`,
};

type Models = Pick<Clouds, "atlas" | "render" | "upstash" | "redisCloud">;

/** Everything that exists at the vendors now. */
export function* wantedBy({ atlas, render, upstash, redisCloud }: Models): Generator<Wanted> {
  for (const { id } of atlas.projects.list()) {
    const users = atlas.users.usable(id);
    for (const cluster of [...atlas.clusters.list(id), ...atlas.flexClusters.list(id)]) {
      const { name } = cluster;
      const allowed = users.filter(
        ({ scopes }) => scopes.length === 0 || scopes.some((scope) => scope.name === name),
      );
      yield { kind: "mongodb", key: keyOf.cluster(cluster), name, vendor: "Atlas", users: allowed };
    }
  }
  for (const one of Object.values(render.state.postgres)) {
    const others = (one.otherUsers ?? []).map(({ username, password }) => ({ user: username, password }));
    yield {
      kind: "postgres",
      key: keyOf.postgres(one),
      name: one.name,
      vendor: "Render",
      logins: [...others, { user: one.databaseUser, password: one.password }],
      database: one.databaseName,
      ...(one.recoveredFrom && { from: { key: one.recoveredFrom.id, at: one.recoveredFrom.at } }),
    };
  }
  for (const one of Object.values(render.state.keyValues))
    yield {
      kind: "redis",
      key: keyOf.keyValue(one),
      name: one.name,
      vendor: "Render",
      tls: false,
      maxmemoryPolicy: one.maxmemoryPolicy.replaceAll("_", "-"),
    };
  for (const one of upstash.list())
    yield {
      kind: "redis",
      key: keyOf.upstash(one),
      name: one.database_name,
      vendor: "Upstash",
      password: one.password,
      tls: true,
      // Source: https://upstash.com/docs/redis/features/eviction
      maxmemoryPolicy: one.eviction ? "allkeys-lru" : "noeviction",
    };
  for (const one of redisCloud.subscriptions().flatMap(({ id }) => redisCloud.databases(id)))
    yield {
      kind: "redis",
      key: keyOf.redisCloud(one),
      name: one.name,
      vendor: "Redis Cloud",
      password: one.security.password,
      tls: one.security.enableTls,
      maxmemoryPolicy: one.dataEvictionPolicy,
    };
}
