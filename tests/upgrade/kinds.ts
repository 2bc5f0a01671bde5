/**
 * The kinds of stacks that differ in their resources, as a release records them. Together they have every resource
 * that the program can make; a setting with a resource of its own gets its place in one of them.
 */
import { randomBytes } from "node:crypto";
import { engineWith } from "../engine/harness.ts";

/** What exists before the first `up`. */
export interface Found {
  /** Id of an Atlas project. */
  project: string;
  /** Ids of two Render services. */
  services: readonly [string, string];
}

/** One kind of stack. */
export interface Kind {
  /** File name of its fixture, and what sets it apart. */
  name: string;
  about: string;
  /** Sections of `kairos:`, by name. */
  settings(found: Found): Record<string, unknown>;
  /** Encrypted settings, by path. Generated. */
  secretSettings?: Record<string, string>;
  /** What `KAIROS_ROTATE` asks of one `up` after another, once the stack is up. */
  rotations?: readonly string[];
}

/** The engine with every provider of these stacks, or what it lacks. */
export const wholeEngine = () =>
  engineWith([
    "@pulumi/mongodbatlas",
    "@pulumi/random",
    "@pulumi/render",
    "@pulumi/rediscloud",
    "@upstash/pulumi",
  ]);

/** Atlas' organization, 24 hexadecimal digits. */
export const organization = "5a4d000000000000000000aa";

const generated = () => randomBytes(16).toString("hex");
const render = { cidr: "203.0.113.0/24", comment: "Render, outbound" };
const office = { cidr: "198.51.100.7/32", comment: "office" };
const image = { source: { image: "registry.example/kairos/backend", tag: "1" } };
const repository = { repository: "https://git.invalid/kairos/backend", branch: "main", root: "backend" };

/** The stack of Pulumi.sandbox.yaml. */
const sandbox = {
  region: "oregon",
  mongodb: {
    project: { name: "kairos-sandbox", organization },
    name: "kairos-sandbox",
    tier: "FLEX",
    database: "kaïros",
    user: "kairos",
    accessList: [{ cidr: "127.0.0.1/32", comment: "this machine" }],
    mayBeDestroyed: "kairos-sandbox",
  },
  postgres: {
    enabled: true,
    name: "kairos-postgres",
    plan: "basic_256mb",
    version: "18",
    mayBeDestroyed: "kairos-postgres",
  },
  redis: { provider: "upstash", name: "kairos-redis", mayBeDestroyed: "kairos-redis" },
  backend: [{ name: "kairos-backend", type: "web", plan: "starter", ...image, healthCheck: "/health" }],
};

const rotated = {
  settings: () => sandbox,
  rotations: ["mongodb:switch", "postgres:switch", "redis:switch"],
};

export const kinds: readonly Kind[] = [
  { name: "sandbox", about: "the stack of Pulumi.sandbox.yaml", settings: () => sandbox },
  {
    name: "production",
    about: "as Pulumi.prod.yaml: M10 in a project that exists, Upstash, a linked service, all protected",
    settings: ({ project, services }) => ({
      region: "oregon",
      mongodb: {
        project: { id: project },
        name: "cluster0",
        tier: "M10",
        accessList: [render, office],
        driver: { timeout: "5s", maxPoolSize: 200, minPoolSize: 20 },
      },
      postgres: {
        enabled: true,
        name: "kairos-postgres",
        plan: "basic_1gb",
        version: "18",
        database: "kairos_db",
        user: "kairos",
      },
      redis: { provider: "upstash", name: "kairos-redis", eviction: true },
      backend: [{ name: "kairos-backend", link: services[0] }],
    }),
  },
  {
    name: "redis-cloud",
    about: "M0, no Postgres, Redis Cloud; a worker, a private service and a cron job",
    settings: () => ({
      region: "oregon",
      mongodb: {
        project: { name: "kairos-small", organization },
        name: "kairos-small",
        tier: "M0",
        accessList: [render],
      },
      redis: { provider: "redis-cloud", name: "kairos-redis", plan: "30MB", persistence: "none" },
      backend: [
        { name: "kairos-worker", type: "worker", plan: "starter", ...image, instances: 2 },
        { name: "kairos-private", type: "private", plan: "starter", ...image, deployedBy: "elsewhere" },
        { name: "kairos-cron", type: "cron", plan: "starter", ...image, schedule: "0 3 * * *" },
      ],
    }),
  },
  {
    name: "render-redis",
    about:
      "FLEX, Postgres that is open to an office, Redis at Render; a service from a repository, variables of its own",
    settings: ({ services }) => ({
      region: "frankfurt",
      mongodb: {
        project: { name: "kairos-render", organization },
        name: "kairos-render",
        tier: "FLEX",
        accessList: [render],
        driver: { timeout: "7s", maxPoolSize: 50, minPoolSize: 5, retryReads: false, compressors: ["zlib"] },
      },
      postgres: {
        enabled: true,
        plan: "basic_1gb",
        disk: "15GB",
        readReplicas: ["kairos-postgres-replica"],
        network: "public",
        accessList: [office],
      },
      redis: {
        provider: "render",
        plan: "starter",
        maxmemoryPolicy: "noeviction",
        persistence: "journal_snapshot",
        accessList: [office],
      },
      backend: [
        {
          name: "kairos-web",
          type: "web",
          plan: "starter",
          source: repository,
          start: "uvicorn main:app",
          deployedBy: "elsewhere",
          variables: { LOG_LEVEL: "info" },
        },
        { name: "kairos-later", link: services[0], untouched: true },
      ],
    }),
    secretSettings: { "kairos:backend[0].secrets.JWT_SECRET": generated() },
  },
  {
    name: "external-redis",
    about: "M10 that scales, no Postgres, a Redis of somebody else's; a linked service beside a created one",
    settings: ({ services }) => ({
      region: "oregon",
      mongodb: {
        project: { name: "kairos-dedicated", organization },
        name: "kairos-dedicated",
        tier: "M10",
        version: "8.0",
        disk: "20GB",
        autoscale: { from: "M10", to: "M30" },
        accessList: [render],
      },
      postgres: { enabled: false },
      redis: { provider: "external" },
      backend: [
        { name: "kairos-web", type: "web", plan: "starter", source: repository, start: "uvicorn main:app" },
        { name: "kairos-api", link: services[0], variables: { LOG_LEVEL: "info" } },
      ],
    }),
    secretSettings: {
      "kairos:redis.url": `rediss://default:${generated()}@redis.example.com:6380`,
      "kairos:backend[1].secrets.JWT_SECRET": generated(),
    },
  },
  {
    name: "least",
    about: "M0 in a project that other stacks share, nothing else; two linked services",
    settings: ({ project, services }) => ({
      mongodb: {
        project: { id: project },
        name: "kairos-least",
        tier: "M0",
        accessList: [render],
        mayBeDestroyed: "kairos-least",
      },
      shares: ["mongodb.project"],
      redis: { provider: "none" },
      backend: [
        { name: "kairos-api", link: services[0] },
        { name: "kairos-worker", link: services[1] },
      ],
    }),
  },
  {
    name: "environment",
    about: "everything of Render's in an environment of the stack's own, with addresses of its own",
    settings: () => ({
      ...sandbox,
      mongodb: { ...sandbox.mongodb, accessList: [] },
      redis: { provider: "render", plan: "starter", mayBeDestroyed: "kairos-redis" },
      render: {
        environment: { project: "kairos-sandbox", name: "rehearsal", isolated: true },
        outbound: { name: "kairos-sandbox" },
      },
    }),
  },
  {
    name: "alerts",
    about: "M10 that tells two addresses, and a workspace that tells its members",
    settings: ({ project, services }) => ({
      mongodb: { project: { id: project }, name: "kairos-alerts", tier: "M10", accessList: [render] },
      redis: { provider: "none" },
      alerts: { emails: ["ops@example.com", "night@example.com"], workspace: true },
      backend: [{ name: "kairos-api", link: services[0] }],
    }),
  },
  {
    name: "backups",
    about: "M10 with a schedule of snapshots, a window and a compliance policy; they outlive the cluster",
    settings: ({ project, services }) => ({
      mongodb: {
        project: { id: project },
        name: "kairos-backups",
        tier: "M10",
        accessList: [render],
        backups: {
          window: 5,
          schedule: {
            hourly: { every: 6, keep: 5 },
            daily: { keep: 14 },
            weekly: { day: 7, keep: 60 },
            monthly: { day: 40, keep: 365 },
          },
          compliance: {
            ...{ email: "ops@example.com", firstName: "Ada", lastName: "Example" },
            cannotBeTurnedOff: true,
          },
        },
        with: { retainBackupsEnabled: true },
      },
      redis: { provider: "none" },
      backend: [{ name: "kairos-api", link: services[0] }],
    }),
  },
  {
    name: "rotating",
    about: "the sandbox stack with the old and the new credential of each database",
    ...rotated,
  },
  {
    name: "rotated",
    about: "the sandbox stack with each database's second credential",
    ...rotated,
    rotations: [...rotated.rotations, "mongodb:retire", "postgres:retire", "redis:retire"],
  },
];
