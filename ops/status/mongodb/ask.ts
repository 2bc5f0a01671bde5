/** The questions that are put to MongoDB; none of them changes anything. */
import type { Db, MongoClient } from "mongodb";
import { latencyOf } from "../check.ts";
import type { Deadline } from "../deadline.ts";
import { meaningOf } from "../errors.ts";
import type { MongodbFacts } from "../model.ts";
import type { MongodbSettings } from "../variables.ts";
import { nearMissesOf } from "./names.ts";
import { type ConnectionStatus, rightsFrom } from "./rights.ts";

/** Collections whose indexes are looked at: more would be a burden on who is asked. */
const most = 100;

/** Asks everything at once and fills in the facts as the answers come. @throws what the ping fails with */
export async function ask(
  client: MongoClient,
  { database: name }: MongodbSettings,
  facts: MongodbFacts,
  deadline: Deadline,
): Promise<void> {
  const database = client.db(name);
  const admin = client.db("admin");
  const inUrl = client.options.dbName;
  facts.database = {
    asked: name,
    nearMisses: [],
    ...(inUrl && named(client) && inUrl !== name && { inUrl }),
  };
  // Connected means: let in, and answered.
  await deadline.within(database.command({ ping: 1 }));
  facts.connected = true;
  const asked = {
    latency: latencyOf(() => database.command({ ping: 1 }), deadline.left() / 5),
    version: optional(database.command({ buildInfo: 1 })),
    status: optional(admin.command({ connectionStatus: 1, showPrivileges: true })),
    databases: optional(admin.command({ listDatabases: 1, nameOnly: true, authorizedDatabases: true })),
    collections: optional(collectionsOf(database)),
  };
  const each = Object.entries({
    latency: asked.latency.then((latency) => {
      facts.latency = latency;
    }),
    version: asked.version.then((answer) => {
      if (typeof answer?.version === "string") facts.version = answer.version;
    }),
    rights: asked.status.then((answer) => {
      const rights = answer && rightsFrom(answer as ConnectionStatus, name);
      if (rights !== undefined) facts.rights = rights;
    }),
    databases: asked.databases.then((answer) => {
      const names: string[] = (answer?.databases ?? []).map((one: { name: string }) => one.name);
      if (answer !== undefined)
        Object.assign(facts.database ?? {}, {
          exists: names.includes(name),
          nearMisses: nearMissesOf(name, names),
        });
    }),
    collections: asked.collections.then((collections) => {
      if (collections !== undefined) facts.collections = collections;
    }),
  }).map(([, done]) => deadline.within(done));
  await Promise.all(each);
}

/** The driver calls the database `test` when the URL names none. */
const named = ({ options }: MongoClient) => options.dbName !== "test";

/** An answer that the server may refuse: then nothing is known, and that is no failure. */
async function optional<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (["not-allowed", "login-refused", "not-supported"].includes(meaningOf(error).kind)) return undefined;
    throw error;
  }
}

async function collectionsOf(database: Db): Promise<NonNullable<MongodbFacts["collections"]>> {
  const listed = await database
    .listCollections({}, { nameOnly: true, authorizedCollections: true })
    .toArray();
  const own = listed.filter(({ name, type }) => type !== "view" && !name.startsWith("system."));
  const collections = own.map(async ({ name }, index) => {
    if (index >= most) return { name };
    const indexes = await optional(database.collection(name).listIndexes().toArray());
    return { name, ...(indexes && { indexes: indexes.map((one) => String(one.name)) }) };
  });
  return (await Promise.all(collections)).sort((a, b) => a.name.localeCompare(b.name, "en"));
}
