/** Render Postgres and Key Value. */
import { defined } from "../api.ts";
import { found, needName, RenderError } from "./error.ts";
import { made, newPassword, randomText } from "./ids.ts";
import type { KeyValue, Postgres, RenderCloud } from "./model.ts";
import { needEnvironment } from "./projects.ts";
import type { KeyValueChanges, KeyValueRequest, PostgresChanges, PostgresRequest } from "./requests.ts";

/** GB that a new disk has. Recorded: `pro_4gb`. */
const defaultDisk = (plan: string) => (plan === "free" ? 1 : /^(pro|accelerated)_\d/.test(plan) ? 100 : 15);
/** Milliseconds between two increases of a disk; https://render.com/docs/postgresql-storage */
const betweenIncreases = 12 * 3_600_000;
const oldestVersion = 11;
/** Recorded: where a creation leaves the region out. */
export const defaultRegion = "oregon";

export function createPostgres(cloud: RenderCloud, body: PostgresRequest): Postgres {
  const { name, plan, region = defaultRegion, version } = body;
  needName(name);
  const all = Object.values(cloud.state.postgres);
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
  cloud.state.postgres[postgres.id] = postgres;
  cloud.save();
  return postgres;
}

/** Changes what is given; the region, the version and the names inside stay. */
export function updatePostgres(cloud: RenderCloud, id: string, changes: PostgresChanges): Postgres {
  const postgres = postgresOf(cloud, id);
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
function replicasOf(
  primary: string,
  wanted: readonly { name: string; parameterOverrides?: Record<string, string> }[],
  before: Postgres["readReplicas"] = [],
) {
  const free = [..."bcdefghijklmnopqrstuvwxyz"]
    .map((letter) => primary.replace(/a$/, letter))
    .filter((id) => !before.some((other) => other.id === id));
  return wanted.map((replica) => ({
    ...replica,
    id: before.find(({ name }) => name === replica.name)?.id ?? free.shift() ?? primary,
  }));
}

export function deletePostgres(cloud: RenderCloud, id: string): void {
  postgresOf(cloud, id);
  delete cloud.state.postgres[id];
  cloud.save();
}

export const postgresOf = (cloud: RenderCloud, id: string): Postgres => found(cloud.state.postgres[id], id);

/** Recorded: inside, Render leaves the port out where it is PostgreSQL's own; outside it says it. */
export function postgresConnection(cloud: RenderCloud, id: string) {
  const postgres = postgresOf(cloud, id);
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

/** Smallest first: an instance only grows. https://render.com/docs/key-value#changing-your-instance-type */
const keyValuePlans = ["free", "starter", "standard", "pro", "pro_plus", "custom"];
const lasting = "journal_snapshot";

export function createKeyValue(cloud: RenderCloud, body: KeyValueRequest): KeyValue {
  const { name, plan, region = defaultRegion, maxmemoryPolicy = "allkeys_lru", environmentId } = body;
  needName(name);
  // Render's words for a Postgres; those for a Key Value are not known.
  if (plan === "free" && Object.values(cloud.state.keyValues).some((other) => other.plan === "free"))
    throw new RenderError(400, "cannot have more than one active free tier Key Value instance");
  needEnvironment(cloud, environmentId);
  const keyValue: KeyValue = {
    ...made("red"),
    name,
    plan,
    region,
    maxmemoryPolicy,
    persistenceMode: persistenceOf(plan, body.persistenceMode ?? (plan === "free" ? "off" : lasting)),
    password: newPassword(),
    ...cloud.readyAt(),
    ipAllowList: body.ipAllowList ?? [],
    ...defined({ environmentId }),
  };
  cloud.state.keyValues[keyValue.id] = keyValue;
  cloud.save();
  return keyValue;
}

/** From free to paid it is made anew: its data is lost, and what it stores from then on is kept. */
export function updateKeyValue(cloud: RenderCloud, id: string, changes: KeyValueChanges): KeyValue {
  const keyValue = keyValueOf(cloud, id);
  const { name, plan = keyValue.plan, maxmemoryPolicy, ipAllowList } = changes;
  if (keyValuePlans.indexOf(plan) < keyValuePlans.indexOf(keyValue.plan))
    throw new RenderError(400, `cannot change plan ${keyValue.plan} to plan ${plan}`);
  const isAnew = keyValue.plan === "free" && plan !== "free";
  const persistence = changes.persistenceMode ?? (isAnew ? lasting : keyValue.persistenceMode);
  const anew = isAnew && { madeAnewAt: cloud.behind.clock() };
  return cloud.touched(keyValue, {
    ...defined({ name, plan, maxmemoryPolicy, ipAllowList: ipAllowList ?? undefined }),
    persistenceMode: persistenceOf(plan, persistence),
    ...anew,
  });
}

function persistenceOf(plan: string, mode: string): string {
  if (plan === "free" && mode !== "off")
    throw new RenderError(400, "persistence is not available for plan free");
  return mode;
}

export function deleteKeyValue(cloud: RenderCloud, id: string): void {
  keyValueOf(cloud, id);
  delete cloud.state.keyValues[id];
  cloud.save();
}

export const keyValueOf = (cloud: RenderCloud, id: string): KeyValue => found(cloud.state.keyValues[id], id);

export function keyValueConnection(cloud: RenderCloud, id: string) {
  const keyValue = keyValueOf(cloud, id);
  const { host, port } = cloud.behind.endpoints.keyValue(keyValue);
  const external = `rediss://${id}:${keyValue.password}@${keyValue.region}-keyvalue.render.com:6379`;
  return {
    // Without a password: only the private network reaches it.
    internalConnectionString: `redis://${host}:${port}`,
    externalConnectionString: external,
    // Recorded, with the space before it, which keeps it out of a shell's history.
    cliCommand: ` REDISCLI_AUTH=${keyValue.password} valkey-cli --user ${id} -h ${keyValue.region}-keyvalue.render.com -p 6379 --tls`,
  };
}
