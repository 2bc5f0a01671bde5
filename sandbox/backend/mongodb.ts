/** MongoDB, where Kaïros keeps its modules, its users and their progress. */
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import type { Database } from "./health.ts";
import { isFinal, Refusal, reasonOf } from "./reasons.ts";
import type { MongodbSettings } from "./settings.ts";
import { type Log, words } from "./words.ts";

const indexes = {
  users: [{ key: { email: 1 }, unique: true }],
  modules: [{ key: { subject: 1 } }, { key: { title: 1 } }],
  user_progress: [{ key: { user_id: 1, module_id: 1 }, unique: true }, { key: { completed_at: 1 } }],
} as const;

export function mongodb(settings: MongodbSettings, log: Log): Database {
  let connected: MongoClient | undefined;
  return {
    check: async () => {
      const client = connected ?? open(settings);
      try {
        if (connected === undefined) {
          await connect(client);
          log(words.mongodbConnected);
        }
        const database = client.db(settings.database);
        await database.command({ ping: 1 });
        if (connected === undefined) {
          log(words.mongodbPing);
          await prepare(database, log);
          connected = client;
        }
        const { version } = await database.command({ buildInfo: 1 }).catch(() => ({ version: undefined }));
        return { version };
      } catch (error) {
        // Rights may come later: then everything starts again.
        if (connected === undefined) await client.close();
        throw error;
      }
    },
    variables: () => ["MONGODB_URL"],
    close: async () => connected?.close(),
  };
}

/** The driver tries until its time is over, also where that is pointless: a certificate is not trusted later, either. */
function connect(client: MongoClient): Promise<unknown> {
  const hopeless = new Promise<never>((_, reject) => {
    client.on("serverHeartbeatFailed", ({ failure }) => {
      if (isFinal(reasonOf(failure))) reject(failure);
    });
  });
  // Nobody waits for it once the connection is there.
  hopeless.catch(() => undefined);
  return Promise.race([client.connect(), hopeless]);
}

/** Collections come into being with their indexes. */
async function prepare(database: Db, log: Log): Promise<void> {
  try {
    for (const [collection, wanted] of Object.entries(indexes))
      await database.collection(collection).createIndexes(wanted.map((index) => ({ ...index })));
    log(words.mongodbIndexes);
  } catch (error) {
    // Who has logged in and is refused now may not write: Atlas says so with the code of a refused login.
    if (["not allowed", "wrong user or password"].includes(reasonOf(error)))
      throw new Refusal("not allowed", ["MONGODB_URL", "MONGODB_DB_NAME"]);
    log(words.mongodbIndexesFailed);
  }
}

function open(settings: MongodbSettings): MongoClient {
  try {
    return new MongoClient(settings.url, optionsFor(settings));
  } catch {
    throw new Refusal("invalid setting", ["MONGODB_URL"]);
  }
}

/** What the URL says itself wins: the stack writes its own settings there. */
export function optionsFor({ url, timeout, maxPoolSize, minPoolSize }: MongodbSettings): MongoClientOptions {
  const given = new Set(new URLSearchParams(url.split("?")[1] ?? "").keys());
  const defaults = {
    retryWrites: true,
    retryReads: true,
    heartbeatFrequencyMS: 10_000,
    compressors: ["zlib"],
  };
  return {
    serverSelectionTimeoutMS: timeout,
    connectTimeoutMS: timeout,
    maxPoolSize,
    minPoolSize,
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !given.has(name))),
  };
}
