/** What the answers of MongoDB and its driver say: the same here and from inside (../../inside/look.py). */
import { z } from "zod";
import type { MongodbFacts } from "../../model.ts";

type Topology = NonNullable<MongodbFacts["topology"]>;

/** Each absent until it is there, and where it is refused. */
export interface MongodbAnswers {
  /** In the words that all of MongoDB's drivers have for it. */
  topology?: { type: string; set: string | null; servers: { type: string; address: string }[] } | undefined;
  /** What the driver works with. */
  settings?: MongodbFacts["settings"];
  /** What the servers have answered to `hello`. */
  hello?: Record<string, unknown> | undefined;
  version?: string | undefined;
  connectionStatus?: ConnectionStatus | undefined;
  /** Names of all databases that the user may see. */
  databases?: string[] | undefined;
  /** The database in the URL, when it is another one. */
  inUrl?: string | undefined;
  collections?: MongodbFacts["collections"];
}

/** @param asked the name of the backend's database */
export function factsFrom(
  { topology, settings, hello, version, connectionStatus, databases, inUrl, collections }: MongodbAnswers,
  asked: string,
): Omit<MongodbFacts, "connected"> {
  const seen = topologyFacts(topology);
  const rights = connectionStatus && rightsFrom(connectionStatus, asked);
  return {
    ...(seen && { topology: seen }),
    ...(version !== undefined && { version }),
    database: {
      asked,
      nearMisses: nearMissesOf(asked, databases ?? []),
      ...(databases && { exists: databases.includes(asked) }),
      ...(inUrl !== undefined && { inUrl }),
    },
    ...(collections && { collections: collections.sort((a, b) => a.name.localeCompare(b.name, "en")) }),
    ...(rights && { rights }),
    ...(settings && { settings }),
    ...(settings && hello && { compression: compressionOf(settings.compressors, hello) }),
  };
}

/** Kinds of servers that take writes. */
export const writable: ReadonlySet<string> = new Set(["RSPrimary", "Standalone", "Mongos", "LoadBalancer"]);

/** Somebody answers, and nobody takes writes. */
export const lackPrimary = (servers: readonly { type: string }[]): boolean =>
  servers.some(({ type }) => type !== "Unknown") && !servers.some(({ type }) => writable.has(type));

const kinds: Readonly<Record<string, Topology["kind"]>> = {
  RSPrimary: "replica set",
  RSSecondary: "replica set",
  RSOther: "replica set",
  RSArbiter: "replica set",
  Mongos: "sharded",
  LoadBalancer: "load balanced",
  Standalone: "standalone",
};

/** Undefined while no server has answered. */
function topologyFacts(topology: MongodbAnswers["topology"]): Topology | undefined {
  const { servers = [], set } = topology ?? {};
  const primary = servers.find(({ type }) => type === "RSPrimary");
  const kind = [primary, ...servers].map((server) => kinds[server?.type ?? ""]).find((known) => known);
  if (kind === undefined) return undefined;
  return { kind, ...(set && { set }), ...(primary && { primary: primary.address }), members: servers.length };
}

/**
 * The compressor that the driver chose: the first of its own that the server has offered. Servers answer `hello` with
 * those that both have: https://github.com/mongodb/specifications/blob/master/source/compression/OP_COMPRESSED.md
 */
function compressionOf(
  offered: readonly string[],
  { compression }: Record<string, unknown>,
): NonNullable<MongodbFacts["compression"]> {
  const common: unknown[] = Array.isArray(compression) ? compression : [];
  return (offered.find((name) => common.includes(name)) as MongodbFacts["compression"]) ?? "none";
}

/**
 * Names that differ from the one asked for only in case, accents, Unicode normalization or separators: `kairos`,
 * `Kaïros` and a decomposed `kaïros` are near misses of `kaïros`. MongoDB compares bytes.
 */
export function nearMissesOf(asked: string, existing: readonly string[]): string[] {
  return existing.filter((name) => name !== asked && folded(name) === folded(asked));
}

const folded = (name: string) =>
  name
    .normalize("NFKD")
    .replaceAll(/[\p{M}_-]/gu, "")
    .toLowerCase();

const privilege = z.object({
  resource: z.object({
    db: z.string().optional(),
    collection: z.string().optional(),
    cluster: z.boolean().optional(),
    anyResource: z.boolean().optional(),
  }),
  actions: z.array(z.string()),
});
type Privilege = z.infer<typeof privilege>;

/** The answer to `connectionStatus`. Source: https://www.mongodb.com/docs/manual/reference/command/connectionStatus/ */
export const connectionStatus = z.object({
  authInfo: z
    .object({
      authenticatedUsers: z.array(z.object({ user: z.string(), db: z.string() })).optional(),
      authenticatedUserRoles: z.array(z.object({ role: z.string(), db: z.string() })).optional(),
      authenticatedUserPrivileges: z.array(privilege).optional(),
    })
    .optional(),
});
export type ConnectionStatus = z.infer<typeof connectionStatus>;

/** What the backend does with its database: it creates collections and indexes at its start. */
const writing = ["insert", "update", "remove", "createCollection", "createIndex"];

/**
 * What a user may do, from what the server says of its privileges: never by trying. Undefined when the server says nothing
 * of privileges: some compatible ones do not know them.
 */
export function rightsFrom(
  { authInfo }: ConnectionStatus,
  database: string,
): NonNullable<MongodbFacts["rights"]> | undefined {
  const [user] = authInfo?.authenticatedUsers ?? [];
  const privileges = authInfo?.authenticatedUserPrivileges;
  if (user === undefined || privileges === undefined || privileges.length === 0) return undefined;
  const may = (action: string) =>
    privileges.some(({ resource, actions }) => covers(resource, database) && actions.includes(action));
  return {
    user: user.user,
    canWrite: writing.every(may),
    canRead: may("find"),
    beyond: beyond(authInfo?.authenticatedUserRoles ?? [], privileges, database),
  };
}

/** Whether a privilege holds for all collections of a database. An empty name stands for any. */
function covers({ db, collection, anyResource }: Privilege["resource"], database: string): boolean {
  return anyResource === true || (collection === "" && (db === "" || db === database));
}

/** Roles that reach further; where only privileges do, their resources. */
function beyond(
  roles: readonly { role: string; db: string }[],
  privileges: readonly Privilege[],
  database: string,
): string[] {
  const elsewhere = privileges.filter(({ resource, actions }) => {
    if (actions.length === 0 || isHarmless(resource)) return false;
    return resource.db !== database;
  });
  if (elsewhere.length === 0) return [];
  const wide = roles.filter(({ db }) => db !== database).map(({ role, db }) => `${role}@${db}`);
  if (wide.length > 0) return [...new Set(wide)];
  const resources = elsewhere.map(({ resource }) =>
    resource.cluster ? "cluster" : resource.db || "any database",
  );
  return [...new Set(resources)];
}

/** What every user of MongoDB has: its own sessions. */
const isHarmless = ({ db, collection }: Privilege["resource"]) =>
  db === "config" && collection === "system.sessions";
