/** Render Key Value. */
import { defined, type Route, route } from "../api.ts";
import * as calls from "./calls.ts";
import {
  type AllowedBlock,
  databaseStatus,
  type KeyValue,
  made,
  newPassword,
  type RenderCloud,
} from "./model.ts";
import { needEnvironment } from "./projects.ts";
import { needName, RenderError } from "./refusals.ts";

export interface KeyValueRequest
  extends calls.Asked<
    KeyValue,
    "name" | "plan",
    "region" | "maxmemoryPolicy" | "persistenceMode" | "environmentId"
  > {
  ipAllowList?: calls.List<AllowedBlock>;
}

/** Smallest first: an instance only grows. https://render.com/docs/key-value#changing-your-instance-type */
const keyValuePlans = ["free", "starter", "standard", "pro", "pro_plus", "custom"];
const lasting = "journal_snapshot";

export function createKeyValue(cloud: RenderCloud, body: KeyValueRequest): KeyValue {
  const { name, plan, region = calls.defaultRegion, maxmemoryPolicy = "allkeys_lru", environmentId } = body;
  needName(name);
  // Render's words for a Postgres; those for a Key Value are not known.
  if (plan === "free" && cloud.all("keyValues").some((other) => other.plan === "free"))
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
  return cloud.add("keyValues", keyValue);
}

function persistenceOf(plan: string, mode: string): string {
  if (plan === "free" && mode !== "off")
    throw new RenderError(400, "persistence is not available for plan free");
  return mode;
}

export function keyValueConnection(cloud: RenderCloud, id: string) {
  const keyValue = cloud.get("keyValues", id);
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

export function keyValueRoutes(cloud: RenderCloud): Route[] {
  const shown = (keyValue: KeyValue) => keyValueAnswer(cloud, keyValue);
  return [
    ...calls.usual(cloud, "/key-value", "keyValues", {
      wrapper: "keyValue",
      shown,
      // A list has the address of its page, too.
      listed: (keyValue) => ({ ...shown(keyValue), dashboardUrl: calls.dashboard("r", keyValue.id) }),
    }),
    route("POST /key-value", (_, body: calls.Owned<KeyValueRequest>) => ({
      ...shown(createKeyValue(cloud, cloud.own(body))),
      ...calls.atFirst,
    })),
    // From free to paid it is made anew: its data is lost, and what it stores from then on is kept.
    route("PATCH /key-value/:id", ({ id }, changes: Partial<KeyValueRequest>) => {
      const keyValue = cloud.get("keyValues", id);
      const { name, plan = keyValue.plan, maxmemoryPolicy, ipAllowList } = changes;
      if (keyValuePlans.indexOf(plan) < keyValuePlans.indexOf(keyValue.plan))
        throw new RenderError(400, `cannot change plan ${keyValue.plan} to plan ${plan}`);
      const isAnew = keyValue.plan === "free" && plan !== "free";
      const persistence = changes.persistenceMode ?? (isAnew ? lasting : keyValue.persistenceMode);
      const changed = cloud.touched(keyValue, {
        ...defined({ name, plan, maxmemoryPolicy, ipAllowList: ipAllowList ?? undefined }),
        persistenceMode: persistenceOf(plan, persistence),
        ...(isAnew && { madeAnewAt: cloud.behind.clock() }),
      });
      return shown(changed);
    }),
    route("GET /key-value/:id/connection-info", ({ id }) => keyValueConnection(cloud, id)),
  ];
}

function keyValueAnswer(cloud: RenderCloud, keyValue: KeyValue) {
  const { password: _, readyAt: __, madeAnewAt: ___, maxmemoryPolicy, persistenceMode, ...rest } = keyValue;
  return {
    ...rest,
    ipAllowList: calls.orNull(rest.ipAllowList),
    status: databaseStatus(keyValue),
    version: "8.1.4",
    options: { maxmemoryPolicy, persistenceMode },
    owner: calls.owner(cloud),
  };
}
