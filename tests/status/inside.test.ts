/**
 * A status from inside: Render's private names resolve for nobody here, so that a service's one-off job looks, with Python's
 * own drivers at real databases. It needs Python and the packages of tests/backend/requirements.txt (KAIROS_PYTHON).
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { statusOf } from "../../ops/status/run.ts";
import {
  createKeyValue,
  createPostgres,
  createService,
  keyValueConnection,
  postgresConnection,
  setVariables,
} from "../../sandbox/clouds/render/index.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { Render } from "../../vendors/render.ts";
import { smallBackend } from "../helpers/deploys.ts";

const python = process.env.KAIROS_PYTHON;
if (!python) console.log("skipped: a status from inside (KAIROS_PYTHON names no Python with its packages)");

const organization = "0123456789abcdef01234567";
const source = { kind: "process" } as const;

describe.skipIf(!python)("a status from inside", () => {
  let folder: string;
  let sandbox: Sandbox;
  let variables: Record<string, string>;
  let service: { name: string; id: string };
  const secrets: string[] = [];

  beforeAll(async () => {
    // Jobs find the Python that has the drivers.
    vi.stubEnv("PATH", `${path.dirname(python ?? "")}${path.delimiter}${process.env.PATH}`);
    folder = mkdtempSync(path.join(os.tmpdir(), "kairos-inside-"));
    sandbox = await startSandbox({
      folder,
      keep: false,
      organization,
      privateNetwork: true,
      deploys: await smallBackend(),
    });
    const { render, atlas } = sandbox.clouds;
    const region = "frankfurt";
    const postgres = createPostgres(render, { name: "kairos", plan: "basic_1gb", version: "18", region });
    const redis = createKeyValue(render, { name: "cache", plan: "starter", region });
    const login = new URL(postgresConnection(render, postgres.id).internalConnectionString);
    const group = atlas.projects.create({ name: "kairos", orgId: organization }).id;
    const cluster = atlas.clusters.create(group, {
      name: "cluster0",
      clusterType: "REPLICASET",
      replicationSpecs: [
        {
          regionConfigs: [
            {
              providerName: "AWS",
              regionName: "EU_CENTRAL_1",
              priority: 7,
              electableSpecs: { instanceSize: "M10", nodeCount: 3 },
            },
          ],
        },
      ],
    });
    const password = "p@ss/word-of-this-test";
    atlas.users.create(group, {
      username: "kairos",
      password,
      databaseName: "admin",
      roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
    });
    await sandbox.databases.settled();
    const { standardSrv } = atlas.behind.connectionString(cluster);
    variables = {
      MONGODB_URL: standardSrv.replace("//", `//kairos:${encodeURIComponent(password)}@`),
      MONGODB_DB_NAME: "kaïros",
      MONGODB_TIMEOUT_MS: "5000",
      MONGODB_MAX_POOL_SIZE: "20",
      MONGODB_MIN_POOL_SIZE: "2",
      POSTGRES_HOST: login.hostname,
      POSTGRES_PORT: login.port || "5432",
      POSTGRES_USER: login.username,
      POSTGRES_PASSWORD: decodeURIComponent(login.password),
      POSTGRES_DB: login.pathname.slice(1),
      REDIS_URL: keyValueConnection(render, redis.id).internalConnectionString,
    };
    secrets.push(password, encodeURIComponent(password), variables.POSTGRES_PASSWORD ?? "");
    const made = createService(render, {
      name: "kairos-backend",
      type: "web_service",
      ownerId: render.ownerId,
      repo: "https://git.invalid/kairos/backend",
      envVars: Object.entries(variables).map(([key, value]) => ({ key, value })),
      serviceDetails: {
        runtime: "python",
        region,
        plan: "starter",
        envSpecificDetails: { buildCommand: "make", startCommand: "serve" },
      },
    } as Parameters<typeof createService>[1]);
    service = { name: made.service.name, id: made.service.id };
    await vi.waitFor(() => expect(made.deploy.status).toBe("live"), { timeout: 60_000 });
  });
  afterAll(async () => {
    await sandbox?.close();
    vi.unstubAllEnvs();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const account = () => {
    const { RENDER_HOST = "", RENDER_API_KEY = "" } = sandbox.clouds.environment;
    return Render.account(() => RENDER_API_KEY, { RENDER_HOST });
  };
  const look = (from?: "here" | "backend") =>
    statusOf({ source, variables, services: [service] }, { render: account(), ...(from && { from }) });

  it("is blind from here: names of a private network resolve in it only", async () => {
    const { databases } = await look("here");
    expect(databases.postgres.problem).toMatchObject({ kind: "host-not-found" });
    expect(databases.postgres.problem?.causes[0]).toBe("private-network");
    expect(databases.redis.problem?.kind).toBe("host-not-found");
  });

  it("asks a service what cannot be reached from here, and nothing else", async () => {
    const status = await look();
    expect(status.notInside).toBeUndefined();
    const { mongodb, postgres, redis } = status.databases;
    // Its certificate is the sandbox's, which this process does not know.
    expect(mongodb.from).toBeUndefined();
    expect(postgres).toMatchObject({
      state: expect.stringMatching(/well|warning/),
      from: { service: "kairos-backend", driver: expect.stringMatching(/^psycopg 3/) },
      facts: { connected: true, role: { superuser: false }, tables: { users: "present" } },
    });
    expect(redis).toMatchObject({
      from: { driver: expect.stringMatching(/^redis /) },
      facts: { connected: true, commands: { set: true, get: true, expire: true, del: true } },
    });
  });

  it("sees with the backend's drivers what it would see from here", async () => {
    const { databases } = await look("backend");
    expect(databases.mongodb).toMatchObject({
      from: { driver: expect.stringMatching(/^pymongo /) },
      facts: {
        connected: true,
        rights: { user: "kairos", canWrite: true, beyond: [] },
        database: { asked: "kaïros", exists: true },
      },
    });
    for (const { state, facts } of Object.values(databases)) {
      expect(state).not.toBe("failed");
      expect(facts.latency?.tries).toBeGreaterThan(0);
    }
  });

  it("has the same verdict inside as outside, and prints no secret", async () => {
    const { render } = sandbox.clouds;
    const wrong = { ...variables, POSTGRES_PASSWORD: "wrong-password-of-this-test" };
    setVariables(
      render,
      service.id,
      Object.entries(wrong).map(([key, value]) => ({ key, value })),
    );
    const status = await look("backend");
    setVariables(
      render,
      service.id,
      Object.entries(variables).map(([key, value]) => ({ key, value })),
    );
    expect(status.databases.postgres).toMatchObject({
      state: "failed",
      problem: { kind: "login-refused", evidence: "28P01" },
    });
    const logs = render.state.jobs.flatMap(({ id }) => sandbox.deploys.lines(id));
    expect(logs.length).toBeGreaterThan(0);
    for (const secret of [...secrets, "wrong-password-of-this-test"])
      expect(JSON.stringify([status, logs])).not.toContain(secret);
  });

  it("says in a line why nobody can be asked", async () => {
    const { render } = sandbox.clouds;
    const stored = render.state.services[service.id];
    if (stored === undefined) throw new Error("the service is there");
    stored.details.plan = "free";
    const free = await look();
    stored.details.plan = "starter";
    vi.stubEnv("PATH", "/nowhere");
    const none = await look();
    vi.stubEnv("PATH", `${path.dirname(python ?? "")}${path.delimiter}/usr/bin:/bin`);
    expect([free.notInside, none.notInside]).toEqual([
      [
        "kairos-backend: cannot be asked from inside: its plan is free, which has no jobs; expected a paid plan",
      ],
      [
        expect.stringMatching(
          /^kairos-backend: cannot be asked from inside: the job job-\w+ failed, and there is no python3/,
        ),
      ],
    ]);
    // What was seen from here stands.
    expect(none.databases.postgres.problem?.kind).toBe("host-not-found");
  });
});
