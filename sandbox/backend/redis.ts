/** Redis, optional: cache, rate limits, sessions. */
import { createClient } from "@redis/client";
import type { Connected, Database } from "./health.ts";
import { Refusal } from "./reasons.ts";
import type { RedisSettings } from "./settings.ts";
import { type Log, words } from "./words.ts";

/** Milliseconds for a connection. */
const timeout = 5000;

type Client = ReturnType<typeof open>;

function open(url: string) {
  try {
    return createClient({ url, socket: { connectTimeout: timeout, reconnectStrategy: false } });
  } catch {
    // Its message quotes the URL.
    throw new Refusal("invalid setting", ["REDIS_URL"]);
  }
}

export class Redis implements Database {
  readonly label = "Redis";
  private readonly settings: RedisSettings;
  private readonly log: Log;
  private client: Client | undefined;

  constructor(settings: RedisSettings, log: Log) {
    this.settings = settings;
    this.log = log;
  }

  async check(): Promise<Connected> {
    const connected = this.client?.isReady ? this.client : undefined;
    const client = connected ?? (await this.connect());
    const since = performance.now();
    await client.ping();
    const latency = performance.now() - since;
    if (connected === undefined) {
      this.client = client;
      this.log(words.redisConnected);
    }
    const information = await client.info("server").catch(() => "");
    const version = /^(?:valkey|redis)_version:(\S+)/m.exec(information)?.[1];
    return { latency, ...(version !== undefined && { version }) };
  }

  variables(): string[] {
    return ["REDIS_URL"];
  }

  async close(): Promise<void> {
    if (this.client?.isOpen) await this.client.close();
  }

  private async connect(): Promise<Client> {
    const client = open(this.settings.url);
    // Without a listener a lost connection would end the process. The next check opens another one.
    client.on("error", () => undefined);
    try {
      await client.connect();
      await client.ping();
      return client;
    } catch (error) {
      if (client.isOpen) client.destroy();
      throw error;
    }
  }
}
