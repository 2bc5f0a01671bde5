/** A Redis as `kairos:redis` says it, whoever runs it. */
import { beside, type RenderRegion } from "../../../infra/settings/vendors.ts";
import { Secret } from "../apply.ts";
import type { Redis } from "../redis.ts";
import type { Difference } from "../report.ts";
import type { Section } from "../settings.ts";
import { accessEntries, renderEntries, wideEntries } from "./access-list.ts";
import type { SectionDescription } from "./index.ts";

/** What is found is described as it is; what its provider would replace is used by its URL and not managed. */
export function describeRedis(found: Redis, region: RenderRegion, section: Section): SectionDescription {
  if (found.provider === "external") return external(found.url, section);
  const why = notManageable(found, region);
  if (why !== undefined) {
    const url = found.provider === "render" ? found.externalUrl : found.url;
    return { ...external(url, section), differences: [unmanaged(found, why)] };
  }
  const { provider, name } = found;
  const accessList = found.provider === "render" ? renderEntries(found.database.ipAllowList) : [];
  return {
    settings: { provider, name, ...settingsOf(found, region), mayBeDestroyed: undefined },
    exclusive: section.provider !== provider,
    imports: { redis: found.id },
    differences: wideEntries(accessList, name, "redis"),
  };
}

type ManagedRedis = Exclude<Redis, { provider: "external" }>;

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

/** No Redis is taken over: one that the settings want would be created. */
export function withoutRedis({ provider = "none" }: Section): SectionDescription {
  const created = {
    what: "Redis",
    is: "none taken over",
    wouldBe: `created at ${String(provider)} as the stack file says`,
    keptBy: "kairos:redis.provider: none; choose a provider after pulumi up to create one",
  };
  return {
    settings: { provider: "none" },
    exclusive: true,
    imports: {},
    differences: provider === "none" ? [] : [created],
  };
}

const external = (url: string, section: Section): SectionDescription => ({
  settings: { provider: "external", url: new Secret(url) },
  exclusive: section.provider !== "external",
  imports: {},
  differences: [],
});

const unmanaged = ({ name, provider }: Redis, is: string): Difference => ({
  what: `${name} (${provider})`,
  is,
  wouldBe: "replaced by an empty one",
  keptBy: "kairos:redis.provider: external; it is used by its URL and not managed",
});

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
