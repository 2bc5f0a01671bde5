/** Render Postgres and Key Value. */
import {
  type AllowedBlock,
  checkRegion,
  found,
  type KeyValue,
  newId,
  newPassword,
  now,
  type Postgres,
  type RenderCloud,
  RenderError,
  randomText,
} from "./model.ts";

/** The body of `POST /postgres`; names that are empty are made up. */
export interface PostgresBody {
  name?: string;
  plan?: string;
  region?: string;
  version?: string;
  databaseName?: string;
  databaseUser?: string;
  diskSizeGB?: number;
  enableHighAvailability?: boolean;
  readReplicas?: { name: string }[] | null;
  ipAllowList?: AllowedBlock[];
}

/** The body of `POST /key-value`. */
export interface KeyValueBody {
  name?: string;
  plan?: string;
  region?: string;
  maxmemoryPolicy?: string;
  persistenceMode?: string;
  ipAllowList?: AllowedBlock[];
}

const versions = ["11", "12", "13", "14", "15", "16", "17", "18"];
const postgresPlan =
  /^(free|basic_(256mb|1gb|4gb)|(pro|accelerated)_\d+gb|starter|standard|pro|pro_plus|Custom.*)$/;
const keyValuePlan = /^(free|starter|standard|pro|pro_plus|Custom.*)$/;
const policy = /^(noeviction|(allkeys|volatile)_(lru|lfu|random)|volatile_ttl)$/;

export function createPostgres(cloud: RenderCloud, body: PostgresBody): Postgres {
  const { name = "", plan = "", region = "", version = "" } = body;
  if (name === "") throw new RenderError(400, "name is required");
  if (!postgresPlan.test(plan)) throw new RenderError(400, `invalid plan: ${plan}`);
  if (!versions.includes(version)) throw new RenderError(400, `invalid version: ${version}`);
  checkRegion(region);
  const free = Object.values(cloud.state.postgres).some((other) => other.plan === "free");
  if (plan === "free" && free)
    throw new RenderError(400, "cannot have more than one active free tier database");
  const suffix = randomText(4);
  const postgres: Postgres = {
    id: `${newId("dpg")}-a`,
    name,
    plan,
    region,
    version,
    // Names are shared between customers on one host: Render adds a suffix to those that are made up.
    databaseName: body.databaseName || `${name.replaceAll("-", "_")}_${suffix}`,
    databaseUser: body.databaseUser || `${name.replaceAll("-", "_")}_${suffix}_user`,
    password: newPassword(),
    status: cloud.provisioning === 0 ? "available" : "creating",
    diskSizeGB: body.diskSizeGB ?? (plan === "free" ? 1 : 15),
    highAvailabilityEnabled: body.enableHighAvailability ?? false,
    readReplicas: (body.readReplicas ?? []).map((replica) => ({
      id: `${newId("dpg")}-a`,
      name: replica.name,
    })),
    ipAllowList: body.ipAllowList ?? [],
    createdAt: now(),
    updatedAt: now(),
  };
  cloud.state.postgres[postgres.id] = postgres;
  cloud.save();
  if (postgres.status === "creating")
    setTimeout(() => {
      postgres.status = "available";
      cloud.save();
    }, cloud.provisioning).unref();
  return postgres;
}

export function updatePostgres(cloud: RenderCloud, id: string, body: PostgresBody): Postgres {
  const postgres = postgresOf(cloud, id);
  const { name, plan, diskSizeGB, enableHighAvailability, readReplicas, ipAllowList } = body;
  if (plan !== undefined && !postgresPlan.test(plan)) throw new RenderError(400, `invalid plan: ${plan}`);
  if (plan === "free" && postgres.plan !== "free")
    throw new RenderError(400, "cannot change a paid database to plan free");
  if (diskSizeGB !== undefined && diskSizeGB < postgres.diskSizeGB)
    throw new RenderError(400, `diskSizeGB: cannot be decreased (is ${postgres.diskSizeGB})`);
  const known = new Map(postgres.readReplicas.map((replica) => [replica.name, replica]));
  Object.assign(postgres, {
    ...(name !== undefined && { name }),
    ...(plan !== undefined && { plan }),
    ...(diskSizeGB !== undefined && { diskSizeGB }),
    ...(enableHighAvailability !== undefined && { highAvailabilityEnabled: enableHighAvailability }),
    ...(ipAllowList !== undefined && { ipAllowList }),
    ...(readReplicas && {
      readReplicas: readReplicas.map(
        (replica) => known.get(replica.name) ?? { id: `${newId("dpg")}-a`, ...replica },
      ),
    }),
    updatedAt: now(),
  });
  cloud.save();
  return postgres;
}

export function deletePostgres(cloud: RenderCloud, id: string): void {
  postgresOf(cloud, id);
  delete cloud.state.postgres[id];
  cloud.save();
}

export const postgresOf = (cloud: RenderCloud, id: string): Postgres =>
  found(cloud.state.postgres[id], `postgres ${id}`);

/** Render leaves the port out where it is PostgreSQL's own. */
export function postgresConnection(cloud: RenderCloud, id: string) {
  const { databaseName, databaseUser, password, region, ...rest } = postgresOf(cloud, id);
  const { host, port } = cloud.endpoints.postgres({ databaseName, databaseUser, password, region, ...rest });
  const login = `postgresql://${encodeURIComponent(databaseUser)}:${encodeURIComponent(password)}`;
  const at = (name: string) => `${login}@${name}${port === undefined ? "" : `:${port}`}/${databaseName}`;
  const publicHost = host === id ? `${id}.${region}-postgres.render.com` : host;
  return {
    password,
    internalConnectionString: at(host),
    externalConnectionString: at(publicHost),
    psqlCommand: `PGPASSWORD=${password} psql -h ${publicHost} -U ${databaseUser} ${databaseName}`,
  };
}

export function createKeyValue(cloud: RenderCloud, body: KeyValueBody): KeyValue {
  const { name = "", plan = "", region = "", maxmemoryPolicy = "allkeys_lru" } = body;
  if (name === "") throw new RenderError(400, "name is required");
  checkKeyValue(body);
  checkRegion(region);
  const keyValue: KeyValue = {
    id: newId("red"),
    name,
    plan,
    region,
    maxmemoryPolicy,
    persistenceMode: body.persistenceMode ?? (plan === "free" ? "off" : "journal_snapshot"),
    password: newPassword(),
    ipAllowList: body.ipAllowList ?? [],
    createdAt: now(),
    updatedAt: now(),
  };
  cloud.state.keyValues[keyValue.id] = keyValue;
  cloud.save();
  return keyValue;
}

export function updateKeyValue(cloud: RenderCloud, id: string, body: KeyValueBody): KeyValue {
  const keyValue = keyValueOf(cloud, id);
  const { name, plan, maxmemoryPolicy, persistenceMode, ipAllowList } = body;
  checkKeyValue({ ...body, plan: plan ?? keyValue.plan });
  if (plan === "free" && keyValue.plan !== "free")
    throw new RenderError(400, "cannot change a paid instance to plan free");
  Object.assign(keyValue, {
    ...(name !== undefined && { name }),
    ...(plan !== undefined && { plan }),
    ...(maxmemoryPolicy !== undefined && { maxmemoryPolicy }),
    ...(persistenceMode !== undefined && { persistenceMode }),
    ...(ipAllowList !== undefined && { ipAllowList }),
    updatedAt: now(),
  });
  cloud.save();
  return keyValue;
}

export function deleteKeyValue(cloud: RenderCloud, id: string): void {
  keyValueOf(cloud, id);
  delete cloud.state.keyValues[id];
  cloud.save();
}

export const keyValueOf = (cloud: RenderCloud, id: string): KeyValue =>
  found(cloud.state.keyValues[id], `key value ${id}`);

export function keyValueConnection(cloud: RenderCloud, id: string) {
  const keyValue = keyValueOf(cloud, id);
  const { host, port } = cloud.endpoints.keyValue(keyValue);
  const external = `rediss://${id}:${keyValue.password}@${keyValue.region}-keyvalue.render.com:6379`;
  return {
    // Without a password: only the private network reaches it.
    internalConnectionString: `redis://${host}:${port}`,
    externalConnectionString: external,
    cliCommand: `REDISCLI_AUTH=${keyValue.password} valkey-cli --user ${id} -h ${keyValue.region}-keyvalue.render.com --tls`,
  };
}

function checkKeyValue({ plan = "", maxmemoryPolicy }: KeyValueBody): void {
  if (!keyValuePlan.test(plan)) throw new RenderError(400, `invalid plan: ${plan}`);
  if (maxmemoryPolicy !== undefined && !policy.test(maxmemoryPolicy))
    throw new RenderError(400, `invalid maxmemoryPolicy: ${maxmemoryPolicy}`);
}
