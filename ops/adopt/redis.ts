/** The Redis, whoever runs it: which one is taken over, and how `kairos:redis` says it. */
import { types } from "../../infra/resources.ts";
import { beside, type RenderRegion } from "../../infra/settings/vendors.ts";
import type {
  RedisCloud,
  RedisCloudDatabase,
  RedisCloudPlan,
  RedisCloudSubscription,
} from "../../vendors/redis-cloud.ts";
import type { Render, RenderKeyValue } from "../../vendors/render.ts";
import type { Upstash, UpstashDatabase } from "../../vendors/upstash.ts";
import { choose, rowsOf, type Thing, textOf } from "./choose.ts";
import {
  accessDifferences,
  accessEntries,
  type Choices,
  type Ground,
  isManaged,
  nothingOf,
  renderEntries,
  Secret,
  type Section,
  type SectionDescription,
} from "./section.ts";
import { samePlace } from "./urls.ts";

/** A Redis, with its vendor's own answer; its id is as its import wants it. */
export type Redis = Thing & {
  /** With credentials. Secret. */
  url: string;
} & (
    | { provider: "upstash"; database: UpstashDatabase }
    | { provider: "render"; database: RenderKeyValue; externalUrl: string }
    | {
        provider: "redis-cloud";
        database: RedisCloudDatabase;
        subscription: RedisCloudSubscription;
        /** Undefined for one that Redis Cloud no longer lists. */
        plan: RedisCloudPlan | undefined;
      }
    /** One that only the services' variables, or the settings, know. */
    | { provider: "external" }
  );
type ManagedRedis = Exclude<Redis, { provider: "external" }>;

const kind = "Redis";

/** All Redis databases of the account. */
export async function upstashDatabases(upstash: Upstash): Promise<Redis[]> {
  return (await upstash.databases()).map((database) => ({
    vendor: "Upstash",
    provider: "upstash",
    kind,
    id: database.database_id,
    name: database.database_name,
    url: urlOf(database.tls, database.password, `${database.endpoint}:${database.port}`),
    database,
  }));
}

/** All Key Values of the workspace. */
export async function keyValues(render: Render): Promise<Redis[]> {
  return Promise.all(
    (await render.list("key-value")).map(async (database): Promise<Redis> => {
      const { id, name } = database;
      const { internalConnectionString: url, externalConnectionString: externalUrl } =
        await render.connection("key-value", id);
      return { vendor: "Render", provider: "render", kind, id, name, url, externalUrl, database };
    }),
  );
}

/** All Essentials databases of the account. */
export async function redisCloudDatabases(redisCloud: RedisCloud): Promise<Redis[]> {
  const subscriptions = await redisCloud.subscriptions();
  if (subscriptions.length === 0) return [];
  const plans = await redisCloud.plans();
  const found: Redis[] = [];
  for (const subscription of subscriptions) {
    const plan = plans.find(({ id }) => id === subscription.planId);
    for (const { databaseId } of await redisCloud.databases(subscription.id)) {
      const database = await redisCloud.database(subscription.id, databaseId);
      const { name, publicEndpoint, security } = database;
      found.push({
        vendor: "Redis Cloud",
        provider: "redis-cloud",
        kind,
        id: `${subscription.id}/${databaseId}`,
        name,
        url: urlOf(security.enableTls === true, security.password ?? "", publicEndpoint),
        database,
        subscription,
        plan,
      });
    }
  }
  return found;
}

const urlOf = (tls: boolean, password: string, place: string) =>
  `${tls ? "rediss" : "redis"}://default:${encodeURIComponent(password)}@${place}`;

/** At any of the four, or one that only the services' variables know. */
export async function chooseRedis(all: readonly Redis[], ground: Ground): Promise<Choices> {
  if (isManaged(ground, types.upstash, types.keyValue, types.redisCloud))
    return { rows: rowsOf(all, "managed") };
  const { sections, flags, variables, ask } = ground;
  const section = sections.redis;
  if (flags.redis === "none") return { rows: rowsOf(all), describe: () => withoutRedis(section) };
  const url = variables.REDIS_URL?.value;
  const isUsed = (one: Redis) =>
    samePlace(one.url, url) || ("externalUrl" in one && samePlace(one.externalUrl, url));
  const known = url === undefined || all.some(isUsed);
  const kept = section.provider === "external" ? textOf(section.url) : undefined;
  const elsewhere = known ? kept : url;
  const external = {
    vendor: "elsewhere",
    kind,
    provider: "external",
    id: "external",
    name: "external",
  } as const;
  const chosen = await choose<Redis>(
    {
      noun: "Redis database",
      flag: "--redis",
      all: elsewhere === undefined ? all : [...all, { ...external, url: elsewhere }],
      wanted: flags.redis,
      settled: section.provider === "external" ? (known ? "external" : undefined) : textOf(section.name),
      isUsed: (one) => one.provider === "external" || isUsed(one),
    },
    ask,
  );
  const elsewhereChosen = chosen?.thing.provider === "external" ? [chosen.thing] : [];
  return {
    rows: rowsOf([...all, ...elsewhereChosen], chosen),
    describe: (region) =>
      chosen === undefined ? withoutRedis(section) : describeRedis(chosen.thing, region, section),
  };
}

/** What is found is described as it is; what its provider would replace is used by its URL and not managed. */
export function describeRedis(found: Redis, region: RenderRegion, section: Section): SectionDescription {
  const values: SectionDescription["values"] = ({ redis }) =>
    redis.provider === "none"
      ? {}
      : { redis: { url: redis.provider === "external" ? redis.url : found.url } };
  const { provider, name } = found;
  const why = provider === "external" ? undefined : notManageable(found, region);
  if (provider === "external" || why !== undefined)
    return {
      settings: {
        provider: "external",
        url: new Secret("externalUrl" in found ? found.externalUrl : found.url),
      },
      exclusive: section.provider !== "external",
      imports: {},
      differences:
        why === undefined
          ? []
          : [
              {
                what: `${name} (${provider})`,
                is: why,
                wouldBe: "replaced by an empty one",
                keptBy: "kairos:redis.provider: external; it is used by its URL and not managed",
              },
            ],
      values,
    };
  const accessList = provider === "render" ? renderEntries(found.database.ipAllowList) : [];
  return {
    settings: { provider, name, ...settingsOf(found, region), mayBeDestroyed: undefined },
    exclusive: section.provider !== provider,
    imports: { redis: found.id },
    differences: accessDifferences(accessList, name, "redis"),
    values,
  };
}

/** What only this provider's settings have. */
function settingsOf(found: ManagedRedis, region: RenderRegion): SectionDescription["settings"] {
  switch (found.provider) {
    case "upstash": {
      const { primary_region = "", read_regions, eviction = false, budget = 20 } = found.database;
      return {
        primaryRegion: primary_region === beside[region].upstash ? undefined : primary_region,
        readRegions: read_regions?.length ? read_regions : undefined,
        eviction,
        budget: budget === 20 ? undefined : budget,
      };
    }
    case "render": {
      const { plan, options, ipAllowList } = found.database;
      return {
        plan,
        maxmemoryPolicy: options.maxmemoryPolicy,
        persistence: options.persistenceMode,
        accessList: ipAllowList?.length ? accessEntries(renderEntries(ipAllowList)) : undefined,
      };
    }
    case "redis-cloud": {
      const { database, subscription, plan } = found;
      return {
        subscription: subscription.name === found.name ? undefined : subscription.name,
        plan: plan?.name,
        eviction: database.dataEvictionPolicy,
        persistence: database.dataPersistence,
        replication: database.replication || undefined,
        paymentMethod: subscription.paymentMethodId || undefined,
        tls: database.security.enableTls === true,
        password: new Secret(database.security.password ?? ""),
      };
    }
  }
}

/** Why the provider of this stack would replace it, or could not be told of it. */
function notManageable(found: ManagedRedis, region: RenderRegion): string | undefined {
  switch (found.provider) {
    case "upstash": {
      const { region: kind, tls } = found.database;
      if (kind !== "global") return `regional (${kind}), a kind that Upstash no longer makes`;
      return tls ? undefined : "without TLS, which this stack asks for";
    }
    case "render":
      return found.database.region === region
        ? undefined
        : `in ${found.database.region}, another region than the backend`;
    case "redis-cloud": {
      const place = `${found.plan?.provider} ${found.plan?.region}`;
      if (found.plan === undefined) return "on a plan that Redis Cloud no longer lists";
      if (place !== `AWS ${beside[region].aws}`) return `on ${place}, not beside the backend`;
      return found.database.security.password ? undefined : "without a password of its default user";
    }
  }
}

/** No Redis is taken over: one that the settings want would be created. */
export const withoutRedis = ({ provider = "none" }: Section): SectionDescription =>
  nothingOf(
    { provider: "none" },
    provider !== "none" && {
      what: "Redis",
      is: "none taken over",
      wouldBe: `created at ${String(provider)} as the stack file says`,
      keptBy: "kairos:redis.provider: none; choose a provider after pulumi up to create one",
    },
  );
