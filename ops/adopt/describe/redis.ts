/** A Redis as `kairos:redis` says it, whoever runs it. */
import { beside, type RenderRegion } from "../../../infra/settings/vendors.ts";
import { type Difference, type Redis, Secret } from "../model.ts";
import { accessEntries, wideEntries } from "./access-list.ts";
import type { Section, SectionDescription } from "./types.ts";

/** What is found is described as it is; what its provider would replace is used by its URL and not managed. */
export function describeRedis(found: Redis, region: RenderRegion, section: Section): SectionDescription {
  const why = notManageable(found, region);
  if (why !== undefined) {
    const url = "externalUrl" in found ? found.externalUrl : found.url;
    return { ...external(url, section), differences: [unmanaged(found, why)] };
  }
  const exclusive = section.provider !== found.provider;
  switch (found.provider) {
    case "external":
      return external(found.url, section);
    case "upstash":
      return {
        settings: {
          provider: "upstash",
          name: found.name,
          primaryRegion: found.primaryRegion === beside[region].upstash ? undefined : found.primaryRegion,
          readRegions: found.readRegions.length > 0 ? found.readRegions : undefined,
          eviction: found.eviction,
          budget: found.budget === 20 ? undefined : found.budget,
          mayBeDestroyed: undefined,
        },
        exclusive,
        imports: { redis: found.id },
        differences: [],
      };
    case "render":
      return {
        settings: {
          provider: "render",
          name: found.name,
          plan: found.plan,
          maxmemoryPolicy: found.maxmemoryPolicy,
          persistence: found.persistence,
          accessList: found.accessList.length > 0 ? accessEntries(found.accessList) : undefined,
          mayBeDestroyed: undefined,
        },
        exclusive,
        imports: { redis: found.id },
        differences: wideEntries(found.accessList, found.name, "redis"),
      };
    case "redis-cloud":
      return {
        settings: {
          provider: "redis-cloud",
          name: found.name,
          subscription: found.subscription === found.name ? undefined : found.subscription,
          plan: found.plan,
          eviction: found.eviction,
          persistence: found.persistence,
          replication: found.replication || undefined,
          paymentMethod: found.paymentMethod,
          tls: found.tls,
          password: new Secret(found.password),
          mayBeDestroyed: undefined,
        },
        exclusive,
        imports: { redis: found.id },
        differences: [],
      };
  }
}

/** No Redis is taken over: one that the settings want would be created. */
export function withoutRedis(section: Section): SectionDescription {
  const { provider = "none" } = section;
  return {
    settings: { provider: "none" },
    exclusive: true,
    imports: {},
    differences:
      provider === "none"
        ? []
        : [
            {
              what: "Redis",
              is: "none taken over",
              wouldBe: `created at ${String(provider)} as the stack file says`,
              keptBy: "kairos:redis.provider: none; choose a provider after pulumi up to create one",
            },
          ],
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
function notManageable(found: Redis, region: RenderRegion): string | undefined {
  switch (found.provider) {
    case "upstash":
      if (found.region !== "global") return `regional (${found.region}), a kind that Upstash no longer makes`;
      return found.tls ? undefined : "without TLS, which this stack asks for";
    case "render":
      return found.region === region ? undefined : `in ${found.region}, another region than the backend`;
    case "redis-cloud":
      if (found.place !== `AWS ${beside[region].aws}`) return `on ${found.place}, not beside the backend`;
      if (found.plan === "") return "on a plan that Redis Cloud no longer lists";
      return found.password === "" ? "without a password of its default user" : undefined;
    case "external":
      return undefined;
  }
}
