/** The questions that are put to MongoDB; none of them changes anything. */
import type { Db, MongoClient } from "mongodb";
import type { MongodbFacts } from "../../model.ts";
import type { MongodbSettings } from "../../variables.ts";
import type { Deadline } from "../deadline.ts";
import { meaningOf } from "../errors.ts";
import { latencyOf } from "../latency.ts";
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
  // The driver calls the database `test` when the URL names none.
  const isOther = inUrl && inUrl !== "test" && inUrl !== name;
  const named = { asked: name, nearMisses: [], ...(isOther && { inUrl }) };
  facts.database = named;
  // Connected means: let in, and answered.
  await deadline.within(database.command({ ping: 1 }));
  facts.connected = true;
  const questions = [
    latencyOf(() => database.command({ ping: 1 }), deadline.left() / 5).then((latency) => {
      facts.latency = latency;
    }),
    optional(database.command({ buildInfo: 1 })).then((answer) => {
      if (typeof answer?.version === "string") facts.version = answer.version;
    }),
    optional(admin.command({ connectionStatus: 1, showPrivileges: true })).then((answer) => {
      const rights = answer && rightsFrom(answer as ConnectionStatus, name);
      if (rights !== undefined) facts.rights = rights;
    }),
    optional(admin.command({ listDatabases: 1, nameOnly: true, authorizedDatabases: true })).then(
      (answer) => {
        if (answer === undefined) return;
        const names: string[] = (answer.databases ?? []).map((one: { name: string }) => one.name);
        Object.assign(named, { exists: names.includes(name), nearMisses: nearMissesOf(name, names) });
      },
    ),
    optional(collectionsOf(database)).then((collections) => {
      if (collections !== undefined) facts.collections = collections;
    }),
  ];
  await Promise.all(questions.map((question) => deadline.within(question)));
}

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
