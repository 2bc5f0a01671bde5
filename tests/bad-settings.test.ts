/** What people write into a stack file by mistake, and the one line that each mistake gets. */
import { expect, it } from "vitest";
import { checkSettings } from "../infra/settings/index.ts";

type Edit = (settings: Settings) => void;
// biome-ignore lint/suspicious/noExplicitAny: the point of these settings is that their shape is wrong
type Settings = any;

const good = (): Settings => ({
  region: "oregon",
  mongodb: {
    project: { id: "0123456789abcdef01234567" },
    tier: "M10",
    accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
    driver: { timeout: "5s", maxPoolSize: 200, minPoolSize: 20 },
  },
  postgres: { enabled: true, plan: "pro_8gb", disk: "20GB" },
  redis: { provider: "upstash" },
  backend: [
    { name: "backend", link: "srv-01234567890123456789", variables: { LOG_LEVEL: "info" } },
    {
      name: "web",
      type: "web",
      plan: "starter",
      start: "uvicorn app:app",
      source: { repository: "https://git.example/kairos/backend" },
      healthCheck: "/health",
    },
  ],
});

const known = { kind: "database-user", name: "analyst", reason: "reads reports", day: "2026-11-01" };

const credentials = {
  "mongodbatlas:publicKey": "public",
  "mongodbatlas:privateKey": "x",
  "render:apiKey": "x",
  "render:ownerId": "tea-1",
  "render:skipDeployAfterServiceUpdate": "true",
  "upstash:email": "ops@example.com",
  "upstash:apiKey": "x",
  "rediscloud:apiKey": "x",
  "rediscloud:secretKey": "x",
};
const secretKeys = ["privateKey", "apiKey", "secretKey"];

function problemsOf(
  settings: Settings,
  others: Record<string, string> = credentials,
  environment = {},
): string[] {
  const own = Object.entries(settings).map(([key, value]) => [
    `kairos:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const values = { ...others, ...Object.fromEntries(own) } as Record<string, string>;
  const isSecret = (key: string) => secretKeys.some((name) => key.endsWith(`:${name}`));
  return checkSettings({ values, isSecret }, environment).problems.map(({ line }) => line);
}

it("has no problem with good settings", () => {
  expect(problemsOf(good())).toEqual([]);
});

const cases: [string, Edit, string][] = [
  // Regions, plans, versions: words of a list, with the nearest one.
  [
    "a region with a slip",
    (s) => (s.region = "oregn"),
    'kairos:region: got "oregn"; expected one of frankfurt, ohio, oregon, singapore, virginia; did you mean "oregon"?',
  ],
  [
    "a region of another vendor",
    (s) => (s.region = "us-west-2"),
    'kairos:region: got "us-west-2"; expected one of frankfurt, ohio, oregon, singapore, virginia',
  ],
  [
    "a region in capitals",
    (s) => (s.region = "Oregon"),
    'kairos:region: got "Oregon"; expected one of frankfurt, ohio, oregon, singapore, virginia; did you mean "oregon"?',
  ],
  [
    "an Atlas region in AWS' spelling",
    (s) => (s.mongodb.region = "us-west-2"),
    /kairos:mongodb\.region: got "us-west-2"; expected one of US_EAST_1, .*; did you mean "US_WEST_2"\?/
      .source,
  ],
  [
    "a tier that is gone",
    (s) => (s.mongodb.tier = "SERVERLESS"),
    /kairos:mongodb\.tier: got "SERVERLESS"; expected one of M0, .*; SERVERLESS is gone, its successor is FLEX$/
      .source,
  ],
  [
    "a short-lived tier in Ohio",
    (s) => Object.assign(s, { region: "ohio", mongodb: { ...s.mongodb, tier: "M0" } }),
    "kairos:mongodb.region: got nothing; expected a region where Atlas offers M0, which US_EAST_2 is not (such as US_EAST_1, US_WEST_2), or a tier from M10",
  ],
  [
    "a provider's field that a setting has",
    (s) => (s.postgres.with = { plan: "pro_4gb" }),
    'kairos:postgres.with.plan: got "pro_4gb"; expected nothing: the setting kairos:postgres.plan has it',
  ],
  [
    "a field that the provider does not have",
    (s) => (s.mongodb.with = { tag: { owner: "kairos" } }),
    /kairos:mongodb\.with\.tag: got \{"owner":"kairos"\}; expected a field of cluster that has no setting: one of .*, tags, /
      .source,
  ],
  [
    "a secret among a provider's fields",
    (s) => (s.postgres.with = { datadogApiKey: "datadog-key" }),
    "kairos:postgres.with.datadogApiKey: got a secret that does not fit; expected nothing: it holds a secret, and what is in with: is shown in plans and pull requests",
  ],
  [
    "a provider's field of another type",
    (s) => (s.backend[1].with = { maxShutdownDelaySeconds: "60" }),
    'kairos:backend[1].with.maxShutdownDelaySeconds: got "60"; expected a number',
  ],
  [
    "fields of a service that is only linked",
    (s) => (s.backend[0].with = { previews: {} }),
    "kairos:backend[0].with: unknown setting; expected one of name, link, untouched, variables, secrets",
  ],
  [
    "a disk that the tier does not have",
    (s) => (s.mongodb.disk = "200GB"),
    'kairos:mongodb.disk: got "200GB"; expected at most 128GB, the largest disk of tier M10',
  ],
  [
    "a database name too long for M0",
    (s) => Object.assign(s.mongodb, { tier: "M0", database: "ï".repeat(20) }),
    `kairos:mongodb.database: got "${"ï".repeat(20)}"; expected a name of at most 38 bytes, all that tier M0 takes`,
  ],
  [
    "a cluster name with a hyphen where its host's name ends",
    (s) => (s.mongodb.name = "kairos-production-data-base"),
    /kairos:mongodb\.name: got "kairos-.*"; expected 1 to 64 letters, .*, the 23rd character no hyphen$/
      .source,
  ],
  [
    "more addresses than an access list takes",
    (s) =>
      (s.mongodb.accessList = Array.from({ length: 201 }, (_, n) => ({
        cidr: `203.0.113.${n}/32`,
        comment: "",
      }))),
    /kairos:mongodb\.accessList: got .*; expected at most 200 entries, all that Atlas takes$/.source,
  ],
  [
    "a tier that does not exist",
    (s) => (s.mongodb.tier = "M15"),
    /kairos:mongodb\.tier: got "M15"; expected one of M0, FLEX, M10, .*; near it: M10, M20, M0$/.source,
  ],
  [
    "no tier",
    (s) => delete s.mongodb.tier,
    /kairos:mongodb\.tier: got nothing; expected one of M0, FLEX, M10/.source,
  ],
  [
    "a MongoDB version as a number",
    (s) => (s.mongodb.version = 8),
    "kairos:mongodb.version: got 8; expected one of 7.0, 8.0",
  ],
  [
    "a Postgres plan with a hyphen",
    (s) => (s.postgres.plan = "basic-1gb"),
    /kairos:postgres\.plan: got "basic-1gb"; expected one of free, .*; did you mean "basic_1gb"\?/.source,
  ],
  [
    "a Postgres version as a number",
    (s) => (s.postgres.version = 18),
    'kairos:postgres.version: got 18 without quotes; expected a text: put it in quotes: "18"',
  ],
  [
    "a Postgres version that is not out",
    (s) => (s.postgres.version = "19"),
    /kairos:postgres\.version: got "19"; expected one of 11, .*; near it: 18, 17, 16$/.source,
  ],
  [
    "an unknown Redis provider",
    (s) => (s.redis.provider = "upstach"),
    'kairos:redis.provider: got "upstach"; expected one of none, upstash, render, redis-cloud, external; did you mean "upstash"?',
  ],
  [
    "a Redis without provider",
    (s) => (s.redis = {}),
    "kairos:redis.provider: got nothing; expected one of none, upstash, render, redis-cloud, external",
  ],
  [
    "a maxmemory policy in Redis' spelling",
    (s) => (s.redis = { provider: "render", plan: "starter", maxmemoryPolicy: "allkeys-lru" }),
    /kairos:redis\.maxmemoryPolicy: got "allkeys-lru"; .*; did you mean "allkeys_lru"\?/.source,
  ],
  [
    "a Key Value plan of Postgres",
    (s) => (s.redis = { provider: "render", plan: "basic_1gb" }),
    'kairos:redis.plan: got "basic_1gb"; expected one of free, starter, standard, pro, pro_plus',
  ],
  [
    "an Upstash region that is none",
    (s) => (s.redis.primaryRegion = "us-east-9"),
    /kairos:redis\.primaryRegion: got "us-east-9"; expected one of us-east-1, .*; near it: us-east4, us-east-2, us-east-1$/
      .source,
  ],
  [
    "a service of an unknown type",
    (s) => (s.backend[1].type = "webservice"),
    'kairos:backend[1].type: got "webservice"; expected one of web, worker, private, cron',
  ],
  [
    "a service plan with a slip",
    (s) => (s.backend[1].plan = "startr"),
    /kairos:backend\[1\]\.plan: got "startr"; .*; did you mean "starter"\?/.source,
  ],
  [
    "a compressor that MongoDB has not",
    (s) => (s.mongodb.driver.compressors = ["gzip"]),
    'kairos:mongodb.driver.compressors[0]: got "gzip"; expected one of snappy, zlib, zstd',
  ],
  [
    "an address that is none",
    (s) => (s.alerts = { emails: ["ops@example.com", "ops"] }),
    'kairos:alerts.emails[1]: got "ops"; expected an e-mail address',
  ],
  [
    "an address twice",
    (s) => (s.alerts = { emails: ["ops@example.com", "ops@example.com"] }),
    'kairos:alerts.emails[1]: got "ops@example.com"; expected an address that is listed once',
  ],
  [
    "half a day as the age of a credential",
    (s) => (s.rotation = { warnAfter: 0.5 }),
    "kairos:rotation.warnAfter: got 0.5; expected a whole number of days from 1 to 3650",
  ],
  // Unknown keys.
  [
    "an unknown section",
    (s) => (s.postgress = {}),
    'kairos:postgress: unknown setting; expected one of region, mongodb, postgres, redis, render, backend, deploys, alerts, rotation, budget, shares, policies, known, import; did you mean "postgres"?',
  ],
  [
    "an unknown key",
    (s) => (s.mongodb.teir = "M10"),
    /kairos:mongodb\.teir: unknown setting; expected one of project, .*; did you mean "tier"\?/.source,
  ],
  [
    "an unknown key of a driver",
    (s) => (s.mongodb.driver.poolSize = 5),
    /kairos:mongodb\.driver\.poolSize: unknown setting; expected one of timeout, /.source,
  ],
  [
    "a key of another Redis provider",
    (s) => (s.redis.plan = "starter"),
    /kairos:redis\.plan: unknown setting; expected one of provider, name, /.source,
  ],
  [
    "a setting that no Postgres has, also while it is off",
    (s) => (s.postgres = { enabled: false, plan: "free", disc: "20GB" }),
    "kairos:postgres.disc: unknown setting; expected one of enabled, mayBeDestroyed",
  ],
  [
    "a password in the settings",
    (s) => (s.mongodb.password = "canary"),
    /kairos:mongodb\.password: got a secret in clear(?!.*canary)/.source,
  ],
  [
    "a plan on a linked service",
    (s) => (s.backend[0].plan = "starter"),
    /kairos:backend\[0\]\.plan: unknown setting; expected one of name, link, .*variables, secrets/.source,
  ],
  // Shapes.
  ["no MongoDB", (s) => delete s.mongodb, /kairos:mongodb: got nothing; expected a group of settings/.source],
  [
    "a list for a section",
    (s) => (s.mongodb = []),
    /kairos:mongodb: got \[\]; expected a group of settings/.source,
  ],
  [
    "a project that is a text",
    (s) => (s.mongodb.project = "abc"),
    'kairos:mongodb.project: got "abc"; expected { id } of an existing Atlas project, or { name, organization } of a new one',
  ],
  [
    "Postgres on by a text",
    (s) => (s.postgres.enabled = "yes"),
    'kairos:postgres.enabled: got "yes"; expected one of false, true',
  ],
  [
    "a service that is a text",
    (s) => (s.backend = ["srv-1"]),
    /kairos:backend\[0\]: got "srv-1"; expected \{ name, link \} of an existing service/.source,
  ],
  ["no services", (s) => (s.backend = []), "kairos:backend: got []; expected at least one service"],
  [
    "services that are no list",
    (s) => (s.backend = { name: "x" }),
    /kairos:backend: got .*; expected a list of services/.source,
  ],
  [
    "eviction as a text",
    (s) => (s.redis.eviction = "true"),
    'kairos:redis.eviction: got "true"; expected true or false',
  ],
  [
    "a variable that is a number",
    (s) => (s.backend[0].variables.WORKERS = 4),
    "kairos:backend[0].variables.WORKERS: got 4; expected a text (numbers and true/false in quotes)",
  ],
  // Ids that only the owner has.
  [
    "a placeholder",
    (s) => (s.mongodb.project.id = "<atlas-project-id>"),
    "kairos:mongodb.project.id: missing (placeholder <atlas-project-id>); expected an Atlas project id (24 hexadecimal digits). Where: Atlas: Project Settings, Project ID",
  ],
  [
    "an id that is too short",
    (s) => (s.mongodb.project.id = "0123"),
    /kairos:mongodb\.project\.id: got "0123"; expected an Atlas project id \(24 hexadecimal digits\)/.source,
  ],
  [
    "a new project without organization",
    (s) => (s.mongodb.project = { name: "Kaïros" }),
    /kairos:mongodb\.project\.organization: got nothing; expected an Atlas organization id/.source,
  ],
  [
    "a service id of a database",
    (s) => (s.backend[0].link = "dpg-01234567890123456789"),
    /kairos:backend\[0\]\.link: got "dpg-01234567890123456789"; expected the id of a Render service/.source,
  ],
  [
    "a repository by ssh",
    (s) => (s.backend[1].source.repository = "git@git.example:kairos"),
    /kairos:backend\[1\]\.source\.repository: got "git@git\.example:kairos"; expected the https URL of a Git repository/
      .source,
  ],
  // Durations, sizes, counts.
  [
    "a duration without unit",
    (s) => (s.mongodb.driver.timeout = 5000),
    "kairos:mongodb.driver.timeout: got 5000; expected a duration with its unit, from 100ms to 600000ms, such as 500ms, 5s or 2m",
  ],
  [
    "a duration in hours",
    (s) => (s.mongodb.driver.timeout = "1h"),
    /kairos:mongodb\.driver\.timeout: got "1h"; expected a duration/.source,
  ],
  [
    "a duration that is too long",
    (s) => (s.mongodb.driver.timeout = "20m"),
    /kairos:mongodb\.driver\.timeout: got "20m"; expected a duration/.source,
  ],
  [
    "a heartbeat below the driver's least",
    (s) => (s.mongodb.driver.heartbeat = "100ms"),
    /kairos:mongodb\.driver\.heartbeat: got "100ms"; expected a duration with its unit, from 500ms/.source,
  ],
  [
    "a pool of nothing",
    (s) => (s.mongodb.driver.maxPoolSize = 0),
    "kairos:mongodb.driver.maxPoolSize: got 0; expected a whole number of connections from 1 to 10000",
  ],
  [
    "half a connection",
    (s) => (s.mongodb.driver.minPoolSize = 0.5),
    "kairos:mongodb.driver.minPoolSize: got 0.5; expected a whole number of connections from 0 to 10000",
  ],
  [
    "a pool upside down",
    (s) => (s.mongodb.driver.minPoolSize = 300),
    "kairos:mongodb.driver.minPoolSize: got 300; expected at most mongodb.driver.maxPoolSize (200)",
  ],
  [
    "a size without unit",
    (s) => (s.postgres.disk = 20),
    "kairos:postgres.disk: got 20; expected 1GB or a multiple of 5GB",
  ],
  [
    "a size that Render does not sell",
    (s) => (s.postgres.disk = "12GB"),
    'kairos:postgres.disk: got "12GB"; expected 1GB or a multiple of 5GB',
  ],
  [
    "a size in terabytes",
    (s) => (s.mongodb.disk = "1TB"),
    'kairos:mongodb.disk: got "1TB"; expected a size from 10GB to 4096GB, such as 20GB',
  ],
  [
    "too many instances",
    (s) => (s.backend[1].instances = 500),
    "kairos:backend[1].instances: got 500; expected a whole number of instances from 1 to 100",
  ],
  [
    "a budget of cents",
    (s) => (s.redis.budget = 0.5),
    "kairos:redis.budget: got 0.5; expected a whole number of US dollars from 1 to 100000",
  ],
  // CIDR blocks.
  [
    "an address without length",
    (s) => (s.mongodb.accessList[0].cidr = "203.0.113.7"),
    /kairos:mongodb\.accessList\[0\]\.cidr: got "203\.0\.113\.7"; expected a CIDR block .*; did you mean "203\.0\.113\.7\/32"\?/
      .source,
  ],
  [
    "host bits",
    (s) => (s.mongodb.accessList[0].cidr = "203.0.113.7/24"),
    /got "203\.0\.113\.7\/24"; expected .*first address; did you mean "203\.0\.113\.0\/24"\?/.source,
  ],
  [
    "an address that is none",
    (s) => (s.mongodb.accessList[0].cidr = "300.1.1.1/32"),
    /got "300\.1\.1\.1\/32"; expected a CIDR block/.source,
  ],
  [
    "a short address",
    (s) => (s.mongodb.accessList[0].cidr = "10.1/16"),
    /got "10\.1\/16"; expected a CIDR block/.source,
  ],
  [
    "the whole internet",
    (s) => (s.mongodb.accessList[0].cidr = "0.0.0.0/0"),
    /kairos:mongodb\.accessList\[0\]\.cidr: got "0\.0\.0\.0\/0"; expected the addresses of the backend; .*allowFromAnywhere: true/
      .source,
  ],
  [
    "half the internet",
    (s) => (s.mongodb.accessList[0].cidr = "128.0.0.0/1"),
    /got "128\.0\.0\.0\/1"; .*allowFromAnywhere/.source,
  ],
  [
    "the whole internet of IPv6",
    (s) => (s.mongodb.accessList[0].cidr = "::/0"),
    /got "::\/0"; .*allowFromAnywhere/.source,
  ],
  [
    "the whole internet for Postgres",
    (s) => (s.postgres.accessList = [{ cidr: "0.0.0.0/0", comment: "x" }]),
    /kairos:postgres\.accessList\[0\]\.cidr: got "0\.0\.0\.0\/0"; .*allowFromAnywhere/.source,
  ],
  [
    "IPv6 for Postgres",
    (s) => (s.postgres.accessList = [{ cidr: "2001:db8::/32", comment: "x" }]),
    /kairos:postgres\.accessList\[0\]\.cidr: got "2001:db8::\/32"; .*\(IPv4 only\)/.source,
  ],
  [
    "an empty access list",
    (s) => (s.mongodb.accessList = []),
    "kairos:mongodb.accessList: got []; expected at least one entry, or kairos:render.outbound: Atlas lets nobody in otherwise, the backend included",
  ],
  [
    "an entry twice",
    (s) => s.mongodb.accessList.push(s.mongodb.accessList[0]),
    'kairos:mongodb.accessList[1].cidr: got "203.0.113.0/24"; expected a block that is listed once',
  ],
  [
    "an entry without comment",
    (s) => delete s.mongodb.accessList[0].comment,
    "kairos:mongodb.accessList[0].comment: got nothing; expected a text of at most 80 characters",
  ],
  // Names.
  [
    "a cluster name with a space",
    (s) => (s.mongodb.name = "cluster 0"),
    'kairos:mongodb.name: got "cluster 0"; expected 1 to 64 letters, digits and inner hyphens',
  ],
  [
    "MongoDB's own database",
    (s) => (s.mongodb.database = "admin"),
    'kairos:mongodb.database: got "admin"; expected a database that is not MongoDB\'s own',
  ],
  [
    "a database name with a slash",
    (s) => (s.mongodb.database = "kai/ros"),
    /kairos:mongodb\.database: got "kai\/ros"; expected a name of 1 to 63 bytes/.source,
  ],
  [
    "a database name that is too long in bytes",
    (s) => (s.mongodb.database = "ï".repeat(32)),
    /kairos:mongodb\.database: got "ï+"; expected a name of 1 to 63 bytes/.source,
  ],
  [
    "a user with a space",
    (s) => (s.mongodb.user = "kai ros"),
    /kairos:mongodb\.user: got "kai ros"; expected a user name/.source,
  ],
  [
    "a Postgres user in capitals",
    (s) => (s.postgres.user = "Kairos"),
    'kairos:postgres.user: got "Kairos"; expected 1 to 63 lower-case letters, digits and _, not starting with a digit',
  ],
  [
    "Postgres' own user",
    (s) => (s.postgres.user = "postgres"),
    'kairos:postgres.user: got "postgres"; expected a name that PostgreSQL does not keep for itself',
  ],
  [
    "a service name with a dot",
    (s) => (s.backend[1].name = "kairos.web"),
    /kairos:backend\[1\]\.name: got "kairos\.web"; expected a name of 1 to 63 lower-case letters/.source,
  ],
  [
    "a variable name with a hyphen",
    (s) => (s.backend[0].variables = { "LOG-LEVEL": "x" }),
    'kairos:backend[0].variables.LOG-LEVEL: got the name "LOG-LEVEL"; expected a variable name of letters, digits and _, not starting with a digit',
  ],
  [
    "an image with a tag in its name",
    (s) => (s.backend[1].source = { image: "ghcr.io/kairos/backend:1", tag: "1" }),
    /kairos:backend\[1\]\.source\.image: got "ghcr\.io\/kairos\/backend:1"; expected an image's name without scheme, port and tag/
      .source,
  ],
  // One setting against another.
  [
    "a version on a shared tier",
    (s) => Object.assign(s.mongodb, { tier: "FLEX", version: "8.0" }),
    'kairos:mongodb.version: got "8.0"; expected nothing: Atlas decides it for tier FLEX; only M10 and up take it',
  ],
  [
    "autoscale on a shared tier",
    (s) => Object.assign(s.mongodb, { tier: "M0", autoscale: { from: "M10", to: "M20" } }),
    /kairos:mongodb\.autoscale: got .*; expected nothing: Atlas decides it for tier M0/.source,
  ],
  [
    "autoscale upside down",
    (s) => (s.mongodb.autoscale = { from: "M30", to: "M10" }),
    'kairos:mongodb.autoscale.to: got "M10"; expected a tier above M30',
  ],
  [
    "a tier outside of autoscale",
    (s) => (s.mongodb.autoscale = { from: "M20", to: "M30" }),
    'kairos:mongodb.tier: got "M10"; expected a tier from M20 to M30, the bounds of autoscale',
  ],
  [
    "high availability on a basic plan",
    (s) => Object.assign(s.postgres, { plan: "basic_1gb", highAvailability: true }),
    "kairos:postgres.highAvailability: got true; expected false, or a plan pro_… or accelerated_… instead of basic_1gb",
  ],
  [
    "replicas of a small disk",
    (s) => Object.assign(s.postgres, { disk: "5GB", readReplicas: ["replica"] }),
    /kairos:postgres\.readReplicas: got \["replica"\]; expected no replicas, or a plan from basic_1gb and a disk from 10GB/
      .source,
  ],
  [
    "six replicas",
    (s) => (s.postgres.readReplicas = ["a", "b", "c", "d", "e", "f"]),
    /kairos:postgres\.readReplicas: got .*; expected at most 5 read replicas/.source,
  ],
  [
    "a big disk on the free plan",
    (s) => Object.assign(s.postgres, { plan: "free", disk: "10GB" }),
    'kairos:postgres.disk: got "10GB"; expected 1GB, the only size of plan free',
  ],
  [
    "Postgres in another region",
    (s) => (s.postgres.region = "ohio"),
    /kairos:postgres\.region: got "ohio"; expected the backend's region \(oregon\)/.source,
  ],
  [
    "a public Postgres that lets nobody in",
    (s) => (s.postgres.network = "public"),
    /kairos:postgres\.accessList: got nothing; expected at least one entry with network: public/.source,
  ],
  [
    "a read region that is the primary one",
    (s) => (s.redis.readRegions = ["us-west-2"]),
    'kairos:redis.readRegions[0]: got "us-west-2"; expected a region other than the primary one (us-west-2)',
  ],
  [
    "permission to destroy nothing",
    (s) => (s.postgres.mayBeDestroyed = ""),
    'kairos:postgres.mayBeDestroyed: got ""; expected the name of the database that may go',
  ],
  [
    "two services of one name",
    (s) => (s.backend[1].name = "backend"),
    'kairos:backend[1].name: got "backend"; expected a name used by one service',
  ],
  [
    "a service linked twice",
    (s) => s.backend.push({ name: "again", link: "srv-01234567890123456789" }),
    'kairos:backend[2].link: got "srv-01234567890123456789"; expected a service that is listed once',
  ],
  [
    "a variable of the contract",
    (s) => (s.backend[0].variables = { MONGODB_URL: "x" }),
    'kairos:backend[0].variables.MONGODB_URL: got "x"; expected another name: the contract defines this variable',
  ],
  [
    "a variable defined twice",
    (s) => (s.backend[0].secrets = { LOG_LEVEL: "x" }),
    /kairos:backend\[0\]\.secrets\.LOG_LEVEL: got .*; expected a name that is not in variables too: it is defined twice/
      .source,
  ],
  [
    "a cron job without schedule",
    (s) => Object.assign(s.backend[1], { type: "cron", healthCheck: undefined }),
    'kairos:backend[1].schedule: got nothing; expected a cron expression, such as "0 3 * * *"',
  ],
  [
    "a schedule of three fields",
    (s) => Object.assign(s.backend[1], { type: "cron", healthCheck: undefined, schedule: "* * *" }),
    /kairos:backend\[1\]\.schedule: got "\* \* \*"; expected a cron expression of five fields/.source,
  ],
  [
    "a schedule on a web service",
    (s) => (s.backend[1].schedule = "0 3 * * *"),
    'kairos:backend[1].schedule: got "0 3 * * *"; expected nothing: only a cron job has one',
  ],
  [
    "a health check on a worker",
    (s) => (s.backend[1].type = "worker"),
    'kairos:backend[1].healthCheck: got "/health"; expected nothing: Render checks the health of web services only',
  ],
  [
    "an eighth day of the week",
    (s) => Object.assign(s.backend[1], { type: "cron", healthCheck: undefined, schedule: "0 3 * * 8" }),
    /kairos:backend\[1\]\.schedule: got "0 3 \* \* 8"; expected a cron expression of five fields within/
      .source,
  ],
  [
    "a migration of a cron job",
    (s) =>
      Object.assign(s.backend[1], {
        type: "cron",
        healthCheck: undefined,
        schedule: "0 3 * * *",
        migration: "alembic upgrade head",
      }),
    'kairos:backend[1].migration: got "alembic upgrade head"; expected nothing: Render runs no command before the deploy of a cron job',
  ],
  [
    "two migrations",
    (s) => {
      s.backend[1].migration = "alembic upgrade head";
      s.backend.push({ ...s.backend[1], name: "kairos-second" });
    },
    'kairos:backend[2].migration: got "alembic upgrade head"; expected the migration of one service: two deploys would migrate at the same time',
  ],
  [
    "a migration with a password",
    (s) =>
      (s.backend[1].migration = "DB=postgres://kairos:canary-canary@db.invalid/kairos alembic upgrade head"),
    "kairos:backend[1].migration: got a secret that does not fit; expected nothing secret: its value is a URL with a password, and commands are shown in plans; secrets are variables",
  ],
  [
    "a seed in production",
    (s) => (s.backend[1].seed = "python -m seed"),
    'kairos:backend[1].seed: got "python -m seed"; expected a command, and nothing in production: only short-lived stacks are filled',
  ],
  [
    "a port that Render keeps",
    (s) => (s.backend[1].variables = { PORT: "18012" }),
    'kairos:backend[1].variables.PORT: got "18012"; expected another port: Render keeps 18012 for itself',
  ],
  [
    "what Redis Cloud's free plan lacks",
    (s) => (s.redis = { provider: "redis-cloud", plan: "30MB", persistence: "aof-every-1-second" }),
    'kairos:redis.persistence: got "aof-every-1-second"; expected none: the free plan 30MB has no persistence',
  ],
  [
    "a free service",
    (s) => (s.backend[1].plan = "free"),
    'kairos:backend[1].plan: got "free"; expected a paid plan: Render\'s provider can neither make nor change a free service. One that exists can be linked',
  ],
  [
    "a repository without start command",
    (s) => delete s.backend[1].start,
    "kairos:backend[1].start: got nothing; expected a command, such as uvicorn app:app",
  ],
  [
    "an image without tag",
    (s) => (s.backend[1].source = { image: "ghcr.io/kairos/backend" }),
    /kairos:backend\[1\]\.source\.tag: got nothing; expected a tag or a digest/.source,
  ],
  // Secrets.
  [
    "an external URL in clear",
    (s) => (s.redis = { provider: "external", url: "rediss://u:canary@redis.example.com:6379" }),
    "kairos:redis.url: got a secret in clear; expected an encrypted value: rotate it, then pulumi config set --secret --path 'kairos:redis.url'",
  ],
  [
    "an external URL without TLS",
    (s) => (s.redis = { provider: "external", url: "redis://u:canary@redis.example.com:6379" }),
    "kairos:redis.url: got a secret that does not fit; expected a URL that starts with rediss:// (TLS)",
  ],
  [
    "an external URL that is none",
    (s) => (s.redis = { provider: "external", url: "canary" }),
    /kairos:redis\.url: got a secret that does not fit; expected a URL such as rediss:\/\//.source,
  ],
  ...["u:ca#nary", "u:ca?nary", "u:ca[nary", "u:ca%nary", "u:ca/nary"].map(
    (login): (typeof cases)[number] => [
      `an external URL with a bare character in its password: ${login}`,
      (s) => (s.redis = { provider: "external", url: `rediss://${login}@redis.example.com:6379` }),
      /kairos:redis\.url: got a secret that does not fit; expected a URL such as .*percent-encoded$/.source,
    ],
  ),
  [
    "an external URL with a port that there is not",
    (s) => (s.redis = { provider: "external", url: "rediss://u:canary@redis.example.com:66379" }),
    /kairos:redis\.url: got a secret that does not fit; expected a URL such as rediss:/.source,
  ],
  ...["ssl_cert_reqs=none", "ssl_check_hostname=false", "rejectUnauthorized=0"].map(
    (option): (typeof cases)[number] => [
      `an external URL that trusts anybody: ${option}`,
      (s) => (s.redis = { provider: "external", url: `rediss://redis.example.com:6379/0?x=1&${option}` }),
      `kairos:redis.url: got a secret that does not fit; expected a URL without ${option.replace(/=.*/, "")}=…, which switches the check of its certificate off`,
    ],
  ),
  [
    "something known of a kind that there is not",
    (s) => (s.known = [{ ...known, kind: "user" }]),
    'kairos:known[0].kind: got "user"; expected one of access-list, database-user, cluster, postgres-user, postgres, redis, env-group, variable, service',
  ],
  [
    "something known without a day",
    (s) => (s.known = [{ ...known, day: undefined }]),
    "kairos:known[0].day: got nothing; expected a day that exists, YYYY-MM-DD",
  ],
  [
    "something known twice",
    (s) => (s.known = [known, { ...known, reason: "another reason" }]),
    'kairos:known[1].name: got "analyst"; expected something that is listed once',
  ],
  [
    "a secret variable in clear",
    (s) => (s.backend[0].secrets = { STRIPE_KEY: "canary" }),
    "kairos:backend[0].secrets.STRIPE_KEY: got a secret in clear; expected an encrypted value: rotate it, then pulumi config set --secret --path 'kairos:backend[0].secrets.STRIPE_KEY'",
  ],
  [
    "a URL with a password in the wrong place",
    (s) => (s.redis.provider = "rediss://u:canary@host"),
    /kairos:redis\.provider: got "rediss:\/\/\[secret\]@host"; expected one of none/.source,
  ],
];

it.each(cases)("says in one line what is wrong with %s", (_, edit, expected) => {
  const settings = good();
  edit(settings);
  const lines = problemsOf(JSON.parse(JSON.stringify(settings)));
  expect(lines).toHaveLength(1);
  const [line = ""] = lines;
  // A text stands for itself; the source of a pattern is one.
  if (line !== expected) expect(line).toMatch(new RegExp(expected));
  expect(line).not.toMatch(/canary|\n|undefined|\[object/);
});

it("has at least 60 of them", () => expect(cases.length).toBeGreaterThanOrEqual(60));

it("reports all problems of all sections together, credentials too", () => {
  const settings = good();
  settings.region = "mars";
  settings.mongodb.tier = "M1";
  settings.postgres.plan = "big";
  settings.redis.budget = -1;
  settings.backend[0].link = "x";
  const lines = problemsOf(settings, {});
  for (const key of ["region", "mongodb.tier", "postgres.plan", "redis.budget", "backend[0].link"])
    expect(lines.some((line) => line.startsWith(`kairos:${key}: `))).toBe(true);
  for (const key of [
    "mongodbatlas:clientId",
    "render:apiKey",
    "render:ownerId",
    "upstash:email",
    "upstash:apiKey",
  ])
    expect(lines.some((line) => line.startsWith(`${key}: got nothing; `) && line.includes("Where: "))).toBe(
      true,
    );
});

it.each([
  ["a key in clear", { "render:apiKey": "canary" }, {}, /^render:apiKey: got a secret in clear/],
  [
    "keys and address of Atlas in two places",
    {},
    { MONGODB_ATLAS_BASE_URL: "http://127.0.0.1:1" },
    /both in one place.*public cloud/,
  ],
  [
    "an address of Atlas in the file and its keys elsewhere",
    {
      "mongodbatlas:baseUrl": "http://127.0.0.1:1",
      "mongodbatlas:publicKey": "",
      "mongodbatlas:privateKey": "",
    },
    { MONGODB_ATLAS_PUBLIC_API_KEY: "x", MONGODB_ATLAS_PRIVATE_API_KEY: "x" },
    /^mongodbatlas:baseUrl: got the address in the stack file and the keys elsewhere; .*public cloud/,
  ],
  [
    "two deploys for one change",
    { "render:skipDeployAfterServiceUpdate": "false" },
    {},
    /^render:skipDeployAfterServiceUpdate: got "false"; expected true/,
  ],
])("says in one line what is wrong with %s", (_, others, environment, expected) => {
  const isSecret = (key: string) => secretKeys.some((name) => key.endsWith(`:${name}`)) && !(key in others);
  const given = Object.entries({ ...credentials, ...others }).filter(([, value]) => value !== "");
  const values: Record<string, string> = Object.fromEntries(given);
  for (const [key, value] of Object.entries(good()))
    values[`kairos:${key}`] = typeof value === "string" ? value : JSON.stringify(value);
  const lines = checkSettings({ values, isSecret }, environment).problems.map(({ line }) => line);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(expected);
  expect(lines[0]).not.toContain("canary");
});
