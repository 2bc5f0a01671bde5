/** Render Postgres. */
import { defined, type Route, route } from "../api.ts";
import * as calls from "./calls.ts";
import {
  type AllowedBlock,
  databaseStatus,
  made,
  newPassword,
  type Postgres,
  type RenderCloud,
  type Replica,
  randomText,
} from "./model.ts";
import { needEnvironment } from "./projects.ts";
import { needName, RenderError } from "./refusals.ts";

export interface PostgresRequest
  extends calls.Asked<
    Postgres,
    "name" | "plan" | "version",
    | "region"
    | "databaseName"
    | "databaseUser"
    | "diskSizeGB"
    | "enableDiskAutoscaling"
    | "connectionPool"
    | "environmentId"
    | "parameterOverrides"
  > {
  enableHighAvailability?: boolean;
  readReplicas?: calls.List<Replica>;
  ipAllowList?: calls.List<AllowedBlock>;
}

/** GB that a new disk has. Recorded: `pro_4gb`. */
const defaultDisk = (plan: string) => (plan === "free" ? 1 : /^(pro|accelerated)_\d/.test(plan) ? 100 : 15);
/** Milliseconds between two increases of a disk; https://render.com/docs/postgresql-storage */
const betweenIncreases = 12 * 3_600_000;
const oldestVersion = 11;

export function createPostgres(cloud: RenderCloud, body: PostgresRequest): Postgres {
  const { name, plan, region = calls.defaultRegion, version } = body;
  needName(name);
  const all = cloud.all("postgres");
  if (plan === "free" && all.some((other) => other.plan === "free"))
    throw new RenderError(400, "cannot have more than one active free tier database");
  needSold(plan);
  // PostgreSQL 11 is kept for those who have it.
  if (Number(version) === oldestVersion && !all.some((other) => other.version === version))
    throw new RenderError(400, `invalid version: ${version}`);
  const readReplicas = body.readReplicas ?? [];
  const highAvailabilityEnabled = body.enableHighAvailability ?? false;
  checkAvailability({ plan, version, highAvailabilityEnabled, readReplicas });
  const { environmentId, parameterOverrides, connectionPool, enableDiskAutoscaling } = body;
  needEnvironment(cloud, environmentId);
  const itself = made("dpg", "-a");
  // Several customers' databases share a host: the name gets a suffix, also one that was asked for; the user does not.
  const databaseName = `${body.databaseName || name.replaceAll("-", "_")}_${randomText(4)}`;
  const postgres: Postgres = {
    ...itself,
    name,
    plan,
    region,
    version,
    databaseName,
    databaseUser: body.databaseUser || `${databaseName}_user`,
    password: newPassword(),
    ...cloud.readyAt(),
    diskSizeGB: body.diskSizeGB ?? defaultDisk(plan),
    highAvailabilityEnabled,
    readReplicas: replicasOf(itself.id, readReplicas),
    ipAllowList: body.ipAllowList ?? [],
    ...defined({ environmentId, parameterOverrides, connectionPool, enableDiskAutoscaling }),
  };
  return cloud.add("postgres", postgres);
}

/** Changes what is given; the region, the version and the names inside stay. */
export function updatePostgres(cloud: RenderCloud, id: string, changes: Partial<PostgresRequest>): Postgres {
  const postgres = cloud.get("postgres", id);
  const { name, plan, diskSizeGB, enableHighAvailability, readReplicas, ipAllowList } = changes;
  const { parameterOverrides, connectionPool, enableDiskAutoscaling } = changes;
  if (plan === "free" && postgres.plan !== "free")
    throw new RenderError(400, "cannot change a paid database to plan free");
  if (plan !== postgres.plan) needSold(plan);
  const asked = defined({
    name,
    plan,
    diskSizeGB,
    ipAllowList: ipAllowList ?? undefined,
    highAvailabilityEnabled: enableHighAvailability,
    readReplicas: readReplicas ? replicasOf(id, readReplicas, postgres.readReplicas) : undefined,
    parameterOverrides,
    connectionPool,
    enableDiskAutoscaling,
  });
  const changed = { ...postgres, ...asked };
  checkAvailability(changed);
  const growth = grown(cloud, postgres, diskSizeGB);
  // Recorded: other machines are being created again; parameters, the access list and replicas are not.
  const isMoved =
    changed.plan !== postgres.plan || changed.highAvailabilityEnabled !== postgres.highAvailabilityEnabled;
  return cloud.touched(postgres, { ...asked, ...growth, ...(isMoved && cloud.readyAt()) });
}

/** Some plans are of the databases that have them, since they are no longer sold; the words are ours. */
function needSold(plan: string | undefined): void {
  if (/^(starter|standard|pro|pro_plus)$/.test(plan ?? ""))
    throw new RenderError(400, `invalid plan: ${plan}`);
}

/** A disk only grows, and not twice within some hours; the words are ours. */
function grown(
  cloud: RenderCloud,
  { diskSizeGB: size, diskGrewAt }: Postgres,
  wanted = size,
): Partial<Postgres> {
  if (wanted === size) return {};
  if (wanted < size) throw new RenderError(400, `diskSizeGB: cannot be decreased (is ${size})`);
  const now = cloud.behind.clock();
  if (diskGrewAt !== undefined && now - diskGrewAt < betweenIncreases)
    throw new RenderError(400, "diskSizeGB: can be increased once every 12 hours");
  return { diskGrewAt: now };
}

/** https://render.com/docs/postgresql-high-availability; the words are ours. */
function checkAvailability(
  wanted: Pick<Postgres, "plan" | "version" | "highAvailabilityEnabled"> & {
    readReplicas: readonly unknown[];
  },
): void {
  const { plan, version, highAvailabilityEnabled, readReplicas } = wanted;
  const small = plan === "free" || plan === "basic_256mb";
  if (highAvailabilityEnabled && (small || Number(version) < 13))
    throw new RenderError(400, `high availability is not available for plan ${plan}, version ${version}`);
  if (readReplicas.length > 0 && small)
    throw new RenderError(400, `read replicas are not available for plan ${plan}`);
}

/** Recorded: a replica has the id of its primary, with another letter; it keeps it as long as it has its name. */
function replicasOf(primary: string, wanted: readonly Replica[], before: Postgres["readReplicas"] = []) {
  const free = [..."bcdefghijklmnopqrstuvwxyz"]
    .map((letter) => primary.replace(/a$/, letter))
    .filter((id) => !before.some((other) => other.id === id));
  return wanted.map((replica) => ({
    ...replica,
    id: before.find(({ name }) => name === replica.name)?.id ?? free.shift() ?? primary,
  }));
}

/** Recorded: inside, Render leaves the port out where it is PostgreSQL's own; outside it says it. */
export function postgresConnection(cloud: RenderCloud, id: string) {
  const postgres = cloud.get("postgres", id);
  const { databaseName, databaseUser, password, region } = postgres;
  const { host, port } = cloud.behind.endpoints.postgres(postgres);
  const login = `postgresql://${encodeURIComponent(databaseUser)}:${encodeURIComponent(password)}`;
  const at = (place: string) => `${login}@${place}/${databaseName}`;
  const publicPort = port ?? 5432;
  const publicHost = host === id ? `${id}.${region}-postgres.render.com` : host;
  return {
    password,
    internalConnectionString: at(port === undefined ? host : `${host}:${port}`),
    externalConnectionString: at(`${publicHost}:${publicPort}`),
    psqlCommand: `PGPASSWORD=${password} psql -h ${publicHost} -p ${publicPort} -U ${databaseUser} ${databaseName}`,
  };
}

export function postgresRoutes(cloud: RenderCloud): Route[] {
  const shown = (postgres: Postgres) => postgresAnswer(cloud, postgres);
  return [
    ...calls.usual(cloud, "/postgres", "postgres", {
      wrapper: "postgres",
      shown,
      // A list shows no parameters.
      listed: (postgres) => ({ ...shown(postgres), parameterOverrides: undefined }),
    }),
    route("POST /postgres", (_, body: calls.Owned<PostgresRequest>) => ({
      ...shown(createPostgres(cloud, cloud.own(body))),
      ...calls.atFirst,
    })),
    route("PATCH /postgres/:id", ({ id }, body: Partial<PostgresRequest>) =>
      shown(updatePostgres(cloud, id, body)),
    ),
    route("GET /postgres/:id/connection-info", ({ id }) => postgresConnection(cloud, id)),
  ];
}

function postgresStatus(postgres: Postgres): string {
  const status = databaseStatus(postgres);
  const { recoveredFrom, createdAt, updatedAt } = postgres;
  const isNew = recoveredFrom !== undefined && createdAt === updatedAt;
  return status === "creating" && isNew ? "recovery_in_progress" : status;
}

export function postgresAnswer(cloud: RenderCloud, postgres: Postgres) {
  const {
    password: _,
    otherUsers: __,
    endedUsers: ________,
    userCreatedAt: ___,
    readyAt: ____,
    diskGrewAt: _____,
    recoveredFrom: ______,
    exports: _______,
    ...rest
  } = postgres;
  const { enableDiskAutoscaling: diskAutoscalingEnabled = false, ipAllowList, ...shown } = rest;
  const { parameterOverrides = {} } = postgres;
  return {
    connectionPool: "none",
    ...shown,
    ipAllowList: calls.orNull(ipAllowList),
    parameterOverrides: Object.keys(parameterOverrides).length === 0 ? undefined : parameterOverrides,
    status: postgresStatus(postgres),
    role: "primary",
    owner: calls.owner(cloud),
    diskAutoscalingEnabled,
    dashboardUrl: calls.dashboard("d", postgres.id),
    ...calls.suspension(),
  };
}
