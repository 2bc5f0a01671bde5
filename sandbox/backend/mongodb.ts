/** MongoDB, where Kaïros keeps its modules, its users and their progress. */
import { createRequire } from "node:module";
import { type Db, MongoClient, type MongoClientOptions } from "mongodb";
import type { Connected, Database } from "./health.ts";
import { isFinal, Refusal, reasonOf } from "./reasons.ts";
import type { MongodbSettings } from "./settings.ts";
import { type Log, words } from "./words.ts";

const indexes = {
  users: [{ key: { email: 1 }, unique: true }],
  modules: [{ key: { subject: 1 } }, { key: { title: 1 } }],
  user_progress: [{ key: { user_id: 1, module_id: 1 }, unique: true }, { key: { completed_at: 1 } }],
} as const;

export class Mongodb implements Database {
  readonly label = "MongoDB";
  private readonly settings: MongodbSettings;
  private readonly log: Log;
  private client: MongoClient | undefined;

  constructor(settings: MongodbSettings, log: Log) {
    this.settings = settings;
    this.log = log;
  }

  async check(): Promise<Connected> {
    const known = this.client;
    this.client ??= await this.connect();
    const database = this.client.db(this.settings.database);
    const since = performance.now();
    await database.command({ ping: 1 });
    const latency = performance.now() - since;
    if (known === undefined) await this.firstTime(database);
    const { version } = await database.command({ buildInfo: 1 }).catch(() => ({ version: undefined }));
    return { latency, ...(typeof version === "string" && { version }) };
  }

  variables(): string[] {
    return ["MONGODB_URL"];
  }

  async close(): Promise<void> {
    await this.client?.close();
  }

  private async connect(): Promise<MongoClient> {
    const client = open(this.settings);
    // The driver tries until its time is over, also where that is pointless: a certificate is not trusted later, either.
    const hopeless = new Promise<never>((_, reject) => {
      client.on("serverHeartbeatFailed", ({ failure }) => {
        if (isFinal(reasonOf(failure))) reject(failure);
      });
    });
    // Nobody waits for it once the connection is there.
    hopeless.catch(() => undefined);
    try {
      await Promise.race([client.connect(), hopeless]);
    } catch (error) {
      await client.close();
      throw error;
    }
    this.log(words.mongodbConnected);
    return client;
  }

  private async firstTime(database: Db): Promise<void> {
    this.log(words.mongodbPing);
    try {
      await this.prepare(database);
    } catch (error) {
      // The rights may come later: then everything starts again.
      await this.client?.close();
      this.client = undefined;
      throw error;
    }
  }

  /** Collections come into being with their indexes. */
  private async prepare(database: Db): Promise<void> {
    try {
      for (const [collection, wanted] of Object.entries(indexes))
        await database.collection(collection).createIndexes(wanted.map((index) => ({ ...index })));
      this.log(words.mongodbIndexes);
    } catch (error) {
      // Who has logged in and is refused now may not write: Atlas says so with the code of a refused login.
      if (["not allowed", "wrong user or password"].includes(reasonOf(error)))
        throw new Refusal("not allowed", ["MONGODB_URL", "MONGODB_DB_NAME"]);
      this.log(words.mongodbIndexesFailed);
    }
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
  const compressors: MongoClientOptions["compressors"] = available("snappy") ? ["snappy", "zlib"] : ["zlib"];
  const defaults = { retryWrites: true, retryReads: true, heartbeatFrequencyMS: 10_000, compressors };
  return {
    serverSelectionTimeoutMS: timeout,
    connectTimeoutMS: timeout,
    maxPoolSize,
    minPoolSize,
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !given.has(name))),
  };
}

function available(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
