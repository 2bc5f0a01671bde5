/** Redis: connects as the backend does, tries the commands on a throw-away key, and takes that away again. */
import { createClient } from "@redis/client";
import type { Observation, RedisFacts } from "../../model.ts";
import type { RedisSettings } from "../../variables.ts";
import { meaningOf } from "../errors.ts";
import { latencyOf } from "../latency.ts";
import { grace, KnownFailure, type LookOptions, look } from "../look.ts";
import { accepts, authorities, lookAtTls } from "../network.ts";
import { tryCommands } from "./throw-away.ts";

export async function lookAtRedis(
  { url }: RedisSettings,
  options: LookOptions,
): Promise<Observation<RedisFacts>> {
  const { protocol, hostname, port } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$/g, "");
  const address = { host, port: Number(port || 6379), ...authorities(options.ca) };
  return look<RedisFacts>(host, options, async (progress) => {
    const { facts, deadline } = progress;
    Object.assign(progress, { tls: protocol === "rediss:", accepted: false });
    const client = opened(url, options);
    // Whoever waits for an answer is told; without a listener it would end the process.
    client.on("error", () => undefined);
    client.on("connect", () => {
      progress.accepted = true;
    });
    try {
      await deadline.within(client.connect(), options.timeout + grace / 2);
      await deadline.within(client.ping());
      progress.stage = "asking";
      facts.connected = true;
      // One connection answers in order: what is asked side by side waits for itself.
      facts.latency = await deadline.within(latencyOf(() => client.ping(), options.timeout / 5));
      // Each to its end: the key has to be gone before the connection is.
      const asked = [
        tryCommands(client, deadline),
        deadline.within(informationOf(client)),
        lookAtTls(address, progress),
      ] as const;
      await Promise.allSettled(asked);
      const [commands, information] = await Promise.all(asked);
      Object.assign(facts, factsFrom({ commands, information }));
    } catch (error) {
      const { kind } = meaningOf(error);
      if (kind.startsWith("certificate-")) await lookAtTls(address, progress);
      if (kind === "timeout") progress.accepted ||= await accepts(address, grace / 2);
      throw error;
    } finally {
      if (client.isOpen) client.destroy();
    }
  });
}

/** The driver's client, as this look opens it. */
type Client = ReturnType<typeof opened>;

/** @throws KnownFailure when the URL is none; the driver's message would quote it */
function opened(url: string, { timeout, ca }: LookOptions) {
  try {
    const trust = url.startsWith("rediss:") ? { tls: true as const, ...authorities(ca) } : {};
    return createClient({
      url,
      name: "kairos-status",
      socket: { connectTimeout: timeout, reconnectStrategy: false, ...trust },
    });
  } catch (error) {
    throw new KnownFailure({ kind: "invalid-variables", evidence: meaningOf(error).evidence });
  }
}

/** Both sections, or nothing: vendors may keep INFO to themselves. */
async function informationOf(client: Client): Promise<string> {
  const sections = ["server", "memory"].map(async (section) => {
    try {
      return await client.info(section);
    } catch (error) {
      if (["not-allowed", "not-supported"].includes(meaningOf(error).kind)) return "";
      throw error;
    }
  });
  return (await Promise.all(sections)).join("\r\n");
}

/** What Redis answers: the same here and from inside (../../inside/look.py). */
export interface RedisAnswers {
  commands?: RedisFacts["commands"] | undefined;
  /** To INFO; vendors may leave parts of it out, and refuse CONFIG. */
  information?: string | undefined;
}

/** Sizes in bytes. */
export function factsFrom({ commands, information }: RedisAnswers): Omit<RedisFacts, "connected"> {
  if (information === undefined) return commands ? { commands } : {};
  const field = (name: string) => new RegExp(`^${name}:([a-z0-9.-]+)\\s*$`, "m").exec(information)?.[1];
  const [policy, maximum, used] = [field("maxmemory_policy"), field("maxmemory"), field("used_memory")];
  // Valkey says a version of Redis, too.
  const valkey = field("valkey_version");
  const version = valkey ?? field("redis_version");
  return {
    ...(commands && { commands }),
    ...(version !== undefined && { version, software: valkey === undefined ? "redis" : "valkey" }),
    memory: {
      ...(policy !== undefined && { policy }),
      ...(maximum !== undefined && { maximum: Number(maximum) }),
      ...(used !== undefined && { used: Number(used) }),
    },
  };
}
