/**
 * Every setting of a stack: what it is called, what it may be, what it is when nobody sets it. The stack file
 * (`Pulumi.<stack>.yaml`) holds them in the namespace `kairos:`; unknown keys are errors.
 *
 * Rules that bind one setting to another are in rules.ts, the vendors' words in vendors.ts.
 */
import { z } from "zod";
import { policyIds } from "../policies/ids.ts";
import * as kind from "./kinds.ts";
import * as vendor from "./vendors.ts";

/**
 * A database may be deleted or replaced only while its own section repeats its name here: the name that it has
 * at the vendor now. Everything that holds data is protected until then; protection.ts compares the names.
 */
const mayBeDestroyed = z
  .string({ error: "the name of the database that may go" })
  .min(1, "the name of the database that may go")
  .optional();

/** Plain and secret variables beyond the contract, by name. */
const extraVariables = z.record(
  kind.variableName(),
  z.string({ error: "a text (numbers and true/false in quotes)" }),
);
const extraSecrets = z.record(kind.variableName(), kind.secretText());

/** A well-formed Atlas id that means nothing. */
const hexId = (n: number) => String(n + 1).padStart(24, "0");

/** MongoDB Atlas. The one mandatory database: there is no switch to turn it off. */
const mongodb = kind.group({
  /** The Atlas project: an existing one by id, or a new one in an organization. */
  project: kind.either(
    "id",
    kind.group({
      id: kind.ownersId(
        /^[0-9a-f]{24}$/,
        "an Atlas project id (24 hexadecimal digits)",
        "Atlas: Project Settings, Project ID",
        hexId,
      ),
    }),
    kind.group({
      name: kind.projectName(),
      organization: kind.ownersId(
        /^[0-9a-f]{24}$/,
        "an Atlas organization id (24 hexadecimal digits)",
        "Atlas: Organization Settings, Organization ID",
        hexId,
      ),
    }),
    "{ id } of an existing Atlas project, or { name, organization } of a new one",
  ),
  /** The cluster's name in Atlas; cannot be changed without losing the cluster. */
  name: kind.clusterName().default("cluster0"),
  tier: kind.oneOf(vendor.atlasTiers),
  /** Beside the backend unless set. */
  region: kind.oneOf(vendor.atlasRegions).optional(),
  /** Major version; dedicated tiers only (Atlas chooses for M0 and FLEX). */
  version: kind.oneOf(vendor.mongodbVersions).optional(),
  /** Size of the disk at creation; dedicated tiers only. Atlas grows it by itself. */
  disk: kind.gigabytes((gb) => gb >= 10 && gb <= 4096, "a size from 10GB to 4096GB, such as 20GB").optional(),
  /** Compute follows the load between two tiers; dedicated tiers only. Left out: the tier stays. */
  autoscale: kind
    .group({ from: kind.oneOf(vendor.dedicatedTiers), to: kind.oneOf(vendor.dedicatedTiers) })
    .optional(),
  database: kind.mongodbDatabase().default("kaïros"),
  user: kind.mongodbUser().default("kairos"),
  /**
   * The password of a user that somebody made before this stack took it over; secret. While it is set, the stack
   * sets neither password nor roles of that user. Left out: the stack makes the password.
   */
  password: kind.secretText().optional(),
  /** What of a cluster that somebody else made stays as it was found: the stack neither sets nor corrects it. */
  leave: z.array(kind.oneOf(vendor.atlasLeavable), { error: "a list of words" }).default([]),
  /** Who may open a connection. Atlas refuses everyone else before any password is read. */
  accessList: z
    .array(
      kind.group({
        cidr: kind.accessListCidr(),
        comment: z
          .string({ error: "a text of at most 80 characters" })
          .max(80, "a text of at most 80 characters"),
        /** Must be true for a block that lets (nearly) everyone in. */
        allowFromAnywhere: kind.flag().default(false),
      }),
      { error: "a list of { cidr, comment }" },
    )
    .min(1, "at least one entry: with an empty list Atlas lets nobody in, the backend included"),
  /** How the backend's driver connects. */
  driver: kind
    .group({
      timeout: kind.duration(100, 600_000).default(5000),
      maxPoolSize: kind.count(1, 10_000, "connections").default(200),
      minPoolSize: kind.count(0, 10_000, "connections").default(20),
      retryWrites: kind.flag().default(true),
      retryReads: kind.flag().default(true),
      heartbeat: kind.duration(500, 600_000).default(10_000),
      /** Put into the URL when set. Every program that uses the URL must then have the compressor installed. */
      compressors: z.array(kind.oneOf(["snappy", "zlib", "zstd"])).default([]),
    })
    .prefault({}),
  mayBeDestroyed,
});

/** Who may connect to a database on Render from outside. */
const renderAccessList = () =>
  z
    .array(
      kind.group({
        cidr: kind.ipv4Cidr(),
        comment: z.string({ error: "a text" }),
        allowFromAnywhere: kind.flag().default(false),
      }),
      { error: "a list of { cidr, comment }" },
    )
    .default([]);

const postgres = z.discriminatedUnion("enabled", [
  kind.group({ enabled: z.literal(false), mayBeDestroyed }),
  kind.group({
    enabled: z.literal(true),
    name: kind.givenName().default("kairos-postgres"),
    plan: kind.oneOf(vendor.postgresPlans),
    version: kind.oneOf(vendor.postgresVersions).default("18"),
    /** Where it runs. The backend reaches it over the private network only in the backend's own region. */
    region: kind.oneOf(vendor.renderRegions).optional(),
    disk: kind
      .gigabytes((gb) => gb === 1 || (gb >= 5 && gb % 5 === 0 && gb <= 16_000), "1GB or a multiple of 5GB")
      .optional(),
    highAvailability: kind.flag().default(false),
    readReplicas: z
      .array(kind.renderName(), { error: "a list of names" })
      .max(5, "at most 5 read replicas")
      .default([]),
    /** The database and its owner. Neither can be renamed: Render would create an empty database instead. */
    database: kind.postgresIdentifier().default("kairos"),
    user: kind.postgresIdentifier().default("kairos"),
    /** Which of Render's host names the backend gets. `public` needs the backend in the access list. */
    network: kind.oneOf(["private", "public"]).default("private"),
    /** Who may connect from outside Render's private network. Empty: nobody. */
    accessList: renderAccessList(),
    mayBeDestroyed,
  }),
]);

/** What every Redis has in common; the rest is its provider's. */
const redis = { name: kind.givenName().default("kairos-redis"), mayBeDestroyed };

const redisProviders = z.discriminatedUnion("provider", [
  kind.group({ provider: z.literal("none"), mayBeDestroyed }),
  kind.group({
    provider: z.literal("upstash"),
    ...redis,
    primaryRegion: kind.oneOf(vendor.upstashRegions).optional(),
    readRegions: z.array(kind.oneOf(vendor.upstashRegions), { error: "a list of regions" }).default([]),
    /** Forget old keys when full: right for a cache, wrong where sessions must survive. */
    eviction: kind.flag().default(true),
    /** Monthly ceiling in US dollars; Upstash stops serving above it. 20 is also the provider's default. */
    budget: kind.count(1, 100_000, "US dollars").default(20),
  }),
  kind.group({
    provider: z.literal("render"),
    ...redis,
    plan: kind.oneOf(vendor.keyValuePlans),
    maxmemoryPolicy: kind.oneOf(vendor.maxmemoryPolicies).default("allkeys_lru"),
    persistence: kind.oneOf(vendor.keyValuePersistence).optional(),
    /** Who may connect from outside Render's private network. Empty: nobody. */
    accessList: renderAccessList(),
  }),
  kind.group({
    provider: z.literal("redis-cloud"),
    ...redis,
    /** Name of the subscription that holds it; the database's own name unless set. */
    subscription: z.string({ error: "a name" }).min(1, "a name").optional(),
    /** The Essentials plan, as Redis Cloud lists it for the backend's region: `30MB`, `Single-Zone_1GB`. */
    plan: z.string({ error: "the name of an Essentials plan, such as 30MB" }).min(1, "the name of a plan"),
    eviction: kind
      .oneOf(["noeviction", "allkeys-lru", "allkeys-lfu", "volatile-lru", "volatile-lfu", "volatile-ttl"])
      .default("allkeys-lru"),
    persistence: kind.oneOf(vendor.redisCloudPersistence).default("none"),
    replication: kind.flag().default(false),
    /** The password of a database that somebody else made; secret. Left out: the stack makes it. */
    password: kind.secretText().optional(),
    /** A stored payment method; paid plans only. */
    paymentMethod: kind.count(1, 2_147_483_647, "a payment method's id").optional(),
    /**
     * Whether REDIS_URL asks for TLS. The provider cannot switch TLS on for a new Essentials database: that is
     * one click in Redis Cloud's console after the first `up`.
     */
    tls: kind.flag().default(true),
  }),
  kind.group({
    provider: z.literal("external"),
    /** The whole connection URL of a Redis that this stack does not manage; secret. */
    url: kind.redisUrl(),
    mayBeDestroyed,
  }),
]);

/** Native runtime, built from a repository; or a ready image. */
const source = kind.either(
  "repository",
  kind.group({
    repository: kind.ownersId(
      /^https:\/\/[^\s/]+\/[^\s/]+\/[^\s]+$/,
      "the https URL of a Git repository",
      "the page of the backend's repository",
      (n) => `https://git.invalid/kairos/backend-${n}`,
    ),
    branch: z.string({ error: "the name of a branch" }).min(1, "the name of a branch").default("main"),
    build: z.string({ error: "a build command" }).default("pip install -r requirements.txt"),
    /** Folder of the backend in the repository. */
    root: z.string({ error: "a folder" }).optional(),
  }),
  kind.group({
    image: z
      .string({ error: "an image's name without tag" })
      .regex(
        /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9._-]+)+$/,
        "an image's name without scheme, port and tag, such as ghcr.io/kairos/backend",
      ),
    tag: z
      .string({ error: "a tag" })
      .regex(/^[\w][\w.-]{0,127}$/, "a tag such as 2026.11")
      .optional(),
    digest: z
      .string({ error: "a digest" })
      .regex(/^sha256:[0-9a-f]{64}$/, "a digest such as sha256:<64 hexadecimal digits>")
      .optional(),
    /** Id of the registry credential in Render, for a private image. */
    registryCredential: z
      .string({ error: "an id rgc-…" })
      .regex(/^rgc-[a-z0-9]+$/, "an id rgc-…")
      .optional(),
  }),
  "{ repository, branch, build } or { image, tag }",
);

/** One service of the backend: an existing one, or one that this stack creates. All get the environment. */
const service = kind.either(
  "link",
  kind.group({
    name: kind.renderName(),
    /** The id of a service that exists. It keeps its own variables and settings; an env group is linked to it. */
    link: kind.ownersId(
      /^(srv|crn)-[a-z0-9]{20}$/,
      "the id of a Render service (srv-… or crn-…, 20 letters and digits)",
      "Render dashboard: the service's page, the last part of its address",
      (n) => `srv-${String(n).padStart(20, "0")}`,
    ),
    /** True until the service is to get the stack's variables: no env group, no link, no deploy. */
    untouched: kind.flag().default(false),
    variables: extraVariables.default({}),
    secrets: extraSecrets.default({}),
  }),
  kind.group({
    /** Another name is another service: the old one is deleted. */
    name: kind.renderName(),
    type: kind.oneOf(["web", "worker", "private", "cron"]),
    plan: kind.oneOf(vendor.servicePlans),
    source,
    /** Start command; required for a repository, optional for an image. */
    start: z.string({ error: "a command" }).min(1, "a command").optional(),
    /** Path that answers 2xx when the service is well; web only. */
    healthCheck: z
      .string({ error: "a path" })
      .regex(/^\/\S*$/, "a path that starts with /")
      .optional(),
    /** Cron expression of five fields, UTC; cron only. */
    schedule: z
      .string({ error: "a cron expression" })
      .regex(/^(\S+\s+){4}\S+$/, 'a cron expression of five fields, such as "0 3 * * *"')
      .optional(),
    /** How many run side by side; not for cron. */
    instances: kind.count(1, 100, "instances").optional(),
    /**
     * Who chooses the image or commit that runs. `stack`: the source above, and Render deploys each commit of
     * the branch. `elsewhere`: a pipeline deploys; the stack changes variables but redeploys what is live.
     */
    deployedBy: kind.oneOf(["stack", "elsewhere"]).default("stack"),
    variables: extraVariables.default({}),
    secrets: extraSecrets.default({}),
  }),
  "{ name, link } of an existing service, or { name, type, plan, source } of a new one",
);

/** What policies need to know, and what they are to let pass for a while (docs/policies.md). */
const policies = kind.group({
  /** Redis holds sessions or other data that must not go when the memory is full. Off: it is a cache. */
  sessionsInRedis: kind.flag().default(false),
  /** Each names one policy and one resource, and ends by itself. */
  exceptions: z
    .array(
      kind.group({
        policy: kind.oneOf(policyIds),
        /** Logical name, as `npm run plan` and the violation show it. */
        resource: z.string({ error: "the name of a resource" }).min(1, "the name of a resource"),
        /** Why, for whoever reads it next year. */
        reason: z.string({ error: "a reason" }).min(10, "a reason of at least 10 characters"),
        /** Its last day, UTC. At most a year ahead; after it the violation is back. */
        until: kind.day(),
      }),
      { error: "a list of { policy, resource, reason, until }" },
    )
    .default([]),
});

/**
 * What the first `up` takes over instead of creating it: ids as Pulumi's import wants them. `npm run adopt` writes
 * them and takes them out again; what the state knows already is not imported again.
 */
const imported = kind.group({
  cluster: kind.importId("cluster", /^[0-9a-f]{24}-.+$/).optional(),
  user: kind.importId("user", /^[0-9a-f]{24}\/.+\/admin$/).optional(),
  accessList: z
    .array(kind.importId("access list entry", /^[0-9a-f]{24}-.+$/), { error: "a list of ids" })
    .default([]),
  postgres: kind.importId("Postgres", /^dpg-[a-z0-9-]+$/).optional(),
  redis: kind.importId("Redis", /^(red-[a-z0-9]+|\d+\/\d+|[0-9a-f-]{36})$/).optional(),
});

/** The sections of the namespace `kairos:`. rules.ts puts them together. */
export const sections = {
  /** The backend's region on Render; the databases are put beside it. */
  region: kind.oneOf(vendor.renderRegions).default("oregon"),
  mongodb,
  postgres: postgres.default({ enabled: false }),
  redis: redisProviders.default({ provider: "none" }),
  backend: z.array(service, { error: "a list of services" }).min(1, "at least one service"),
  policies: policies.prefault({}),
  import: imported.prefault({}),
};

/** The settings of a stack after checking: defaults filled in, durations in ms, sizes in GB. */
export type Settings = { [S in keyof typeof sections]: z.output<(typeof sections)[S]> };
export type RenderRegion = vendor.RenderRegion;
export type MongodbSettings = Settings["mongodb"];
export type PostgresSettings = Extract<Settings["postgres"], { enabled: true }>;
export type RedisSettings = Settings["redis"];
export type RedisProvider = RedisSettings["provider"];
export type RedisOf<P extends RedisProvider> = Extract<RedisSettings, { provider: P }>;
export type ServiceSettings = Settings["backend"][number];
export type LinkedService = Extract<ServiceSettings, { link: string }>;
export type CreatedService = Exclude<ServiceSettings, { link: string }>;
