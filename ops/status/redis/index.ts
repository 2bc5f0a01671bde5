/** Redis: connects as the backend does, tries the commands on a throw-away key, and takes that away again. */
import { isPrivate } from "../causes.ts";
import { databaseCheck, grace } from "../check.ts";
import { meaningOf } from "../errors.ts";
import { latencyOf } from "../latency.ts";
import type { RedisFacts } from "../model.ts";
import { accepts } from "../network.ts";
import { authorities, lookAtTls } from "../tls.ts";
import type { RedisSettings } from "../variables.ts";
import { type Client, opened } from "./client.ts";
import { memoryFrom, policyRemarks, softwareFrom } from "./memory.ts";
import { tryCommands } from "./throw-away.ts";

export const checkRedis = databaseCheck<RedisSettings, RedisFacts>({
  place: ({ url }) => {
    const { protocol, hostname } = new URL(url);
    return { database: "redis", host: hostname, tls: protocol === "rediss:", accepted: false };
  },
  insistsOnTls: true,
  isPrivate,
  variablesOf: () => ["REDIS_URL"],
  unusable: () => undefined,
  async inspect(settings, options, progress) {
    const { facts, deadline, place } = progress;
    const address = { ...addressIn(settings), ...authorities(options.ca) };
    const client = opened(settings, options);
    // Whoever waits for an answer is told; without a listener it would end the process.
    client.on("error", () => undefined);
    client.on("connect", () => {
      place.accepted = true;
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
      facts.commands = commands;
      Object.assign(facts, softwareFrom(information));
      facts.memory = memoryFrom(information);
      return policyRemarks(facts.memory);
    } catch (error) {
      const { kind } = meaningOf(error);
      if (kind.startsWith("certificate-")) await lookAtTls(address, progress);
      if (kind === "timeout") place.accepted ||= await accepts(address, grace / 2);
      throw error;
    } finally {
      if (client.isOpen) client.destroy();
    }
  },
});

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

function addressIn({ url }: RedisSettings): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replaceAll(/^\[|\]$/g, ""), port: Number(port || 6379) };
}
