/** Redis: connects as the backend does, tries the commands on a throw-away key, and takes that away again. */
import { vendorOf } from "../causes.ts";
import {
  type CheckOptions,
  grace,
  latencyOf,
  mistaken,
  off,
  type Progress,
  runCheck,
  slowness,
} from "../check.ts";
import { meaningOf } from "../errors.ts";
import type { RedisFacts, RedisStatus } from "../model.ts";
import { accepts } from "../network.ts";
import { authorities, probeTls, tlsRemarks } from "../tls.ts";
import type { ConfigurationResult, RedisSettings } from "../variables.ts";
import { type Client, opened } from "./client.ts";
import { memoryFrom, policyRemarks, softwareFrom } from "./memory.ts";
import { tryCommands } from "./throw-away.ts";

export async function checkRedis(
  configured: ConfigurationResult<RedisSettings>,
  options: CheckOptions,
): Promise<RedisStatus> {
  const facts: RedisFacts = { connected: false };
  if (configured === undefined) return off(facts);
  if ("mistakes" in configured) return mistaken(configured.mistakes, facts);
  const { settings } = configured;
  const { protocol, hostname } = new URL(settings.url);
  const place = { database: "redis" as const, host: hostname, tls: protocol === "rediss:", accepted: false };
  return runCheck(
    place,
    facts,
    options,
    (progress) => inspectRedis(settings, options, progress),
    () => ["REDIS_URL"],
  );
}

async function inspectRedis(
  settings: RedisSettings,
  options: CheckOptions,
  progress: Progress<RedisFacts>,
): Promise<void> {
  const { facts, deadline, place } = progress;
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
      lookAtTls(settings, options, progress),
    ] as const;
    await Promise.allSettled(asked);
    const [commands, information] = await Promise.all(asked);
    facts.commands = commands;
    Object.assign(facts, softwareFrom(information));
    facts.memory = memoryFrom(information);
    const isPrivate = vendorOf(place.host) === "render-private" || isLoopback(place.host);
    progress.remarks.push(
      ...tlsRemarks(facts.tls, true, isPrivate),
      ...slowness(facts.latency),
      ...policyRemarks(facts.memory),
    );
  } catch (error) {
    const { kind } = meaningOf(error);
    if (kind.startsWith("certificate-")) await lookAtTls(settings, options, progress);
    if (kind === "timeout") place.accepted ||= await accepts(addressIn(settings), grace / 2);
    throw error;
  } finally {
    if (client.isOpen) client.destroy();
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

const isLoopback = (host: string) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(host);

async function lookAtTls(
  settings: RedisSettings,
  { ca }: CheckOptions,
  { facts, deadline, place }: Progress<RedisFacts>,
): Promise<void> {
  if (!place.tls) {
    facts.tls = { on: false };
    return;
  }
  const found = await probeTls({ ...addressIn(settings), ...authorities(ca) }, deadline).catch(
    () => undefined,
  );
  if (found !== undefined) facts.tls = found;
}

function addressIn({ url }: RedisSettings): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname.replaceAll(/^\[|\]$/g, ""), port: Number(port || 6379) };
}
