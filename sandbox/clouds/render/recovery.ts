/**
 * Point-in-time recovery of a Render Postgres, and exports of it.
 *
 * @see https://docs.render.com/postgresql-backups
 * @see https://render.com/tutorials/postgres-on-render/backups-and-pitr
 */
import { defined, type Route, route } from "../api.ts";
import { usersAt } from "./credentials.ts";
import { isThere, made, newId, newPassword, now, type Postgres, type RenderCloud } from "./model.ts";
import { postgresAnswer } from "./postgres.ts";
import { described, RenderError } from "./refusals.ts";

/** The whole of what Render takes besides a Datadog key. */
interface RecoveryRequest {
  /** ISO 8601. */
  restoreTime: string;
  restoreName?: string;
  plan?: string;
  environmentId?: string;
}

/** Milliseconds that an export can be downloaded, whatever the workspace's plan. */
const exportsKept = 7 * 24 * 3_600_000;

/** From when to when it can be recovered, in milliseconds since 1970; undefined while there is no first backup. */
function window(cloud: RenderCloud, postgres: Postgres): { from: number; to: number } | undefined {
  const { clock, recoveryWindow, recoveryLag, recoverableSince } = cloud.behind;
  const since = recoverableSince(postgres);
  if (since === undefined) return undefined;
  const from = Math.max(since, clock() - recoveryWindow);
  const to = clock() - recoveryLag;
  return from <= to ? { from, to } : undefined;
}

/**
 * Makes a new database that is as the one was then, roles and names included, so a user that was made since is not there,
 * and one that was deleted since is; the one itself goes on. What Render does with passwords, high availability and
 * replicas is not documented: here each user has another password, and of the others there is nothing. The words of the
 * refusals are ours.
 */
export function recoverPostgres(cloud: RenderCloud, id: string, request: RecoveryRequest): Postgres {
  const postgres = cloud.get("postgres", id);
  const { restoreTime, restoreName = `${postgres.name}-restored`, plan = postgres.plan } = request;
  if (postgres.plan === "free")
    throw new RenderError(400, "point-in-time recovery is not available for plan free");
  const at = Date.parse(restoreTime);
  if (Number.isNaN(at)) throw new RenderError(400, `invalid restoreTime: ${restoreTime}`);
  const times = window(cloud, postgres);
  if (times === undefined)
    throw new RenderError(400, "point-in-time recovery is not ready for this database");
  if (at < times.from || at > times.to)
    throw new RenderError(400, `restoreTime: ${restoreTime} is outside the recovery window`);
  checkPlan(plan, postgres.plan);
  const { region, version, databaseName, diskSizeGB, ipAllowList, parameterOverrides } = postgres;
  const otherUsers = usersAt(postgres, at).map((user) => ({ ...user, password: newPassword() }));
  const { username, password, createdAt } = otherUsers.pop() as (typeof otherUsers)[number];
  const restored: Postgres = {
    ...made("dpg", "-a"),
    ...{ name: restoreName, plan, region, version, databaseName, diskSizeGB, ipAllowList },
    ...{ databaseUser: username, password, userCreatedAt: createdAt, otherUsers },
    highAvailabilityEnabled: false,
    readReplicas: [],
    recoveredFrom: { id, at },
    ...cloud.readyAt(),
    ...defined({ environmentId: request.environmentId ?? postgres.environmentId, parameterOverrides }),
  };
  return cloud.add("postgres", restored);
}

/** Described: "Cannot be a lower tier plan". The description lists the plans from the smallest to the largest. */
function checkPlan(plan: string, before: string): void {
  const plans = described.description.$defs.postgresPlans?.enum ?? [];
  if (!plans.includes(plan)) throw new RenderError(400, `invalid plan: ${plan}`);
  if (plans.indexOf(plan) < plans.indexOf(before))
    throw new RenderError(400, `plan: cannot be lower than ${before}`);
}

export function recoveryRoutes(cloud: RenderCloud): Route[] {
  const one = "/postgres/:id" as const;
  return [
    route(`GET ${one}/recovery`, ({ id }) => {
      const postgres = cloud.get("postgres", id);
      if (postgres.plan === "free") return { recoveryStatus: "NOT_AVAILABLE" };
      const times = window(cloud, postgres);
      if (times === undefined) return { recoveryStatus: "BACKUP_NOT_READY" };
      return { recoveryStatus: "AVAILABLE", startsAt: new Date(times.from).toISOString() };
    }),
    route(`POST ${one}/recovery`, ({ id }, body: RecoveryRequest) =>
      postgresAnswer(cloud, recoverPostgres(cloud, id, body)),
    ),
    route(`GET ${one}/export`, ({ id }) =>
      (cloud.get("postgres", id).exports ?? [])
        .filter(({ createdAt }) => cloud.behind.clock() - Date.parse(createdAt) < exportsKept)
        .map(({ readyAt = 0, ...one }) => ({
          ...one,
          // Nobody answers there: what it would lead to is no part of this stand-in.
          ...(isThere({ readyAt }) && { url: `https://exports.example.invalid/${one.id}.dir.tar.gz` }),
        }))
        .reverse(),
    ),
    route(`POST ${one}/export`, ({ id }) => {
      const postgres = cloud.get("postgres", id);
      if (postgres.plan === "free") throw new RenderError(400, "exports are not available for plan free");
      const one = { id: newId("exp"), createdAt: now(), ...cloud.readyAt() };
      cloud.touched(postgres, { exports: [...(postgres.exports ?? []), one] });
    }),
  ];
}
