/** What a reviewer should know of a stack's settings and no policy (infra/policies) can see in its resources. */

import { ignoredIn } from "../../infra/settings/defaults.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { facts, tiers } from "../../infra/settings/vendors.ts";
import { plural } from "../terminal/amounts.ts";

/** One line per risk, with the setting that causes it. @param given the settings as they stand in the stack file */
export function warningsOf(settings: Settings, given: Record<string, unknown>, now: Date): string[] {
  const { mongodb, postgres, redis } = settings;
  const warnings: string[] = [];
  const say = (setting: string, text: string) => warnings.push(`kairos:${setting}: ${text}`);

  if (mongodb.database !== mongodb.database.normalize("NFC"))
    say(
      "mongodb.database",
      `${mongodb.database} is written with combining marks (not NFC): the name as a keyboard writes it is another database`,
    );
  const pools = poolsOf(settings);
  if (pools !== undefined) say("mongodb.driver", pools);
  if (mongodb.tier === "M0") say("mongodb.tier", "M0 has no backup: what is lost is lost");
  if (mongodb.tier === "FLEX")
    say("mongodb.tier", "FLEX has one snapshot a day, kept for eight days, and no moment in between");
  if (mongodb.backups?.compliance !== undefined)
    say(
      "mongodb.backups.compliance",
      "it holds for the whole Atlas project, and cannot be turned off again: only Atlas' support can, and destroy leaves it",
    );
  if (mongodb.restored !== undefined) say("mongodb.restored", beside(mongodb.restored, mongodb));
  if (postgres.enabled && postgres.restored !== undefined)
    say("postgres.restored", beside(postgres.restored, postgres));
  if (postgres.enabled && postgres.plan === "free")
    say("postgres.plan", "Render deletes free databases 30 days after their creation");
  // An older version of the program knows no such list.
  if (redis.provider === "upstash" && redis.accessList?.length === 0)
    say("redis.accessList", "any address may try the password, unless Upstash's console has a list");
  if (redis.provider === "redis-cloud") {
    // Both need the provider's enable_payg_features, which Redis Cloud refuses for new databases.
    say(
      "redis.provider",
      "any address may try the password: the provider cannot set an access list for a new Essentials database",
    );
    if (redis.tls)
      say(
        "redis.tls",
        "switch TLS on in Redis Cloud's console after the first up: its provider cannot, and REDIS_URL is rediss://",
      );
  }
  for (const [section, keys] of ignoredIn(given)) say(section, `off, so ignored: ${keys.join(", ")}`);
  return [...warnings, ...outdatedKnown(settings, now), ...outdatedFacts(settings, now)];
}

/** What is taken in, and what becomes of what it was restored from. */
function beside(
  restored: string,
  {
    name,
    original,
    mayBeDestroyed,
    earlier = [],
  }: {
    name: string;
    original?: string | undefined;
    mayBeDestroyed?: string | undefined;
    earlier?: readonly string[];
  },
): string {
  const still = earlier.length === 0 ? "" : `, and ${earlier.join(" and ")}, of before, stays and costs`;
  const now = `${restored} is taken in as it is, and the variables lead to it${still}`;
  if (original === "gone") return `${now}; ${name}, which it was restored from, goes with its data`;
  const next =
    mayBeDestroyed === name ? "original: gone deletes it" : "it may go when mayBeDestroyed has its name";
  return `${now}; ${name}, which it was restored from, stays and costs: ${next}`;
}

/**
 * What the backend's pools ask of each node of the cluster, against what its tier has. A pool is one process'; while a
 * service is deployed, the old and the new processes run side by side.
 */
function poolsOf({ mongodb: { tier, driver, autoscale }, backend }: Settings): string | undefined {
  const smallest = autoscale?.from ?? tier;
  const { connections, newConnections } = tiers[smallest];
  const processes = backend.reduce((sum, service) => sum + processesOf(service), 0);
  const most = processes * driver.maxPoolSize * 2;
  const atOnce = processes * driver.minPoolSize;
  const parts: string[] = [];
  if (most > connections)
    parts.push(
      `${plural(processes, "process", "processes")} × maxPoolSize ${driver.maxPoolSize}, twice during a deploy, are up to ${most} connections; ${smallest} has ${connections}`,
    );
  if (newConnections !== undefined && atOnce / newConnections > driver.timeout / 1000)
    parts.push(
      `${plural(processes, "process", "processes")} × minPoolSize ${driver.minPoolSize} are ${atOnce} connections at start; ${smallest} opens ${newConnections} a second, which takes ${Math.ceil(atOnce / newConnections)}s, and the driver waits ${driver.timeout / 1000}s`,
    );
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** How many processes of a service connect, as far as the settings say: one, where it exists already. */
function processesOf(service: Settings["backend"][number]): number {
  const { WEB_CONCURRENCY } = service.variables;
  const start = "link" in service ? "" : (service.start ?? "");
  const workers = Number(/(?:--workers[ =]|-w ?)(\d+)/.exec(start)?.[1] ?? WEB_CONCURRENCY ?? 1);
  const instances = "link" in service ? 1 : (service.instances ?? 1);
  return instances * (workers >= 1 ? workers : 1);
}

/** How old somebody's word on what stands beside the stack may grow. In days. */
const oldestWord = 366;

/** One line for each thing that nobody has looked at for too long, or is said to have been looked at tomorrow. */
function outdatedKnown({ known = [] }: Partial<Pick<Settings, "known">>, now: Date): string[] {
  return known.flatMap(({ kind, name, day }, index) => {
    const days = Math.floor((now.getTime() - Date.parse(day)) / 86_400_000);
    const say = (text: string) => [`kairos:known[${index}].day: got ${day} of ${kind} ${name}; ${text}`];
    if (days < -1) return say("expected the day on which somebody looked at it");
    return days > oldestWord
      ? say("that is more than a year ago: look whether it may stay, and put that day")
      : [];
  });
}

/** How old a vendor's fact may grow before people are told to look again. In days. */
export const oldestFact = 180;

/** One line for each list of the stack's vendors that nobody has held against its source for too long. */
function outdatedFacts({ redis }: Settings, now: Date): string[] {
  const vendors = (["atlas", "render", "upstash", "redis-cloud"] as const).filter(
    (vendor) => vendor === "atlas" || vendor === "render" || vendor === redis.provider,
  );
  return vendors.flatMap((vendor) =>
    Object.entries(facts[vendor].tables).flatMap(([name, { source, day }]) => {
      const days = Math.floor((now.getTime() - Date.parse(day)) / 86_400_000);
      return days > oldestFact
        ? [
            `${name} of ${vendor} are of ${day}, ${days} days old: look at ${source} and correct infra/facts/${vendor}.json`,
          ]
        : [];
    }),
  );
}
