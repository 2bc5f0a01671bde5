/** Redis, optional: cache, rate limits, sessions. */
import { createClient } from "@redis/client";
import type { Database } from "./health.ts";
import { Refusal } from "./reasons.ts";
import type { RedisSettings } from "./settings.ts";
import { type Log, words } from "./words.ts";

/** Milliseconds for a connection. */
const timeout = 5000;

export function redis({ url }: RedisSettings, log: Log): Database {
  let client: ReturnType<typeof open> | undefined;
  return {
    check: async () => {
      const connected = client?.isReady ? client : undefined;
      client = connected ?? open(url);
      try {
        if (connected === undefined) await client.connect();
        await client.ping();
      } catch (error) {
        if (client.isOpen) client.destroy();
        throw error;
      }
      if (connected === undefined) log(words.redisConnected);
      const information = await client.info("server").catch(() => "");
      return { version: /^(?:valkey|redis)_version:(\S+)/m.exec(information)?.[1] };
    },
    variables: () => ["REDIS_URL"],
    close: async () => client?.isOpen && client.close(),
  };
}

function open(url: string) {
  try {
    const socket = { connectTimeout: timeout, reconnectStrategy: false } as const;
    // Without a listener a lost connection would end the process. The next check opens another one.
    return createClient({ url, socket }).on("error", () => undefined);
  } catch {
    // Its message quotes the URL.
    throw new Refusal("invalid setting", ["REDIS_URL"]);
  }
}
