/** What concerns a stack as a whole, and neither one database nor one service. */
import { z } from "zod";
import { policyIds } from "../../policies/ids.ts";
import * as kind from "../kinds.ts";

/** Who is told of the few things that wake somebody. Off unless set. */
export const alerts = kind.group({
  /**
   * Atlas tells them, on tiers from M10: a disk that is full and does not grow, connections that run out, a replica that
   * lags, no primary. M0 and FLEX have no such alerts; those that Atlas makes with a project stay.
   */
  emails: z
    .array(kind.email(), { error: "a list of e-mail addresses" })
    .max(25, "at most 25 e-mail addresses, as many as Atlas tells of one alert")
    .default([]),
  /**
   * Render tells the members of the workspace by e-mail of each deploy that fails and each service that does; it takes no
   * addresses. The setting is the whole workspace's, so one stack of a workspace has it.
   */
  workspace: kind.flag().default(false),
});

/**
 * Whether `pulumi up` waits until the backend's services run with what they were given.
 *
 * The limit is, by default, what Render itself gives a deploy: 120 minutes for its build, 30 for the
 * command before it, 15 until the service is well. Sources: https://render.com/docs/build-pipeline,
 * https://render.com/docs/deploys, https://render.com/docs/health-checks
 */
export const deploys = kind.group({
  /** False: a deploy is started, and nobody looks how it ends. */
  wait: kind.flag().default(true),
  limit: kind.duration(60_000, 24 * 60 * 60_000).prefault("165m"),
});

/** When `npx kairos status`, the recap and the nightly look say that a database's credential should be rotated. */
export const rotation = kind.group({
  /** Age in whole days from which on a credential warns. */
  warnAfter: kind.count(1, 3650, "days").default(90),
});

/** What own.ts asks of staging and of short-lived stacks, each by the setting that may be otherwise. */
const sharable = [
  "mongodb.project",
  "mongodb.name",
  "postgres.name",
  "redis.name",
  "redis.url",
  "render.environment",
  "render.outbound",
  "backend.name",
  "backend.link",
  "alerts.workspace",
] as const;
export type Sharable = (typeof sharable)[number];

/**
 * What a stack that is not production's may have in common with others: things that it did not make, names that do
 * not end in its own. Production owns what it uses, and needs none.
 */
export const shares = z
  .array(kind.oneOf(sharable), { error: `a list of ${sharable.join(", ")}` })
  .default([]);

/** What somebody can add beside a stack, in the words of `npx kairos status`. */
export const strangerKinds = [
  "access-list",
  "database-user",
  "cluster",
  "postgres-user",
  "postgres",
  "redis",
  "env-group",
  "variable",
  "service",
] as const;
export type StrangerKind = (typeof strangerKinds)[number];

/**
 * What stands beside the stack and may: `npx kairos status` and the nightly look name everything else that somebody
 * added. The stack does nothing with it.
 */
export const known = z
  .array(
    kind.group({
      kind: kind.oneOf(strangerKinds),
      /** As `npx kairos status` shows it; the id where several have the same name. */
      name: kind.filled("the name of what is known"),
      /** Why, for whoever reads it next year. */
      reason: z.string({ error: "a reason" }).min(10, "a reason of at least 10 characters"),
      /** When somebody last looked at it. After a year the plan asks to look again. */
      day: kind.day(),
    }),
    { error: "a list of { kind, name, reason, day }" },
  )
  .default([]);

/** What policies need to know, and what they are to let pass for a while. */
export const policies = kind.group({
  /** Redis holds sessions or other data that must not go when the memory is full. Off: it is a cache. */
  sessionsInRedis: kind.flag().default(false),
  /** Each names one policy and one resource, and ends by itself. */
  exceptions: z
    .array(
      kind.group({
        policy: kind.oneOf(policyIds),
        /** Logical name, as `npx kairos plan` and the violation show it. */
        resource: kind.filled("the name of a resource"),
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
 * What the first `up` takes over instead of creating it: ids as Pulumi's import wants them. `npx kairos adopt` writes
 * them and takes them out again; what the state knows already is not imported again.
 */
export const imported = kind.group({
  cluster: kind.importId("cluster", /^[0-9a-f]{24}-.+$/).optional(),
  user: kind.importId("user", /^[0-9a-f]{24}\/.+\/admin$/).optional(),
  accessList: z
    .array(kind.importId("access list entry", /^[0-9a-f]{24}-.+$/), { error: "a list of ids" })
    .default([]),
  postgres: kind.importId("Postgres", /^dpg-[a-z0-9-]+$/).optional(),
  redis: kind.importId("Redis", /^(red-[a-z0-9]+|\d+\/\d+|[0-9a-f-]{36})$/).optional(),
});
