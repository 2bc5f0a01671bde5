/** Rules that bind one setting to another. Each names the key to change, as problems.ts prints it. */
import { z } from "zod";
import { contract } from "../contract.ts";
import { suspicion } from "../suspicion.ts";
import { withDefaults } from "./defaults.ts";
import { fieldProblem, type OpenKind, type ProviderFields } from "./fields.ts";
import { group, opensToTheWorld, type ValueHint } from "./kinds.ts";
import {
  type CreatedService,
  type MongodbSettings,
  type RedisSettings,
  type Settings,
  sections,
} from "./schema.ts";
import { production, stageOf } from "./stages.ts";
import * as vendor from "./vendors.ts";

/**
 * Reports a broken rule: the path below the section that the rule belongs to, and what was expected. Of a secret the
 * message does not repeat what it got.
 */
type ReportProblem = (path: (string | number)[], expected: string, secret?: boolean) => void;
type Rules<T> = (settings: T, report: ReportProblem) => void;

/** Pool, tier and access list of `kairos:mongodb`. */
const mongodbRules: Rules<MongodbSettings> = (mongodb, report) => {
  const { driver, autoscale, tier } = mongodb;
  const { disk, databaseName } = vendor.tiers[tier];
  if (driver.minPoolSize > driver.maxPoolSize)
    report(["driver", "minPoolSize"], `at most mongodb.driver.maxPoolSize (${driver.maxPoolSize})`);
  if (Buffer.byteLength(mongodb.database) > databaseName)
    report(["database"], `a name of at most ${databaseName} bytes, all that tier ${tier} takes`);
  if (!isDedicated(tier)) {
    for (const key of ["version", "disk", "autoscale"] as const)
      if (mongodb[key] !== undefined)
        report([key], `nothing: Atlas decides it for tier ${tier}; only M10 and up take it`);
  } else if (disk !== undefined && (mongodb.disk ?? 0) > disk)
    report(["disk"], `at most ${disk}GB, the largest disk of tier ${tier}`);
  else if (autoscale !== undefined) {
    const [from, own, to] = [autoscale.from, tier, autoscale.to].map((name) =>
      vendor.dedicatedTiers.indexOf(name),
    ) as [number, number, number];
    if (from >= to) report(["autoscale", "to"], `a tier above ${autoscale.from}`);
    else if (own < from || own > to)
      report(["tier"], `a tier from ${autoscale.from} to ${autoscale.to}, the bounds of autoscale`);
  }
  accessListRules(mongodb.accessList, report);
  fieldRules("cluster", mongodb.with, report);
  if (mongodb.restored === mongodb.name)
    report(["restored"], `the name of another cluster than ${mongodb.name}, which it was restored from`);
  restoredRules(mongodb, report);
  if (mongodb.backups !== undefined) backupRules(mongodb.backups, tier, report);
};

/** As Atlas itself has it: what is rarer is kept at least as long, and a moment needs the snapshot before it. */
function backupRules(
  { schedule, window, compliance }: NonNullable<MongodbSettings["backups"]>,
  tier: string,
  report: ReportProblem,
): void {
  const at = (...path: string[]) => ["backups", ...path];
  if (!isDedicated(tier)) {
    report(at(), `nothing: tier ${tier} has no schedule; only M10 and up take it`);
    return;
  }
  const { hourly, daily, weekly, monthly } = schedule ?? {};
  if (schedule !== undefined && [hourly, daily, weekly, monthly].every((item) => item === undefined))
    report(at("schedule"), "at least one of hourly, daily, weekly, monthly: with none nothing is backed up");
  if (hourly !== undefined && ![1, 2, 4, 6, 8, 12].includes(hourly.every))
    report(at("schedule", "hourly", "every"), "1, 2, 4, 6, 8 or 12 hours");
  if (monthly !== undefined && monthly.day > 28 && monthly.day !== 40)
    report(at("schedule", "monthly", "day"), "a day from 1 to 28, or 40 for the last one");
  let longest = 0;
  for (const [name, item] of Object.entries({ hourly, daily, weekly, monthly })) {
    if (item === undefined) continue;
    if (item.keep < longest)
      report(at("schedule", name, "keep"), `at least ${longest} days, as long as what is taken oftener`);
    longest = Math.max(longest, item.keep);
  }
  const most = hourly?.keep ?? longest;
  if (window !== undefined && schedule !== undefined && window > most)
    report(at("window"), `at most ${most} days, as long as snapshots are kept`);
  if (compliance === undefined) return;
  if (!compliance.cannotBeTurnedOff)
    report(
      at("compliance", "cannotBeTurnedOff"),
      "true: whoever sets this cannot take it back; only Atlas' support can",
    );
  if (schedule === undefined) report(at("compliance"), "a schedule beside it: what may not be undercut");
}

/** Without another database in its place the original cannot go, and nothing was in its place earlier. */
function restoredRules(
  { name, restored, original, earlier }: Restorable & Pick<MongodbSettings, "name">,
  report: ReportProblem,
): void {
  if (original === "gone" && restored === undefined)
    report(["original"], "kept, or restored beside it: what takes its place");
  for (const [index, one] of earlier.entries()) {
    if (restored === undefined) report(["earlier", index], "restored beside it: what took its place");
    else if ([name, restored, ...earlier.slice(0, index)].includes(one))
      report(["earlier", index], "what is listed once, and neither the original nor the one in use");
  }
}

type Restorable = Pick<MongodbSettings, "restored" | "original" | "earlier">;

/** What `with:` may say of a resource. */
function fieldRules(kind: OpenKind, fields: ProviderFields, report: ReportProblem): void {
  for (const [field, value] of Object.entries(fields)) {
    const problem = fieldProblem(kind, field, value);
    if (problem !== undefined) report(["with", field], problem.expected, problem.secret);
  }
}

/** M10 and up: hosts of one's own, with backups, version, disk and autoscaling. */
export function isDedicated(tier: string): boolean {
  return (vendor.dedicatedTiers as readonly string[]).includes(tier);
}

function accessListRules(list: { cidr: string; allowFromAnywhere: boolean }[], report: ReportProblem): void {
  unique(
    list.map((entry) => entry.cidr),
    (index) => report(["accessList", index, "cidr"], "a block that is listed once"),
  );
  for (const [index, entry] of list.entries())
    if (opensToTheWorld(entry.cidr) && !entry.allowFromAnywhere)
      report(
        ["accessList", index, "cidr"],
        "the addresses of the backend; a block this wide opens the database to the world, which needs allowFromAnywhere: true beside it",
      );
}

/** What a plan of Render Postgres can do, and the access list of `kairos:postgres`. */
const postgresRules: Rules<Settings["postgres"]> = (postgres, report) => {
  if (!postgres.enabled) return;
  const { plan, disk, version } = postgres;
  if (postgres.highAvailability && /^(free|basic|starter|standard)/.test(plan))
    report(["highAvailability"], `false, or a plan pro_… or accelerated_… instead of ${plan}`);
  if (postgres.highAvailability && !vendor.hasStandby(version))
    report(["highAvailability"], `false, or a version from 13 instead of ${version}`);
  // Source: https://render.com/docs/postgresql-read-replicas (requirements)
  if (postgres.readReplicas.length > 0 && (/^(free|basic_256mb)$/.test(plan) || (disk ?? 15) < 10))
    report(["readReplicas"], "no replicas, or a plan from basic_1gb and a disk from 10GB");
  if (postgres.network === "public" && postgres.accessList.length === 0)
    report(["accessList"], "at least one entry with network: public: Render lets nobody in otherwise");
  if (plan === "free" && disk !== undefined && disk !== 1)
    report(["disk"], "1GB, the only size of plan free");
  unique(postgres.readReplicas, (index) => report(["readReplicas", index], "a name used once"));
  accessListRules(postgres.accessList, report);
  fieldRules("postgres", postgres.with, report);
  restoredRules(postgres, report);
};

/** Who may connect, what a free plan lacks, and the regions of an Upstash database. */
const redisRules: Rules<RedisSettings> = (redis, report) => {
  if ("accessList" in redis) accessListRules(redis.accessList, report);
  if ("with" in redis) fieldRules(redisKinds[redis.provider], redis.with, report);
  if (redis.provider === "upstash")
    unique(redis.readRegions, (index) => report(["readRegions", index], "a region listed once"));
  const keepsNothing = (plan: string, what: "persistence" | "replication", none: unknown) => {
    const given = (redis as Partial<Record<typeof what, unknown>>)[what];
    if (given !== undefined && given !== none)
      report([what], `${none}: the free plan ${plan} has no ${what}`);
  };
  if (redis.provider === "render" && redis.plan === "free") keepsNothing(redis.plan, "persistence", "off");
  if (redis.provider === "redis-cloud" && vendor.isFreeRedisCloud(redis.plan)) {
    keepsNothing(redis.plan, "persistence", "none");
    keepsNothing(redis.plan, "replication", false);
  }
};

/** The resource of each provider that has fields of its own. */
const redisKinds = { upstash: "upstash", render: "keyValue", "redis-cloud": "redisCloud" } as const;

/** What depends on the backend's region. */
const regionRules: Rules<Settings> = ({ region, mongodb, postgres, redis }, report) => {
  const cluster = mongodb.region ?? vendor.beside[region].atlas;
  if (!isDedicated(mongodb.tier) && !vendor.hasSharedTiers(cluster))
    report(
      ["mongodb", "region"],
      `a region where Atlas offers ${mongodb.tier}, which ${cluster} is not (such as ${vendor.sharedNear(cluster).join(", ")}), or a tier from M10`,
    );
  if (postgres.enabled && postgres.network === "private" && (postgres.region ?? region) !== region)
    report(
      ["postgres", "region"],
      `the backend's region (${region}): Render's private network does not cross regions (network: public does)`,
    );
  if (redis.provider !== "upstash") return;
  const primary = redis.primaryRegion ?? vendor.beside[region].upstash;
  const index = redis.readRegions.indexOf(primary);
  if (index >= 0) report(["redis", "readRegions", index], `a region other than the primary one (${primary})`);
};

/** Somebody has to be let in. */
const accessRules: Rules<Settings> = ({ mongodb, render }, report) => {
  if (mongodb.accessList.length === 0 && render.outbound === undefined)
    report(
      ["mongodb", "accessList"],
      "at least one entry, or kairos:render.outbound: Atlas lets nobody in otherwise, the backend included",
    );
};

/** What is taken over has to be what the settings describe: anything else would be created beside it. */
const importRules: Rules<Settings> = ({ mongodb, postgres, redis, import: ids }, report) => {
  const project = "id" in mongodb.project ? mongodb.project.id : undefined;
  const wanted = (id: string | undefined, path: (string | number)[], expected: string) => {
    if (id !== undefined && id !== expected)
      report(["import", ...path], `${expected}, what kairos:mongodb describes, or nothing`);
  };
  wanted(ids.cluster, ["cluster"], `${project}-${mongodb.name}`);
  wanted(ids.user, ["user"], `${project}/${mongodb.user}/admin`);
  const listed = mongodb.accessList.map(({ cidr }) => `${project}-${cidr}`);
  for (const [index, id] of ids.accessList.entries())
    if (!listed.includes(id))
      report(["import", "accessList", index], "an entry of kairos:mongodb.accessList, or nothing");
  if (ids.user !== undefined && mongodb.password === undefined)
    report(["mongodb", "password"], "the password that the imported user has: the stack would set a new one");
  if (ids.postgres !== undefined && !postgres.enabled)
    report(["import", "postgres"], "nothing while kairos:postgres is off");
  if (ids.redis !== undefined && !redisIds[redis.provider]?.test(ids.redis))
    report(["import", "redis"], `the id of a Redis of the provider ${redis.provider}, or nothing`);
};

/** How each provider's ids look; of the others nothing can be imported. */
const redisIds: { [P in RedisSettings["provider"]]?: RegExp } = {
  upstash: /^[0-9a-f-]{36}$/,
  render: /^red-/,
  "redis-cloud": /^\d+\/\d+$/,
};

/** Nobody is told twice. */
const alertRules: Rules<Settings["alerts"]> = ({ emails }, report) =>
  unique(emails, (index) => report(["emails", index], "an address that is listed once"));

/** Names, variables and kinds of the services of `kairos:backend`. */
const backendRules: Rules<Settings["backend"]> = (backend, report) => {
  unique(
    backend.map((service) => service.name),
    (index) => report([index, "name"], "a name used by one service"),
  );
  unique(
    backend.map((service, index) => ("link" in service ? service.link : `created ${index}`)),
    (index) => report([index, "link"], "a service that is listed once"),
  );
  for (const [index, service] of backend.entries()) {
    const path = [index];
    for (const name of Object.keys(service.variables))
      if (name in contract)
        report([...path, "variables", name], "another name: the contract defines this variable");
    for (const name of Object.keys(service.secrets)) {
      if (name in contract)
        report([...path, "secrets", name], "another name: the contract defines this variable");
      else if (name in service.variables)
        report([...path, "secrets", name], "a name that is not in variables too: it is defined twice");
    }
    if (!("link" in service)) createdServiceRules(service, path, report);
  }
  const migrating = backend.flatMap((service, index) =>
    "migration" in service && service.migration !== undefined ? [index] : [],
  );
  for (const index of migrating.slice(1))
    report([index, "migration"], "the migration of one service: two deploys would migrate at the same time");
};

function createdServiceRules(
  service: CreatedService,
  path: (string | number)[],
  report: ReportProblem,
): void {
  const { type } = service;
  fieldRules(type, service.with, (at, expected, secret) => report([...path, ...at], expected, secret));
  for (const key of ["migration", "seed"] as const) commandRules(service, key, path, report);
  const port = service.variables.PORT ?? "";
  if (vendor.reservedPorts.includes(port))
    report([...path, "variables", "PORT"], `another port: Render keeps ${port} for itself`);
  // Its provider sends the maintenance mode with each call, which Render refuses of what is free, and misses it in each
  // answer: https://github.com/render-oss/terraform-provider-render/issues/80
  if (service.plan === "free")
    report(
      [...path, "plan"],
      "a paid plan: Render's provider can neither make nor change a free service. One that exists can be linked",
    );
  if (type === "cron") {
    if (service.schedule === undefined)
      report([...path, "schedule"], 'a cron expression, such as "0 3 * * *"');
    if (service.instances !== undefined) report([...path, "instances"], "nothing: a cron job runs alone");
  } else if (service.schedule !== undefined)
    report([...path, "schedule"], "nothing: only a cron job has one");
  if (service.healthCheck !== undefined && type !== "web")
    report([...path, "healthCheck"], "nothing: Render checks the health of web services only");
  if ("repository" in service.source) {
    const { runtime, build, dockerfile } = service.source;
    const isDocker = runtime === "docker";
    if (service.start === undefined && !isDocker)
      report([...path, "start"], "a command, such as uvicorn app:app");
    if (build !== undefined && isDocker)
      report([...path, "source", "build"], "nothing: the Dockerfile builds");
    if (dockerfile !== undefined && !isDocker)
      report([...path, "source", "dockerfile"], "nothing, or runtime: docker");
  } else {
    const { tag, digest } = service.source;
    if (tag !== undefined && digest !== undefined)
      report([...path, "source", "digest"], "either a tag or a digest");
    if (tag === undefined && digest === undefined)
      report(
        [...path, "source", "tag"],
        "a tag or a digest: without one Render deploys latest, whatever that is",
      );
  }
}

/** What runs before a deploy: of a kind of service that has it, without a secret, which plans would show. */
function commandRules(
  service: CreatedService,
  key: "migration" | "seed",
  path: (string | number)[],
  report: ReportProblem,
): void {
  const { type, [key]: command } = service;
  if (command === undefined) return;
  const at = [...path, key];
  // Source: https://render.com/docs/deploys#pre-deploy-command
  if (type === "cron") report(at, "nothing: Render runs no command before the deploy of a cron job");
  const why = command
    .split(/[\s='"]+/)
    .map((word) => suspicion(key, word))
    .find((one) => one !== undefined);
  if (why !== undefined)
    report(at, `nothing secret: ${why}, and commands are shown in plans; secrets are variables`, true);
}

/** Calls `report` with the index of each value that stood before. */
function unique(values: readonly string[], report: (index: number) => void): void {
  for (const [index, value] of values.entries()) if (values.indexOf(value) < index) report(index);
}

/** What is known is said once: two reasons for the same thing contradict each other sooner or later. */
const knownRules: Rules<Settings["known"]> = (known, report) =>
  unique(
    known.map(({ kind, name }) => `${kind} ${name}`),
    (index) => report([index, "name"], "something that is listed once"),
  );

/** What tries out is no business of production, where it would run into real data. */
const seedRules =
  (stack = production): Rules<Settings> =>
  ({ backend }, report) => {
    if (stageOf(stack) !== "prod") return;
    for (const [index, service] of backend.entries())
      if ("seed" in service && service.seed !== undefined)
        report(
          ["backend", index, "seed"],
          "a command, and nothing in production: only short-lived stacks are filled",
        );
  };

/** Where something secret stands that does not belong there. */
const hidden: ValueHint = { secret: true, example: () => "opaque" };

/** Attaches rules to a schema. They run only when what they speak of is well-formed. */
const obeying =
  <T>(rules: Rules<T>) =>
  (settings: T, context: z.core.$RefinementCtx<T>): void => {
    if (context.issues.length > 0) return;
    rules(settings, (path, message, secret = false) =>
      context.addIssue({ code: "custom", path, message, ...(secret && { params: { about: hidden } }) }),
    );
  };

const whole = group({
  ...sections,
  mongodb: sections.mongodb.superRefine(obeying(mongodbRules)),
  postgres: sections.postgres.superRefine(obeying(postgresRules)),
  redis: sections.redis.superRefine(obeying(redisRules)),
  alerts: sections.alerts.superRefine(obeying(alertRules)),
  backend: sections.backend.superRefine(obeying(backendRules)),
  known: sections.known.superRefine(obeying(knownRules)),
})
  .superRefine(obeying(accessRules))
  .superRefine(obeying(regionRules))
  .superRefine(obeying(importRules));

/**
 * The schema of a stack's settings, with the defaults of its environment and every rule. A section's rules do not
 * wait for another section.
 *
 * @param stack its name; production by default
 */
export const schemaOf = (stack?: string) =>
  z.preprocess((given) => withDefaults(given, stack), whole.superRefine(obeying(seedRules(stack))));
