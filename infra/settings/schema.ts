/**
 * Every setting of a stack: what it is called, what it may be, what it is when nobody sets it. The stack file
 * (`Pulumi.<stack>.yaml`) holds them in the namespace `kairos:`; unknown keys are errors. A section's own settings
 * are in sections/, defaults that differ between environments in stages.ts.
 *
 * Rules that bind one setting to another are in rules.ts, the vendors' words in vendors.ts.
 */
import { z } from "zod";
import * as kind from "./kinds.ts";
import { service } from "./sections/backend.ts";
import { mongodb } from "./sections/mongodb.ts";
import { postgres } from "./sections/postgres.ts";
import { redis } from "./sections/redis.ts";
import { render } from "./sections/render.ts";
import { alerts, deploys, imported, known, policies, rotation, shares } from "./sections/stack.ts";
import { facts } from "./vendors.ts";

/** The sections of the namespace `kairos:`. rules.ts puts them together. */
export const sections = {
  /** The backend's region on Render; the databases are put beside it. */
  region: kind.offered(facts.render.tables.regions).default("oregon"),
  mongodb,
  postgres: postgres.default({ enabled: false }),
  redis: redis.default({ provider: "none" }),
  render: render.prefault({}),
  backend: z.array(service, { error: "a list of services" }).min(1, "at least one service"),
  deploys: deploys.prefault({}),
  alerts: alerts.prefault({}),
  rotation: rotation.prefault({}),
  /** What the stack may cost a month. The plan warns from four fifths of it on; above it a policy stops the `up`. */
  budget: kind.count(1, 1_000_000, "US dollars a month").optional(),
  shares,
  policies: policies.prefault({}),
  known,
  import: imported.prefault({}),
};

/** The settings of a stack after checking: defaults filled in, durations in ms, sizes in GB. */
export type Settings = z.output<z.ZodObject<typeof sections>>;
export type { RenderRegion } from "./vendors.ts";
export type MongodbSettings = Settings["mongodb"];
export type PostgresSettings = Extract<Settings["postgres"], { enabled: true }>;
export type RedisSettings = Settings["redis"];
export type RedisProvider = RedisSettings["provider"];
export type RedisOf<P extends RedisProvider> = Extract<RedisSettings, { provider: P }>;
export type DeploySettings = Settings["deploys"];
export type ServiceSettings = Settings["backend"][number];
export type LinkedService = Extract<ServiceSettings, { link: string }>;
export type CreatedService = Exclude<ServiceSettings, { link: string }>;
