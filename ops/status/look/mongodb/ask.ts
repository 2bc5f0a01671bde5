/** The questions that are put to MongoDB; none of them changes anything. */
import type { Db, MongoClient } from "mongodb";
import type { MongodbFacts } from "../../model.ts";
import type { MongodbSettings } from "../../variables.ts";
import { meaningOf } from "../errors.ts";
import { latencyOf } from "../latency.ts";
import type { Progress } from "../look.ts";
import type { MongodbAnswers } from "./facts.ts";

/** Collections whose indexes are looked at: more would be a burden on who is asked. */
const most = 100;

/**
 * Asks everything at once.
 *
 * @param learn takes the answers as they come
 * @throws what the ping fails with
 */
export async function ask(
  client: MongoClient,
  { database: name }: MongodbSettings,
  { facts, deadline }: Progress<MongodbFacts>,
  learn: (answers: MongodbAnswers) => void,
): Promise<void> {
  const database = client.db(name);
  const admin = client.db("admin");
  const inUrl = client.options.dbName;
  // The driver calls the database `test` when the URL names none.
  learn(inUrl && inUrl !== "test" && inUrl !== name ? { inUrl } : {});
  // Connected means: let in, and answered.
  await deadline.within(database.command({ ping: 1 }));
  facts.connected = true;
  const questions: { [A in keyof MongodbAnswers]: Promise<unknown> } = {
    version: database.command({ buildInfo: 1 }).then(({ version }) => version),
    connectionStatus: admin.command({ connectionStatus: 1, showPrivileges: true }),
    databases: admin
      .command({ listDatabases: 1, nameOnly: true, authorizedDatabases: true })
      .then(({ databases = [] }) => databases.map((one: { name: string }) => one.name)),
    collections: collectionsOf(database),
  };
  const latency = latencyOf(() => database.command({ ping: 1 }), deadline.left() / 5).then((found) => {
    facts.latency = found;
  });
  const answered = Object.entries(questions).map(async ([question, answer]) =>
    learn({ [question]: await optional(answer) } as MongodbAnswers),
  );
  await Promise.all([...answered, latency].map((answer) => deadline.within(answer)));
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
  return Promise.all(
    own.map(async ({ name }, index) => {
      if (index >= most) return { name };
      const indexes = await optional(database.collection(name).listIndexes().toArray());
      return { name, ...(indexes && { indexes: indexes.map((one) => String(one.name)) }) };
    }),
  );
}
