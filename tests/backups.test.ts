/** Drills with the vendors' stand-ins and real databases behind them, without an engine: what is counted is what is there. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inflateSync } from "node:zlib";
import { MongoClient } from "mongodb";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Accounts } from "../ops/accounts.ts";
import { canary, counted, type Place } from "../ops/backups/census/index.ts";
import type { CopyContext } from "../ops/backups/copies.ts";
import { drill } from "../ops/backups/drill.ts";
import { kept } from "../ops/backups/record.ts";
import type { Vault } from "../ops/backups/vault.ts";
import { MongodbVault } from "../ops/backups/vaults/mongodb.ts";
import { PostgresVault } from "../ops/backups/vaults/postgres.ts";
import { Progress } from "../ops/terminal/progress.ts";
import { addPostgresUser } from "../sandbox/clouds/render/credentials.ts";
import { createPostgres, createService, deploysOf } from "../sandbox/clouds/render/index.ts";
import { type Sandbox, startSandbox } from "../sandbox/index.ts";
import { Render } from "../vendors/render.ts";
import { leaks } from "./canaries.ts";
import { flexCluster } from "./helpers/atlas.ts";
import { smallBackend } from "./helpers/deploys.ts";

const organization = "5a4d000000000000000000aa";
const password = "kairos-kairos-kairos";
let folder: string;
let sandbox: Sandbox;
let place: Place;
let vaults: Record<"postgres" | "mongodb", Vault>;
const tags = new Map<string, string>();

beforeAll(async () => {
  vi.stubEnv("KAIROS_RECOVERY_LAG", "1000");
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-drills-"));
  sandbox = await startSandbox({
    folder,
    keep: false,
    organization,
    recoveryLag: 0,
    deploys: await smallBackend(),
  });
  const { atlas, render, environment } = sandbox.clouds;
  const accounts = new Accounts({}, { environment });
  const request = { name: "kairos-postgres", plan: "basic_1gb", version: "18", databaseUser: "kairos" };
  const { id } = createPostgres(render, request);
  const project = atlas.projects.create({ name: "kairos-test", orgId: organization }).id;
  const electableSpecs = { instanceSize: "M10", nodeCount: 3 };
  const region = { providerName: "AWS", regionName: "US_WEST_2", priority: 7, electableSpecs };
  atlas.clusters.create(project, {
    ...{ name: "kairos-test", clusterType: "REPLICASET", backupEnabled: true, pitEnabled: true },
    replicationSpecs: [{ regionConfigs: [region] }],
  } as never);
  atlas.users.create(project, {
    ...{ databaseName: "admin", username: "kairos", password },
    roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
  });
  await sandbox.databases.settled();
  vaults = {
    postgres: new PostgresVault(accounts, { id, name: "kairos-postgres" }),
    mongodb: new MongodbVault(accounts, {
      project,
      name: "kairos-test",
      tier: "M10",
      database: "kaïros",
    }),
  };
  const login = await accounts.render.connection("postgres", id);
  const { hostname, port, username, pathname, password: secret } = new URL(login.internalConnectionString);
  const srv =
    (await accounts.atlas.cluster(project, "kairos-test", false))?.connectionStrings?.standardSrv ?? "";
  place = {
    variables: {
      MONGODB_URL: srv.replace("://", `://kairos:${password}@`),
      ...{ MONGODB_DB_NAME: "kaïros", MONGODB_TIMEOUT_MS: "5000" },
      ...{ MONGODB_MAX_POOL_SIZE: "5", MONGODB_MIN_POOL_SIZE: "0" },
      ...{ POSTGRES_HOST: hostname, POSTGRES_PORT: port || "5432", POSTGRES_USER: username },
      ...{ POSTGRES_PASSWORD: decodeURIComponent(secret), POSTGRES_DB: pathname.slice(1) },
    },
    ...{ services: [], account: undefined, from: "here", ca: await authority() },
  };
  const client = new pg.Client({ connectionString: login.internalConnectionString });
  await client.connect();
  await client.query(
    "CREATE TABLE people AS SELECT id, now() AS created_at FROM generate_series(1, 300) AS id",
  );
  await client.end();
  const mongodb = new MongoClient(place.variables.MONGODB_URL ?? "", { ca: place.ca });
  await mongodb
    .db("kaïros")
    .collection("people")
    .insertMany(Array.from({ length: 300 }, (_, n) => ({ n })));
  await mongodb.close();
  await sleep(2500);
});
afterAll(async () => {
  await sandbox?.close();
  await rm(folder, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

const authority = async () => (await import("node:fs/promises")).readFile(sandbox.authorityFile, "utf8");

const contextFor = (database: "postgres" | "mongodb"): CopyContext => ({
  ...{
    stack: "test",
    vault: vaults[database],
    known: () => undefined,
    progress: new Progress(true),
    pause: 50,
  },
  notes: {
    tags: async () => Object.fromEntries(tags),
    tag: async (name, value) => void tags.set(name, value),
    untag: async (name) => void tags.delete(name),
  },
  confirm: async () => true,
  count: (...args) => counted(...args, place),
  canary: (...args) => canary(...args, place),
});

/** Makes an empty table or collection at the source, or takes it away. */
async function onSource(database: "postgres" | "mongodb", does: "create" | "drop"): Promise<void> {
  const { POSTGRES_HOST: host = "", POSTGRES_PORT, POSTGRES_USER: user = "", ...rest } = place.variables;
  if (database === "postgres") {
    const login = { host, port: Number(POSTGRES_PORT), user, password: rest.POSTGRES_PASSWORD ?? "" };
    const client = new pg.Client({ ...login, database: rest.POSTGRES_DB ?? "" });
    await client.connect();
    await client.query(does === "create" ? "CREATE TABLE late (id int)" : "DROP TABLE late");
    await client.end();
    return;
  }
  const client = new MongoClient(rest.MONGODB_URL ?? "", { ca: place.ca });
  if (does === "create") await client.db("kaïros").createCollection("late");
  else await client.db("kaïros").dropCollection("late");
  await client.close();
}

const there = () => {
  const { atlas, render } = sandbox.clouds;
  return [
    ...atlas.projects
      .list()
      .flatMap(({ id }) => [
        ...atlas.clusters.list(id).map(({ name }) => name),
        ...atlas.users.list(id).map(({ username }) => username),
      ]),
    ...Object.values(render.state.postgres).map(({ name }) => name),
  ];
};

describe.each(["postgres", "mongodb"] as const)("a drill of a real %s", (database) => {
  it("counts every row of its copy, and leaves nothing", async () => {
    const before = there();
    expect(await drill(contextFor(database))).toMatchObject({ result: "restored", problems: [], rows: 300 });
    expect(there()).toEqual(before);
    expect(kept(Object.fromEntries(tags), "drilled", database)).toMatchObject({ ok: true, rows: 300 });
  });

  it("fails where a table is missing, says which, and leaves nothing", async () => {
    const before = there();
    // It is there, and the moment that is restored is before it.
    await onSource(database, "create");
    const report = await drill(contextFor(database));
    await onSource(database, "drop");
    expect(report).toMatchObject({
      result: "failed",
      problems: [expect.stringMatching(/^(public\.)?late is missing; the source has 0 rows$/)],
    });
    expect(there()).toEqual(before);
    expect(kept(Object.fromEntries(tags), "drilled", database)).toMatchObject({ ok: false });
  });

  it("finds its canary again, and takes it away at its source", async () => {
    const report = await drill(contextFor(database), { canary: true });
    expect(report).toMatchObject({ result: "restored", problems: [], rows: 301, tables: 2 });
    // Another drill sees what is left in the source, once that is older than what can be restored.
    await sleep(2500);
    expect(await drill(contextFor(database))).toMatchObject({ rows: 300 });
  });
});

describe("a rotation", () => {
  it("leaves a copy of a moment before it to the user of then, who reads all of it", async () => {
    await sleep(1500);
    const { render } = sandbox.clouds;
    const { id } = Object.values(render.state.postgres)[0] as { id: string };
    addPostgresUser(render, id, "kairos_2");
    const made = vi.spyOn(vaults.postgres, "open");
    expect(await drill(contextFor("postgres"))).toMatchObject({
      result: "restored",
      problems: [],
      rows: 300,
    });
    expect(await made.mock.results[0]?.value).toMatchObject({ user: "kairos" });
  });
});

describe("a drill of a Flex cluster", () => {
  it("restores its last snapshot, and leaves nothing", async () => {
    const { atlas, environment } = sandbox.clouds;
    const [project] = atlas.projects.list();
    atlas.flexClusters.create(project?.id ?? "", flexCluster("kairos-flex"));
    await sandbox.databases.settled();
    const accounts = new Accounts({}, { environment });
    const source = { project: project?.id ?? "", name: "kairos-flex", tier: "FLEX", database: "kaïros" };
    const vault = new MongodbVault(accounts, source);
    const { connectionStrings } = (await accounts.atlas.cluster(source.project, source.name, true)) ?? {};
    const url = connectionStrings?.standardSrv?.replace("://", `://kairos:${password}@`) ?? "";
    const mongodb = new MongoClient(url, { ca: place.ca });
    await mongodb.db("kaïros").collection("people").insertOne({ n: 1 });
    await mongodb.close();
    // Its first snapshot comes later than that.
    atlas.flexClusters.get(source.project, source.name).createDate = new Date(
      Date.now() - 3_600_000,
    ).toISOString();
    await atlas.snapshots.keepUp();
    const there = () => atlas.flexClusters.list(source.project).map(({ name }) => name);
    const flex = { ...place, variables: { ...place.variables, MONGODB_URL: url } };
    const count: CopyContext["count"] = (...args) => counted(...args, flex);
    expect(await drill({ ...contextFor("mongodb"), vault, count })).toMatchObject({
      result: "restored",
      problems: [],
      rows: 1,
    });
    expect(there()).toEqual(["kairos-flex"]);
  });
});

const python = process.env.KAIROS_PYTHON;
if (!python) console.log("skipped: drills compared from inside (KAIROS_PYTHON names no Python)");

describe.skipIf(!python)("from a service of the backend, which alone reaches the databases", () => {
  beforeAll(async () => {
    // Jobs find the Python that has the drivers.
    vi.stubEnv("PATH", `${path.dirname(python ?? "")}${path.delimiter}${process.env.PATH}`);
    const { render, environment } = sandbox.clouds;
    const { id } = createService(render, {
      ...{ name: "kairos-backend", type: "web_service" },
      envVars: Object.entries(place.variables).map(([key, value = ""]) => ({ key, value })),
      image: { imagePath: "registry.example/kairos/backend:7" },
      serviceDetails: { plan: "starter", region: "oregon", runtime: "image" },
    }).service;
    while (!deploysOf(render, id).some(({ status }) => status === "live")) await sleep(50);
    const account = Render.account(() => environment.RENDER_API_KEY ?? "", environment);
    place = { ...place, account, services: [{ name: "kairos-backend", id }], from: "backend" };
  });

  it.each(["postgres", "mongodb"] as const)(
    "the same is counted of a %s, and no password is shown",
    async (database) => {
      const report = await drill(contextFor(database), { canary: true });
      expect(report).toMatchObject({ result: "restored", problems: [], rows: 301, from: "kairos-backend" });
      const commands = sandbox.clouds.render.state.jobs.map(({ startCommand }) => opened(startCommand));
      const logs = sandbox.clouds.render.state.jobs.flatMap(({ id }) => sandbox.deploys.lines(id));
      const secrets = [password, place.variables.POSTGRES_PASSWORD ?? ""];
      expect(commands.length).toBeGreaterThan(2);
      expect(leaks(JSON.stringify([commands, logs]), secrets)).toEqual([]);
    },
  );
});

/** The program in a job's command. */
const opened = (command: string) =>
  inflateSync(Buffer.from(/b64decode\('([^']*)'\)/.exec(command)?.[1] ?? "", "base64")).toString();
