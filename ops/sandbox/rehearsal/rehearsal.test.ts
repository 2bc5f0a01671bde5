/** The whole rehearsal on the stack's own program; tests/engine/rehearsal.test.ts compares it with the real engine. */
import { describe, expect, it } from "vitest";
import { contract } from "../../../infra/contract.ts";
import { organization } from "../../../tests/helpers/rehearsal/clouds.ts";
import { type Job, type RehearsalReport, rehearseApart } from "../../../tests/helpers/rehearsal/index.ts";

const mongodb = {
  project: { name: "kairos-test", organization },
  name: "kairos-test",
  tier: "FLEX",
  accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
};
const source = { image: "registry.example/kairos/backend", tag: "1" };
const web = { name: "kairos-backend", type: "web", plan: "starter", source };
const postgres = { enabled: true, plan: "basic_1gb" };

const jobOf = (settings: Record<string, unknown> = {}, more: Partial<Job> = {}): Job => ({
  settings: { mongodb, backend: [web], ...settings },
  ...more,
});

const succeeds = async (job: Job) => {
  const report = await rehearseApart(job);
  expect(report.error).toBeUndefined();
  expect(report.refused).toEqual([]);
  return { ...report, ...(report.rehearsed as NonNullable<RehearsalReport["rehearsed"]>) };
};

const only = <T>(things: Record<string, T> | readonly T[]): T => {
  const [one, ...more] = Object.values(things);
  if (one === undefined || more.length > 0) throw new Error(`${more.length + 1} things; expected one`);
  return one;
};

// biome-ignore lint/suspicious/noExplicitAny: the models' answers have many shapes
type Shape = any;

describe.concurrent("a rehearsal", () => {
  it("puts everything of Render's into the environment that it makes, and lets its addresses into Atlas", async () => {
    const place = {
      environment: { project: "kairos", name: "production", isolated: true },
      outbound: { name: "kairos-out" },
    };
    const services = [{ ...web, migration: "alembic upgrade head" }];
    const alone = { ...mongodb, accessList: [] };
    const { states } = await succeeds(
      jobOf({
        mongodb: alone,
        postgres,
        redis: { provider: "render", plan: "starter" },
        backend: services,
        render: place,
      }),
    );
    const environment = only(states.render.environments as Record<string, Shape>);
    expect(environment).toMatchObject({
      name: "production",
      protectedStatus: "protected",
      networkIsolationEnabled: true,
    });
    for (const things of [states.render.postgres, states.render.keyValues, states.render.services])
      expect(only(things as Record<string, Shape>).environmentId).toBe(environment.id);
    const set = only(states.render.dedicatedIps as Record<string, Shape>);
    expect(set).toMatchObject({ region: "oregon", environmentIds: [environment.id] });
    const [{ accessList }] = states.atlas as [Shape];
    expect(accessList.map(({ cidrBlock }: Shape) => cidrBlock)).toEqual(
      set.ips.map((ip: string) => `${ip}/32`),
    );
    expect(only(states.render.services).details.envSpecificDetails).toMatchObject({
      preDeployCommand: "alembic upgrade head",
    });
  });

  it("makes the databases and one deploy whose variables lead to them", async () => {
    const { states, outputs, resources, progress, calls } = await succeeds(
      jobOf({ postgres, redis: { provider: "upstash" } }),
    );
    const [{ users, flexClusters, accessList }] = states.atlas as [Shape];
    const database = only(states.render.postgres);
    const redis = only(states.upstash as Shape[]);
    const { variables } = only(states.render.deploys);
    expect(Object.keys(variables).sort()).toEqual(Object.keys(contract).sort());
    const url = new URL(variables.MONGODB_URL ?? "");
    expect([url.username, url.password]).toEqual([only(users as Shape[]).username, users[0].password]);
    expect(url.host.endsWith(`${only(flexClusters as Shape[]).id.slice(-7)}.example.invalid`)).toBe(true);
    expect(accessList).toMatchObject([{ cidrBlock: "203.0.113.0/24", comment: "Render" }]);
    expect(variables).toMatchObject({
      MONGODB_DB_NAME: "kaïros",
      POSTGRES_HOST: database.id,
      POSTGRES_USER: database.databaseUser,
      POSTGRES_PASSWORD: database.password,
      POSTGRES_DB: database.databaseName,
      REDIS_URL: `rediss://default:${redis.password}@${redis.endpoint}:${redis.port}`,
    });
    expect(outputs).toEqual({
      mongodb: {
        projectId: only(states.atlas as Shape[]).project.id,
        cluster: "kairos-test",
        database: "kaïros",
        user: "kairos",
      },
      postgres: { id: database.id, name: database.name },
      redis: { provider: "upstash", id: redis.database_id },
      services: { "kairos-backend": only(states.render.services).id },
      environment: variables,
      readme: expect.stringContaining("`Pulumi.test.yaml`"),
    });
    const idOf = (name: string) => resources.find((one) => one.name === name)?.id;
    expect(idOf("mongodb-cluster")).toBe("missing ID");
    expect(idOf("postgres-database")).toBe(database.id);
    expect(idOf("redis-upstash")).toBe(`upstash-database-${redis.database_id}`);
    expect(new Set(resources.map(({ name }) => name)).size).toBe(resources.length);
    const told = progress.filter(({ name }) => name === "kairos-backend").map(({ state }) => state);
    expect(told).toEqual(["started", "done"]);
    // The hooks' questions go over the wire; what is created does not.
    const { id } = only(states.render.services);
    expect(new Set(calls)).toEqual(new Set(["GET /v1/services", `GET /v1/services/${id}/deploys`]));
  });

  it("says what the policies say, of what was registered: no secret is among it", async () => {
    const anywhere = { cidr: "0.0.0.0/0", comment: "everybody", allowFromAnywhere: true };
    const bad = await succeeds(
      jobOf({
        mongodb: { ...mongodb, accessList: [anywhere] },
        postgres: { ...postgres, plan: "pro_4gb" },
        backend: [{ ...web, variables: { MAIL_PASSWORD: "correct-horse-battery" } }],
      }),
    );
    expect(bad.policies.violations.map(({ policy, resource, level }) => [policy, resource, level])).toEqual([
      ["plan-tier", "postgres-database", "mandatory"],
      ["access-list-open", "mongodb-access-0.0.0.0/0", "advisory"],
      ["plain-secret", "kairos-backend", "advisory"],
      ["health-check", "kairos-backend", "advisory"],
    ]);
    expect(bad.policies.unknown).toEqual([]);
    const password = Object.values(bad.states.render.postgres)[0]?.password ?? "";
    expect(password.length).toBeGreaterThan(8);
    expect(JSON.stringify(bad.policies)).not.toContain(password);
    const good = await succeeds(jobOf({ backend: [{ ...web, healthCheck: "/health" }] }));
    expect([good.policies.checked, good.policies.violations]).toEqual([11, []]);
  });

  it("tells of alerts whom the settings name", async () => {
    const alerts = { emails: ["ops@example.com"], workspace: true };
    const { states } = await succeeds(jobOf({ mongodb: { ...mongodb, tier: "M10" }, alerts }));
    const [atlas] = states.atlas as [Shape];
    expect(
      atlas.alerts.map((one: Shape) => one.metricThreshold?.metricName ?? one.eventTypeName).sort(),
    ).toEqual([
      "CONNECTIONS_PERCENT",
      "DISK_PARTITION_SPACE_USED_DATA",
      "NO_PRIMARY",
      "OPLOG_SLAVE_LAG_MASTER_TIME",
    ]);
    for (const one of atlas.alerts)
      expect(only(one.notifications as Shape[]).emailAddress).toBe("ops@example.com");
    expect(states.render.notifications).toMatchObject({ emailEnabled: true, notificationsToSend: "failure" });
  });

  it.each([
    ["none", {}, undefined],
    ["render", { plan: "starter" }, /^redis:\/\/red-[0-9a-v]{20}:6379$/],
    ["redis-cloud", { plan: "30MB" }, /^rediss:\/\/default:[A-Za-z0-9]{32}@redis-\d+\.[^/]+:\d+$/],
    ["external", { url: "rediss://:pa55@redis.example:6380" }, /^rediss:\/\/:pa55@redis\.example:6380$/],
  ])("gives the URL of each kind of Redis: %s", async (provider, more, url) => {
    const { states } = await succeeds(
      jobOf(
        { redis: { provider, ...more } },
        { secretKeys: provider === "external" ? ["kairos:redis"] : [] },
      ),
    );
    const { variables } = only(states.render.deploys);
    if (url === undefined) expect(variables).not.toHaveProperty("REDIS_URL");
    else expect(variables.REDIS_URL).toMatch(url);
    // Postgres is off unless a stack says otherwise.
    expect(Object.keys(variables).filter((name) => name.startsWith("POSTGRES_"))).toEqual([]);
    expect(states.render.postgres).toEqual({});
    if (provider === "redis-cloud") {
      const { databases } = only(states.redisCloud as Shape[]);
      const { security, publicEndpoint } = only(databases as Shape[]);
      expect(variables.REDIS_URL).toBe(`rediss://default:${security.password}@${publicEndpoint}`);
    }
  });

  it.each([
    ["M0", "tenant", false],
    ["M10", "dedicated", true],
  ])("makes a cluster of tier %s", async (tier, kind, pitEnabled) => {
    const { states } = await succeeds(jobOf({ mongodb: { ...mongodb, tier } }));
    const { clusters, flexClusters } = only(states.atlas as Shape[]);
    expect(only(clusters as Shape[])).toMatchObject({
      kind,
      ...(pitEnabled && { settings: { backupEnabled: true, pitEnabled } }),
      replicationSpecs: [{ regionConfigs: [{ current: { electableSpecs: { instanceSize: tier } } }] }],
    });
    expect(flexClusters).toEqual([]);
  });

  it("waits until everything is ready that takes its time", async () => {
    const job = jobOf({ postgres, redis: { provider: "redis-cloud", plan: "30MB" } }, { provisioning: 400 });
    const { states } = await succeeds(job);
    const [service, database] = [only(states.render.services), only(states.render.postgres)];
    expect(Date.parse(service.createdAt)).toBeGreaterThanOrEqual(Date.parse(database.createdAt) + 400);
    expect(only(states.render.deploys).variables.MONGODB_URL).toMatch(/^mongodb\+srv:\/\/kairos:/);
  });

  it("makes each kind of service", async () => {
    const repository = { repository: "https://git.invalid/kairos/backend", branch: "main" };
    const { states } = await succeeds(
      jobOf({
        backend: [
          web,
          {
            name: "kairos-worker",
            type: "worker",
            plan: "starter",
            source: repository,
            start: "python w.py",
            instances: 2,
          },
          { name: "kairos-private", type: "private", plan: "starter", source },
          { name: "kairos-cron", type: "cron", plan: "starter", source, schedule: "0 3 * * *" },
          {
            name: "kairos-docker",
            type: "worker",
            plan: "starter",
            source: { ...repository, runtime: "docker", dockerfile: "api/Dockerfile" },
          },
        ],
      }),
    );
    const kinds = Object.values(states.render.services).map(({ name, type }) => `${name} ${type}`);
    expect(kinds.sort()).toEqual([
      "kairos-backend web_service",
      "kairos-cron cron_job",
      "kairos-docker background_worker",
      "kairos-private private_service",
      "kairos-worker background_worker",
    ]);
    expect(states.render.deploys).toHaveLength(5);
    const worker = Object.values(states.render.services).find(({ name }) => name === "kairos-worker");
    expect(worker).toMatchObject({
      repo: repository.repository,
      details: { numInstances: 2, runtime: "python" },
    });
    const docker = Object.values(states.render.services).find(({ name }) => name === "kairos-docker");
    expect(docker?.details).toMatchObject({
      runtime: "docker",
      envSpecificDetails: { dockerContext: ".", dockerfilePath: "api/Dockerfile" },
    });
  });

  it("gives a linked service its group, and deploys what is live once", async () => {
    const backend = [{ name: "kairos-linked", link: "<service>" }];
    const { states, calls } = await succeeds(jobOf({ postgres, backend }, { before: ["service"] }));
    const service = only(states.render.services);
    const group = only(states.render.envGroups);
    expect(group).toMatchObject({ name: "kairos-linked-databases", serviceIds: [service.id] });
    const [first, second, ...more] = states.render.deploys;
    expect(more).toEqual([]);
    expect(first?.variables).toEqual({});
    expect(second?.image?.ref).toBe("registry.example/kairos/existing:7");
    expect(second?.variables).toEqual(
      Object.fromEntries(group.envVars.map(({ key, value }) => [key, value])),
    );
    expect(second?.variables.POSTGRES_PASSWORD).toBe(only(states.render.postgres).password);
    expect(service.envVars).toEqual([]);
    expect(calls).toEqual([
      // Whether it fits, and whether it is suspended when its turn has come.
      `GET /v1/services/${service.id}`,
      `GET /v1/services/${service.id}`,
      `GET /v1/services/${service.id}/env-vars`,
      `GET /v1/services/${service.id}/deploys`,
      `POST /v1/services/${service.id}/deploys`,
      // Until it is live.
      `GET /v1/services/${service.id}/deploys`,
    ]);
  });
});

describe.concurrent("a rehearsal that fails", () => {
  const fails = async (job: Job) => {
    const { error, rehearsed, ...rest } = await rehearseApart(job);
    expect(rehearsed).toBeUndefined();
    expect(error?.name).toBe("UserError");
    return { ...rest, lines: (error?.message ?? "").split("\n").sort() };
  };

  it("says that a service's name is taken, as its hook found out, and creates no second one", async () => {
    const backend = [{ ...web, name: "existing" }];
    const { lines, states, progress } = await fails(jobOf({ backend }, { before: ["service"] }));
    expect(lines).toEqual([
      expect.stringMatching(
        /^existing \(render:index\/webService:WebService\): a Render service named existing exists already \(srv-/,
      ),
    ]);
    expect(Object.keys(states.render.services)).toHaveLength(1);
    expect(progress.at(-1)).toMatchObject({ name: "existing", state: "failed" });
  });

  it("says in the vendor's words that a second M0 is one too many", async () => {
    const second = { ...mongodb, project: { id: "<project>" }, tier: "M0" };
    const { lines, states } = await fails(jobOf({ mongodb: second, postgres }, { before: ["project"] }));
    expect(lines).toEqual([
      "mongodb-cluster (mongodbatlas:index/advancedCluster:AdvancedCluster): Atlas refused: 400 " +
        "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API: Cannot create a cluster with instance size M0 via the public " +
        "api: This project has reached the limit for the number of free clusters.",
    ]);
    // What does not depend on it is there; what does is not.
    expect(Object.keys(states.render.postgres)).toHaveLength(1);
    expect(states.render.services).toEqual({});
  });

  it("tells every failure: a name that is taken, and a plan that does not exist", async () => {
    const taken = { ...mongodb, project: { name: "existing", organization } };
    const redis = { provider: "redis-cloud", plan: "31MB" };
    const { lines } = await fails(jobOf({ mongodb: taken, redis }, { before: ["project"] }));
    expect(lines).toEqual([
      expect.stringMatching(/^mongodb-project \(.*\): Atlas refused: 409 GROUP_ALREADY_EXISTS: /),
      "rediscloud:index/getEssentialsPlan:getEssentialsPlan: Redis Cloud refused: 0 plans are named 31MB in " +
        "us-west-2; expected one of 30MB, Single-Zone_1GB, Multi-Zone_5GB",
    ]);
  });

  it("tells of refusals side by side, and does not begin what depends on them", async () => {
    const { lines, progress } = await fails(jobOf({}, { program: "refusedTwice" }));
    expect(lines).toEqual([
      "cache (render:index/keyvalue:Keyvalue): Render refused: invalid plan: huge",
      "cluster (mongodbatlas:index/advancedCluster:AdvancedCluster): Atlas refused: 400 INVALID_REGION: No region " +
        "US_NOWHERE_1 exists for provider AWS.",
    ]);
    expect(progress.filter(({ name }) => name === "after")).toEqual([]);
  });

  it.each([
    [
      "unknownType",
      "webhook (render:index/webhook:Webhook): the rehearsal does not know this type of resource; pulumi up does",
    ],
    [
      "unknownInput",
      "project (mongodbatlas:index/project:Project): the rehearsal does not know its tags; pulumi up does",
    ],
    ["failingOutput", "the password is of no use"],
  ] as const)("says what it cannot do: %s", async (program, line) => {
    const { lines, states } = await fails(jobOf({}, { program }));
    expect(lines).toEqual([line]);
    expect(states.atlas).toEqual([]);
  });

  it("says what is wrong with the settings before anything is made", async () => {
    const { lines, progress } = await fails(jobOf({ mongodb: { ...mongodb, tier: "M5" } }));
    expect(lines.join("\n")).toContain("kairos:mongodb.tier: got");
    expect(progress).toEqual([]);
  });
});

describe("the outputs of a rehearsal", () => {
  it("are secret where the providers say so", async () => {
    const { outputs } = await succeeds(jobOf({}, { program: "secrets" }));
    expect(outputs).toEqual({ areSecret: [true, true, false] });
  });
});
