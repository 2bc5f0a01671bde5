/**
 * What the vendors offer, as data: regions, plans, versions. Each list names the page or schema it was read
 * from, so that a reviewer can check it and the next person knows where to look when a vendor adds a word.
 */

/** Render's regions. Source: Render provider 1.9.1, the validator of every `region` argument. */
export const renderRegions = ["frankfurt", "ohio", "oregon", "singapore", "virginia"] as const;
export type RenderRegion = (typeof renderRegions)[number];

/**
 * The region of each other vendor that lies beside a Render region. Render runs on AWS, so "beside" is the same
 * AWS region, which each of them offers for all of Render's.
 */
export const beside = {
  oregon: { atlas: "US_WEST_2", upstash: "us-west-2", aws: "us-west-2" },
  ohio: { atlas: "US_EAST_2", upstash: "us-east-2", aws: "us-east-2" },
  virginia: { atlas: "US_EAST_1", upstash: "us-east-1", aws: "us-east-1" },
  frankfurt: { atlas: "EU_CENTRAL_1", upstash: "eu-central-1", aws: "eu-central-1" },
  singapore: { atlas: "AP_SOUTHEAST_1", upstash: "ap-southeast-1", aws: "ap-southeast-1" },
} as const satisfies Record<RenderRegion, { atlas: AtlasRegion; upstash: UpstashRegion; aws: string }>;

/** Atlas' names of AWS regions. Source: https://www.mongodb.com/docs/atlas/reference/amazon-aws/ */
export const atlasRegions = [
  "US_EAST_1",
  "US_EAST_2",
  "US_WEST_1",
  "US_WEST_2",
  "CA_CENTRAL_1",
  "CA_WEST_1",
  "SA_EAST_1",
  "EU_CENTRAL_1",
  "EU_CENTRAL_2",
  "EU_NORTH_1",
  "EU_SOUTH_1",
  "EU_SOUTH_2",
  "EU_WEST_1",
  "EU_WEST_2",
  "EU_WEST_3",
  "AP_EAST_1",
  "AP_NORTHEAST_1",
  "AP_NORTHEAST_2",
  "AP_NORTHEAST_3",
  "AP_SOUTH_1",
  "AP_SOUTH_2",
  "AP_SOUTHEAST_1",
  "AP_SOUTHEAST_2",
  "AP_SOUTHEAST_3",
  "AP_SOUTHEAST_4",
  "ME_CENTRAL_1",
  "ME_SOUTH_1",
  "IL_CENTRAL_1",
  "AF_SOUTH_1",
] as const;
export type AtlasRegion = (typeof atlasRegions)[number];

/**
 * Atlas' tiers, smallest first: M0 (free) and FLEX share their hosts with others, M10 and up are dedicated.
 * Source: https://www.mongodb.com/docs/atlas/cluster-tier/ (general class only).
 */
export const dedicatedTiers = [
  "M10",
  "M20",
  "M30",
  "M40",
  "M50",
  "M60",
  "M80",
  "M140",
  "M200",
  "M300",
] as const;
export const atlasTiers = ["M0", "FLEX", ...dedicatedTiers] as const;

/** What of a cluster can be left as it is: guard against deletion, backups, or tiers, nodes, disks, regions and their scaling. */
export const atlasLeavable = ["terminationProtection", "backup", "hardware"] as const;

/** MongoDB's major versions that Atlas creates. Source: https://www.mongodb.com/docs/atlas/reference/faq/database/ */
export const mongodbVersions = ["7.0", "8.0"] as const;

/** Source: Render provider 1.9.1, validator of `render_postgres.version`. */
export const postgresVersions = ["11", "12", "13", "14", "15", "16", "17", "18"] as const;

/** Source: Render provider 1.9.1, validator of `render_postgres.plan`; the legacy plans are left out. */
export const postgresPlans = [
  "free",
  "basic_256mb",
  "basic_1gb",
  "basic_4gb",
  ...["4gb", "8gb", "16gb", "32gb", "64gb", "128gb", "192gb", "256gb", "384gb", "512gb"].map(
    (size) => `pro_${size}` as const,
  ),
  ...["16gb", "32gb", "64gb", "128gb", "256gb", "384gb", "512gb", "768gb", "1024gb"].map(
    (size) => `accelerated_${size}` as const,
  ),
] as const;

/** Source: Render provider 1.9.1, validator of `render_keyvalue.plan`. */
export const keyValuePlans = ["free", "starter", "standard", "pro", "pro_plus"] as const;

/** Render's spelling of Redis' policies. Source: Render provider 1.9.1, `render_keyvalue.max_memory_policy`. */
export const maxmemoryPolicies = [
  "noeviction",
  "allkeys_lru",
  "allkeys_lfu",
  "allkeys_random",
  "volatile_lru",
  "volatile_lfu",
  "volatile_random",
  "volatile_ttl",
] as const;

/** Source: Render provider 1.9.1, validator of `render_keyvalue.persistence_mode`. */
export const keyValuePersistence = ["off", "snapshot", "journal_snapshot"] as const;

/**
 * Render's instance types of services. The provider lets any word pass and the API then refuses the `up`, so
 * the list is checked here. Source: https://render.com/docs/web-services and the provider's documentation.
 */
export const servicePlans = [
  "free",
  "starter",
  "standard",
  "pro",
  "pro_plus",
  "pro_max",
  "pro_ultra",
] as const;

/** Regions of an Upstash global database. Source: `primary_region` in Upstash's OpenAPI description of its developer API. */
export const upstashRegions = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "sa-east-1",
  "ap-south-1",
  "ap-northeast-1",
  "ap-southeast-1",
  "ap-southeast-2",
] as const;
export type UpstashRegion = (typeof upstashRegions)[number];

/** Source: Redis Cloud provider 2.11.0, `rediscloud_essentials_database.data_persistence`. */
export const redisCloudPersistence = [
  "none",
  "aof-every-1-second",
  "aof-every-write",
  "snapshot-every-1-hour",
  "snapshot-every-6-hours",
  "snapshot-every-12-hours",
] as const;
