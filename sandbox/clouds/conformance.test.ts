/** Every call of every stand-in against its vendor's description: what it takes, what it refuses, what it answers. */
import type { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { cluster, digest, flexCluster } from "../../tests/helpers/atlas.ts";
import type { Route } from "./api.ts";
import * as atlas from "./atlas/index.ts";
import type { Described } from "./described.ts";
import * as redisCloud from "./redis-cloud/index.ts";
import * as render from "./render/index.ts";
import * as upstash from "./upstash/index.ts";

/** A stand-in with one thing of each kind in it. */
interface Ground {
  api: Hono;
  basePath: string;
  routes: Route[];
  described: Described;
  headers: (method: string, path: string) => Promise<Record<string, string>>;
  /** What stands in a path at each name. */
  ids: Record<string, string>;
  /** A good body of each call that takes one. */
  good: Record<string, unknown>;
  isRefusal: (body: unknown) => boolean;
}

function renderGround(): Ground {
  const apiKey = "key";
  const cloud = new render.RenderCloud({ ownerId: "tea-test", recoveryLag: 0 });
  const details = { plan: "starter", region: "oregon", runtime: "python" };
  const web = { type: "web_service" as const, repo: "https://git.example/a", serviceDetails: details };
  const postgres = { plan: "basic_1gb", region: "oregon", version: "18", ipAllowList: [] };
  const keyValue = { plan: "starter", region: "oregon", maxmemoryPolicy: "noeviction" };
  const disk = { name: "data", mountPath: "/data", sizeGB: 1 };
  const { service } = render.createService(cloud, {
    ...web,
    name: "one",
    serviceDetails: { ...details, disk },
  });
  const { service: without } = render.createService(cloud, { ...web, name: "without a disk" });
  render.setLogStream(cloud, service.id, { setting: "drop" });
  const { id: postgresId, databaseUser } = render.createPostgres(cloud, { ...postgres, name: "one" });
  render.addPostgresUser(cloud, postgresId, "second");
  // Only what has been deployed can run a job; here that is at once.
  for (const deploy of cloud.state.deploys) deploy.status = "live";
  cloud.behind.job = () => new Promise(() => {});
  const job = render.createJob(cloud, service.id, { startCommand: "true" });
  const files = [{ name: "a.txt", content: "a" }];
  const envVars = [{ key: "A", value: "1" }];
  const group = render.createEnvGroup(cloud, { name: "one", envVars, secretFiles: files });
  const owned = { ownerId: "tea-test" };
  const project = render.createProject(cloud, { name: "one", environments: [{ name: "prod" }] });
  const [environment] = render.environmentsOf(cloud, project.id);
  const set = { name: "one", region: "oregon", environmentIds: [environment?.id ?? ""] };
  const ids: Record<string, string> = {
    services: service.id,
    owners: "tea-test",
    service: service.id,
    postgres: postgresId,
    "key-value": render.createKeyValue(cloud, { ...keyValue, name: "one" }).id,
    "env-groups": group.id,
    resource: service.id,
    disks: service.disk?.id ?? "",
    projects: project.id,
    environments: environment?.id ?? "",
    "dedicated-ips": render.createDedicatedIp(cloud, set).id,
    credentials: databaseUser,
    jobs: job.id,
    key: "A",
    name: "a.txt",
  };
  return {
    api: render.renderApi(cloud, apiKey),
    basePath: "/v1",
    routes: render.renderRoutes(cloud),
    described: render.described,
    headers: async () => ({ Authorization: `Bearer ${apiKey}` }),
    ids,
    good: {
      "POST /services": { ...web, ...owned, name: "two", envVars, secretFiles: null },
      "PATCH /services/:id": { name: "three", serviceDetails: { plan: "standard", previews: {} } },
      "POST /services/:id/scale": { numInstances: 2 },
      "PUT /services/:id/env-vars": envVars,
      "PUT /services/:id/secret-files": files,
      "PUT /services/:id/autoscaling": {
        enabled: true,
        min: 1,
        max: 3,
        criteria: {
          cpu: { enabled: true, percentage: 60 },
          memory: { enabled: false, percentage: 70 },
        },
      },
      "POST /disks": { ...disk, serviceId: without.id },
      "PATCH /disks/:id": { sizeGB: 2 },
      "PUT /logs/streams/resource/:id": { setting: "drop" },
      "POST /services/:id/deploys": {},
      "POST /services/:id/jobs": { startCommand: "true" },
      "PATCH /notification-settings/overrides/services/:id": { notificationsToSend: "all" },
      "PATCH /notification-settings/owners/:owner": { notificationsToSend: "all", emailEnabled: false },
      "POST /postgres": { ...postgres, ...owned, name: "two", readReplicas: null, databaseName: "" },
      "PATCH /postgres/:id": { name: "three", diskSizeGB: 20 },
      "POST /postgres/:id/credentials": { username: "third" },
      "POST /postgres/:id/recovery": { restoreTime: new Date().toISOString(), restoreName: "restored" },
      "POST /key-value": { ...keyValue, ...owned, name: "two", ipAllowList: [] },
      "PATCH /key-value/:id": { plan: "standard" },
      "POST /env-groups": { ...owned, name: "two", envVars },
      "PATCH /env-groups/:id": { name: "three" },
      "PUT /env-groups/:id/env-vars/:key": { value: "2" },
      "PUT /env-groups/:id/secret-files/:name": { content: "b" },
      "POST /projects": { ...owned, name: "two", environments: [{ name: "prod", ipAllowList: [] }] },
      "PATCH /projects/:id": { name: "three" },
      "POST /environments": { name: "staging", projectId: project.id, protectedStatus: "protected" },
      "PATCH /environments/:id": { name: "production", networkIsolationEnabled: true },
      "POST /environments/:id/resources": { resourceIds: [service.id, postgresId] },
      "POST /dedicated-ips": { ...owned, name: "two", region: "ohio", description: "" },
      "PATCH /dedicated-ips/:id": { name: "three", environmentIds: [] },
    },
    isRefusal: (body) => typeof (body as { message?: unknown } | undefined)?.message === "string",
  };
}

function atlasGround(): Ground {
  const credentials = atlas.generateCredentials();
  const cloud = new atlas.AtlasCloud();
  const group = cloud.projects.create({ name: "one", orgId: cloud.orgId }).id;
  const all = "/groups/:group";
  const roles = [{ roleName: "readWrite", databaseName: "kaïros" }];
  const user = { databaseName: "admin", roles, password: "12345678" };
  cloud.clusters.create(group, { ...cluster("one"), backupEnabled: true, pitEnabled: true });
  cloud.clusters.create(group, cluster("free", "M0"));
  // Old enough for its first snapshot.
  cloud.flexClusters.create(group, flexCluster("flex")).createDate = new Date(
    Date.now() - 3_600_000,
  ).toISOString();
  const policyItems = [
    {
      frequencyInterval: 1,
      frequencyType: "daily" as const,
      retentionUnit: "days" as const,
      retentionValue: 3,
    },
  ];
  // Both are there at once; only what would be copied is waited for.
  void cloud.snapshots.keepUp();
  const [snapshot = "", flexSnapshot = ""] = (["one", "flex"] as const).map(
    (name) => cloud.snapshots.list(group, name, name === "one" ? "dedicated" : "flex")[0]?.id ?? "",
  );
  const automated = {
    deliveryType: "automated",
    snapshotId: snapshot,
    targetClusterName: "one",
    targetGroupId: group,
  } as const;
  const flexRestore = { snapshotId: flexSnapshot, targetDeploymentItemName: "flex" };
  void cloud.restoreJobs.create(group, "one", automated);
  void cloud.restoreJobs.createFlex(group, "flex", flexRestore);
  const compliance = {
    authorizedEmail: "a@example.com",
    authorizedUserFirstName: "A",
    authorizedUserLastName: "B",
    pitEnabled: true,
    scheduledPolicyItems: policyItems,
  };
  cloud.users.create(group, { ...user, username: "one" });
  cloud.accessList.add(group, [{ cidrBlock: "203.0.113.0/24" }]);
  const { replicationSpecs } = cluster("one", "M20");
  const notifications = [{ typeName: "EMAIL", emailAddress: "a@example.com", intervalMin: 60 }];
  const noPrimary = { eventTypeName: "NO_PRIMARY", enabled: true, notifications };
  const lag = {
    metricName: "OPLOG_SLAVE_LAG_MASTER_TIME",
    operator: "GREATER_THAN",
    threshold: 60,
    units: "SECONDS",
  };
  const api = atlas.atlasApi(cloud, credentials);
  return {
    api,
    basePath: "/api/atlas/v2",
    routes: atlas.routes(cloud),
    described: atlas.described,
    headers: async (method, path) => {
      const accept = "application/vnd.atlas.2024-10-23+json";
      const challenge = await api.request(path, { method, headers: { accept } });
      const uri = path.slice("/api/atlas/v2".length);
      return { accept, authorization: digest(credentials, challenge.headers, method, uri) };
    },
    ids: {
      group,
      database: "admin",
      username: "one",
      entry: "203.0.113.0%2F24",
      clusters: "one",
      flexClusters: "flex",
      byName: "one",
      snapshot,
      flexSnapshot,
      job: cloud.restoreJobs.list(group, "one", "dedicated")[0]?.id ?? "",
      flexJob: cloud.restoreJobs.list(group, "flex", "flex")[0]?.id ?? "",
      limits: "atlas.project.deployment.clusters",
      alertConfigs: cloud.alerts.create(group, noPrimary).id,
    },
    good: {
      "POST /groups": { name: "two", orgId: cloud.orgId, clusterCount: 0, tags: [] },
      [`PATCH ${all}`]: { tags: [{ key: "a", value: "b" }] },
      [`PATCH ${all}/limits/:limit`]: { name: "atlas.project.deployment.clusters", value: 26 },
      [`PATCH ${all}/settings`]: { isDataExplorerEnabled: false },
      [`POST ${all}/clusters`]: cluster("two"),
      [`POST ${all}/clusters/tenantUpgrade`]: {
        name: "free",
        providerSettings: { providerName: "AWS", instanceSizeName: "M10", regionName: "EU_CENTRAL_1" },
      },
      [`PATCH ${all}/clusters/:name`]: { replicationSpecs },
      [`PATCH ${all}/clusters/:name/processArgs`]: { javascriptEnabled: false },
      [`PATCH ${all}/clusters/:name/backup/schedule`]: { policies: [{ policyItems }] },
      [`POST ${all}/clusters/:name/backup/snapshots`]: { retentionInDays: 1, description: "before" },
      [`POST ${all}/clusters/:name/backup/restoreJobs`]: automated,
      [`POST ${all}/flexClusters/:name/backup/restoreJobs`]: flexRestore,
      [`PUT ${all}/backupCompliancePolicy`]: compliance,
      [`POST ${all}/flexClusters`]: flexCluster("more"),
      [`POST ${all}/flexClusters:tenantUpgrade`]: { name: "flex", replicationSpecs },
      [`PATCH ${all}/flexClusters/:name`]: { terminationProtectionEnabled: false },
      [`POST ${all}/databaseUsers`]: { ...user, groupId: group, username: "two" },
      [`PATCH ${all}/databaseUsers/:database/:username`]: { roles },
      [`POST ${all}/customDBRoles/roles`]: { roleName: "own" },
      [`POST ${all}/alertConfigs`]: {
        ...noPrimary,
        eventTypeName: "OUTSIDE_METRIC_THRESHOLD",
        metricThreshold: lag,
      },
      [`PUT ${all}/alertConfigs/:alert`]: noPrimary,
      [`POST ${all}/accessList`]: [{ ipAddress: "192.0.2.1", comment: "office" }],
    },
    isRefusal: (body) => typeof (body as { errorCode?: unknown }).errorCode === "string",
  };
}

function upstashGround(): Ground {
  const credentials = { email: "a@example.com", apiKey: "key" };
  const cloud = new upstash.UpstashCloud();
  const wanted = { region: "global", primary_region: "us-east-1" };
  const { database_id } = cloud.create({ ...wanted, database_name: "one" });
  const login = Buffer.from(`${credentials.email}:${credentials.apiKey}`).toString("base64");
  return {
    api: upstash.upstashApi(cloud, credentials),
    basePath: "/v2/redis",
    routes: upstash.routes(cloud, credentials.email),
    described: upstash.described,
    headers: async () => ({ authorization: `Basic ${login}` }),
    ids: { id: database_id },
    good: {
      "POST /database": { ...wanted, database_name: "two", budget: 30, tls: true },
      "POST /update-regions/:id": { read_regions: ["us-west-1"] },
      "PATCH /update-budget/:id": { budget: 50 },
      "POST /update-allowlist/:id": { allowed_ips: ["203.0.113.0/24"] },
    },
    isRefusal: (body) => typeof body === "string",
  };
}

function redisCloudGround(): Ground {
  const keys = { apiKey: "one", secretKey: "two" };
  const account = new redisCloud.RedisCloudAccount();
  const planId = redisCloud.plans[0]?.id ?? 0;
  const resource = ({ taskId }: { taskId: string }) => account.task(taskId).response.resourceId ?? 0;
  const subscription = resource(account.createSubscription({ name: "one", planId }));
  const task = account.createDatabase(subscription, { name: "one" });
  const all = "/fixed/subscriptions/:subscription/databases";
  return {
    api: redisCloud.redisCloudApi(account, keys),
    basePath: "/v1",
    routes: redisCloud.redisCloudRoutes(account),
    described: redisCloud.described,
    headers: async () => ({ "x-api-key": keys.apiKey, "x-api-secret-key": keys.secretKey }),
    ids: { subscription: String(subscription), database: String(resource(task)), task: task.taskId },
    good: {
      "POST /fixed/subscriptions": { name: "two", planId },
      "PUT /fixed/subscriptions/:subscription": { name: "three" },
      [`POST ${all}`]: { name: "two", replication: false, alerts: null },
      [`PUT ${all}/:database`]: { dataEvictionPolicy: "noeviction" },
      [`POST ${all}/:database/upgrade`]: { targetRedisVersion: "8.2" },
      [`PUT ${all}/:database/tags`]: { tags: [{ key: "a", value: "b" }] },
    },
    isRefusal: (body) => typeof (body as { message?: unknown }).message === "string",
  };
}

/** Calls that the ground has nothing for, with the status that says so. */
const lacking: Record<string, number> = {
  "POST /disable-autoupgrade/:id": 400,
  // It has clusters.
  "DELETE /groups/:group": 409,
  // Only a download can be cancelled, and no support says that a policy may go.
  "DELETE /groups/:group/clusters/:name/backup/restoreJobs/:job": 400,
  "GET /groups/:group/backupCompliancePolicy": 404,
  "DELETE /groups/:group/backupCompliancePolicy": 404,
};

const grounds = {
  render: renderGround,
  atlas: atlasGround,
  upstash: upstashGround,
  redisCloud: redisCloudGround,
};

/** The path with the ids that exist: those of the kind that stands before the name, or else of the name. */
function filled(path: string, ids: Record<string, string>): string {
  const parts = path.split("/");
  return parts
    .map((part, place) => (part.startsWith(":") ? (ids[parts[place - 1] ?? ""] ?? ids[part.slice(1)]) : part))
    .join("/");
}

/** What calls have to be asked with. */
const queries: Record<string, string> = {
  "/logs": "?ownerId=tea-test&resource=srv-1",
  "/dedicated-ips": "?ownerId=tea-test",
};

const asked = async (ground: Ground, { method, path }: Route, body: unknown) => {
  const target = ground.basePath + filled(path, ground.ids) + (queries[path] ?? "");
  const response = await ground.api.request(target, {
    method,
    headers: { "content-type": "application/json", ...(await ground.headers(method, target)) },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
};

/** What no member of these types may be, and a value of it. */
const others: Record<string, unknown> = {
  string: 5,
  number: "x",
  integer: "x",
  boolean: "x",
  array: "x",
  object: "x",
};

type Part = NonNullable<ReturnType<Described["of"]>["request"]>;
const resolved = (described: Described, part: Part | undefined): Part => {
  const name = part?.$ref?.replace("#/$defs/", "");
  return (name === undefined ? part : described.description.$defs[name]) ?? {};
};

/** Bodies that the description refuses: of another type as a whole, and each member missing or of another type. */
function* bad(described: Described, call: string, good: unknown): Generator<[string, unknown]> {
  const schema = resolved(described, described.of(call).request);
  yield ["text that is no JSON", "{"];
  for (const other of [null, "text", 5, true, schema.type === "array" ? {} : []])
    if (other !== null || schema.type !== "array") yield [`${JSON.stringify(other)} as a whole`, other];
  if (schema.type === "array") {
    for (const other of [null, "text", 5]) yield [`${JSON.stringify(other)} as an item`, [other]];
    return;
  }
  const body = good as Record<string, unknown>;
  for (const name of schema.required ?? []) {
    const { [name]: _, ...without } = body;
    yield [`without ${name}`, without];
    // Go writes an empty list so.
    if (resolved(described, schema.properties?.[name] as Part).type !== "array")
      yield [`with null for ${name}`, { ...body, [name]: null }];
  }
  for (const [name, member] of Object.entries(schema.properties ?? {})) {
    const { type, enum: words, items } = resolved(described, member as Part);
    if (words !== undefined) yield [`with an unknown word for ${name}`, { ...body, [name]: "no such word" }];
    if (typeof type !== "string") continue;
    yield [`with another type for ${name}`, { ...body, [name]: others[type] }];
    if (type !== "array") yield [`with a list for ${name}`, { ...body, [name]: [{}] }];
    else if (Object.keys(items ?? {}).length > 0)
      yield [`with a number in ${name}`, { ...body, [name]: [5] }];
  }
}

describe.each(Object.entries(grounds))("%s", (_, open) => {
  const { routes, described } = open();
  const { deviations } = described.description;

  it("describes every call, and serves every call that it describes", () => {
    const shape = (call: string) => call.replaceAll(/\{\w+\}|(?<=\/):\w+/g, "{}");
    const served = routes.map(({ method, path }) => shape(`${method} ${path}`)).sort();
    expect(served).toEqual(Object.keys(described.description.routes).map(shape).sort());
  });

  it("deviates on purpose only where its description says so, with a reason, and of what there is", () => {
    for (const { call, schema, why } of deviations) {
      expect(why.length).toBeGreaterThan(20);
      if (call !== undefined) expect(described.description.routes).toHaveProperty([call]);
      if (schema !== undefined) expect(described.description.$defs).toHaveProperty([schema]);
    }
  });

  it.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s answers as described",
    async (call, route) => {
      const ground = open();
      const { status, body } = await asked(ground, route, ground.good[call]);
      const { answers, refusals } = described.of(call);
      // Of what it lacks there is a described refusal: auto upgrade is off already.
      if (call in lacking) return expect([status, refusals.includes(status)]).toEqual([lacking[call], true]);
      expect(Object.keys(answers)).toContain(String(status));
      described.answer(call, status, body);
    },
  );

  const taking = routes.filter(({ method, path }) => described.of(`${method} ${path}`).request !== undefined);
  it.each(taking.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "%s refuses what its description refuses, and nothing changes",
    async (call, route) => {
      const ground = open();
      expect(ground.good[call], "a good body").toBeDefined();
      const wrong: string[] = [];
      let tried = 0;
      for (const [what, body] of bad(described, call, ground.good[call])) {
        tried += 1;
        const { status, body: answer } = await asked(ground, route, body);
        if (status < 400 || status >= 500 || !ground.isRefusal(answer))
          wrong.push(`${what}: ${status} ${JSON.stringify(answer)}`);
      }
      expect(wrong).toEqual([]);
      expect(tried).toBeGreaterThan(3);
    },
  );
});
