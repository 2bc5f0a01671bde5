/** Render Postgres and Key Value. */
import { defined } from "../api.ts";
import { found, RenderError } from "./error.ts";
import { made, newId, newPassword, randomText } from "./ids.ts";
import type { KeyValue, Postgres, RenderCloud } from "./model.ts";
import type { KeyValueChanges, KeyValueRequest, PostgresChanges, PostgresRequest } from "./requests.ts";

export function createPostgres(cloud: RenderCloud, body: PostgresRequest): Postgres {
  const { name, plan, region, version } = body;
  const free = Object.values(cloud.state.postgres).some((other) => other.plan === "free");
  if (plan === "free" && free)
    throw new RenderError(400, "cannot have more than one active free tier database");
  const suffix = randomText(4);
  const postgres: Postgres = {
    ...made("dpg", "-a"),
    name,
    plan,
    region,
    version,
    // Names are shared between customers on one host: Render adds a suffix to those that are made up.
    databaseName: body.databaseName || `${name.replaceAll("-", "_")}_${suffix}`,
    databaseUser: body.databaseUser || `${name.replaceAll("-", "_")}_${suffix}_user`,
    password: newPassword(),
    status: cloud.behind.provisioning === 0 ? "available" : "creating",
    diskSizeGB: body.diskSizeGB ?? (plan === "free" ? 1 : 15),
    highAvailabilityEnabled: body.enableHighAvailability ?? false,
    readReplicas: (body.readReplicas ?? []).map(replicaOf),
    ipAllowList: body.ipAllowList ?? [],
  };
  cloud.state.postgres[postgres.id] = postgres;
  cloud.save();
  if (postgres.status === "creating")
    setTimeout(() => {
      postgres.status = "available";
      cloud.save();
    }, cloud.behind.provisioning).unref();
  return postgres;
}

/** Changes what is given; the region, the version and the names inside stay. */
export function updatePostgres(cloud: RenderCloud, id: string, changes: PostgresChanges): Postgres {
  const postgres = postgresOf(cloud, id);
  const { name, plan, diskSizeGB, enableHighAvailability, readReplicas, ipAllowList } = changes;
  if (plan === "free" && postgres.plan !== "free")
    throw new RenderError(400, "cannot change a paid database to plan free");
  if (diskSizeGB !== undefined && diskSizeGB < postgres.diskSizeGB)
    throw new RenderError(400, `diskSizeGB: cannot be decreased (is ${postgres.diskSizeGB})`);
  const known = new Map(postgres.readReplicas.map((replica) => [replica.name, replica]));
  const asked = {
    name,
    plan,
    diskSizeGB,
    ipAllowList,
    highAvailabilityEnabled: enableHighAvailability,
    readReplicas: readReplicas?.map((replica) => known.get(replica.name) ?? replicaOf(replica)),
  };
  return cloud.touched(postgres, defined(asked));
}

const replicaOf = ({ name }: { name: string }) => ({ id: `${newId("dpg")}-a`, name });

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
  const { host, port } = cloud.behind.endpoints.postgres({
    databaseName,
    databaseUser,
    password,
    region,
    ...rest,
  });
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

export function createKeyValue(cloud: RenderCloud, body: KeyValueRequest): KeyValue {
  const { name, plan, region, maxmemoryPolicy = "allkeys_lru" } = body;
  const keyValue: KeyValue = {
    ...made("red"),
    name,
    plan,
    region,
    maxmemoryPolicy,
    persistenceMode: body.persistenceMode ?? (plan === "free" ? "off" : "journal_snapshot"),
    password: newPassword(),
    ipAllowList: body.ipAllowList ?? [],
  };
  cloud.state.keyValues[keyValue.id] = keyValue;
  cloud.save();
  return keyValue;
}

export function updateKeyValue(cloud: RenderCloud, id: string, changes: KeyValueChanges): KeyValue {
  const keyValue = keyValueOf(cloud, id);
  const { region: _, ...others } = changes;
  if (changes.plan === "free" && keyValue.plan !== "free")
    throw new RenderError(400, "cannot change a paid instance to plan free");
  return cloud.touched(keyValue, defined(others));
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
  const { host, port } = cloud.behind.endpoints.keyValue(keyValue);
  const external = `rediss://${id}:${keyValue.password}@${keyValue.region}-keyvalue.render.com:6379`;
  return {
    // Without a password: only the private network reaches it.
    internalConnectionString: `redis://${host}:${port}`,
    externalConnectionString: external,
    cliCommand: `REDISCLI_AUTH=${keyValue.password} valkey-cli --user ${id} -h ${keyValue.region}-keyvalue.render.com --tls`,
  };
}
