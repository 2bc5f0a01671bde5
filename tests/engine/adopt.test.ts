/**
 * Kaïros as it is today, made by hand: taken over without a touch, and given the stack's variables only when somebody
 * says so. Real databases behind the stand-ins; the real engine and the vendors' real providers in front.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportText } from "../../ops/adopt/report.ts";
import { deploysOf } from "../../sandbox/clouds/render/index.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { leaks } from "../canaries.ts";
import { smallBackend } from "../helpers/deploys.ts";
import { Ground } from "./adoption-ground.ts";
import { engineOrReason } from "./harness.ts";
import { kairosToday, type Made, organization, template } from "./kairos-today.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: adoption with the real engine (${found.reason})`);

const secret = () => `s3cr-${randomBytes(12).toString("hex")}`;
/** With what a URL gives a meaning to: it has to be decoded and encoded on its way. */
const password = `${secret()}@:/%#`;
const [foreign, shared] = [secret(), secret()];

describe.skipIf("reason" in found)("Kaïros as it is today", () => {
  let folder: string;
  let sandbox: Sandbox;
  let ground: Ground;
  let made: Made;
  let before: unknown;

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-adopt-"));
    sandbox = await startSandbox({ folder, keep: false, organization, deploys: await smallBackend() });
    ground = await Ground.create(found.engine, sandbox.clouds);
    await ground.write(template);
    made = await kairosToday(ground, { password, foreign, shared });
    await writeRows();
    await settled();
    before = asItIs();
    expect(newestDeploy().status).toBe("live");
  });
  afterAll(async () => {
    await ground?.remove();
    await sandbox?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const connectionString = async (id: string) => {
    const info = await ground.render<{ internalConnectionString: string }>(
      "GET",
      `/postgres/${id}/connection-info`,
    );
    return info.internalConnectionString;
  };
  async function query(text: string) {
    const client = new Client({ connectionString: await connectionString(made.postgres), ssl: false });
    await client.connect();
    const { rows } = await client.query(text).finally(() => client.end());
    return rows;
  }
  const writeRows = () =>
    query(
      "CREATE TABLE users (id int PRIMARY KEY, name text); INSERT INTO users VALUES (1, 'Zoé'), (2, 'Noël')",
    );

  /** Deploys of services that were made by hand are over. */
  async function settled(): Promise<void> {
    const { deploys } = sandbox.clouds.render.state;
    while (deploys.some(({ status }) => /created|in_progress/.test(status)))
      await new Promise((resolve) => setTimeout(resolve, 100));
  }

  function newestDeploy() {
    const [newest] = deploysOf(sandbox.clouds.render, made.service);
    if (newest === undefined) throw new Error("nothing was deployed");
    return newest;
  }

  /** Everything at the vendors. */
  const asItIs = () => {
    const { atlas, render, upstash, redisCloud } = sandbox.clouds;
    return structuredClone([
      render.state,
      atlas.clusters.list(made.project),
      atlas.users.list(made.project),
      atlas.accessList.list(made.project),
      upstash.list(),
      redisCloud.subscriptions(),
    ]);
  };
  const succeeds = async (...args: string[]) => {
    const { all, exitCode } = await ground.pulumi(...args);
    expect({ exitCode, all: exitCode === 0 ? "" : all }).toEqual({ exitCode: 0, all: "" });
    return all;
  };

  it("shows all of it without writing anything, by questions only", async () => {
    const text = await ground.text();
    const calls = ground.changes().length;
    const report = await ground.adopt({ dryRun: true, service: ["kairos-api"] });
    expect(await ground.text()).toBe(text);
    expect(ground.changes().slice(calls)).toEqual([]);
    expect(report.preview).toMatchObject({ imports: 5, changes: [], errors: [] });
    expect(report.found.filter(({ chosen }) => chosen).map(({ name, note }) => [name, note])).toEqual([
      ["Kairos", "the backend uses it"],
      ["cluster0", "the backend uses it"],
      ["kairos", "the backend uses it"],
      ["0.0.0.0/0", "everywhere"],
      ["203.0.113.7/32", "office"],
      ["kairos-db", "the only one"],
      ["kairos-api", "by --service; untouched until you say so"],
    ]);
    expect(report.differences.map(({ what, keptBy }) => [what, keptBy])).toEqual([
      ["cluster0: termination protection", "kairos:mongodb.leave: terminationProtection"],
      ["cluster0: backups", "kairos:mongodb.leave: backup"],
      ["cluster0: nodes, disks and scaling", "kairos:mongodb.leave: hardware"],
      ["user kairos: roles", expect.stringContaining("kairos:mongodb.password")],
      ["Kairos: access list", "allowFromAnywhere: true in kairos:mongodb.accessList"],
      ["kairos-db: access list", "allowFromAnywhere: true in kairos:postgres.accessList"],
      ["Redis", expect.stringContaining("kairos:redis.provider: none")],
    ]);
    ground.printed.push(reportText(report));
  });

  it("compares the service's variables with the stack's, without a secret", async () => {
    const { variables } = await ground.adopt({ dryRun: true, service: ["kairos-api"] });
    const rows = Object.fromEntries(
      variables.map(({ variable, setBy, comparison }) => [variable, [setBy, comparison]]),
    );
    expect(rows).toEqual({
      MONGODB_URL: ["the service", expect.stringMatching(/^database kairos would become kaïros/)],
      MONGODB_DB_NAME: ["the service", "same"],
      MONGODB_TIMEOUT_MS: ["the service", "same"],
      MONGODB_MAX_POOL_SIZE: ["env group common", "same"],
      MONGODB_MIN_POOL_SIZE: ["the service", "same"],
      POSTGRES_HOST: ["nobody", "would be added"],
      POSTGRES_PORT: ["nobody", "would be added"],
      POSTGRES_USER: ["nobody", "would be added"],
      POSTGRES_PASSWORD: ["nobody", "would be added"],
      POSTGRES_DB: ["nobody", "would be added"],
    });
  });

  it("writes settings that describe it, and leaves everything else of the file", async () => {
    const report = await ground.adopt({ service: ["kairos-api"] });
    expect(report).toMatchObject({ written: true, preview: { imports: 5, changes: [] } });
    const text = await ground.text();
    for (const comment of template.match(/#.*/g) ?? []) expect(text).toContain(comment);
    expect(text).toContain(`id: ${made.project}`);
    expect(text).toContain("timeout: 8000ms");
    expect(text).toContain("maxPoolSize: 150");
    expect(text).toMatch(/password:\n\s+secure: v1:/);
    expect(text).toMatch(
      /- name: kairos-backend\n\s+link: srv-\w+\n\s+variables:\n\s+LOG_LEVEL: info\n\s+untouched: true/,
    );
    expect(text).toMatch(/kairos:redis:\n\s+provider: none\n/);
    expect(text).toContain(`postgres: ${made.postgres}`);
  });

  it("is harmless when it runs again", async () => {
    const text = await ground.text();
    const report = await ground.adopt();
    expect(report).toMatchObject({ changed: false, written: false, preview: { imports: 5, changes: [] } });
    expect(await ground.text()).toBe(text);
  });

  it("is taken over by an up that asks questions only, and everything is as it was", async () => {
    const calls = ground.changes().length;
    const all = await succeeds("up", "--yes", "--skip-preview", "--diff");
    expect(all).toContain("= 5 imported");
    expect(ground.changes().slice(calls)).toEqual([]);
    expect(asItIs()).toEqual(before);
    expect(await query("SELECT name FROM users ORDER BY id")).toEqual([{ name: "Zoé" }, { name: "Noël" }]);
    await succeeds("preview", "--diff", "--expect-no-changes");
  });

  it("gives the URL that leads there, with the password that the user had", async () => {
    const { stdout } = await ground.pulumi("stack", "output", "--json", "--show-secrets");
    // Kept secret: this output is not among what people see.
    ground.printed.pop();
    const { environment } = JSON.parse(stdout) as { environment: Record<string, string> };
    expect(environment.MONGODB_URL).toContain(`//kairos:${encodeURIComponent(password)}@`);
    expect(environment.POSTGRES_DB).toMatch(/^kairos_db_\w{4}$/);
  });

  it("leaves no trace of the imports", async () => {
    const report = await ground.adopt({ finish: true });
    expect(report).toMatchObject({ written: true, finished: true });
    expect(await ground.text()).not.toContain("kairos:import");
    await succeeds("preview", "--diff", "--expect-no-changes");
    await succeeds("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await succeeds("preview", "--diff", "--expect-no-changes");
    const again = await ground.adopt();
    expect(again).toMatchObject({ changed: false, preview: { imports: 0, changes: [] } });
  });

  it("keeps the database when the stack is told to go on without it", async () => {
    const text = await ground.text();
    await ground.write(
      text
        .replace(/(kairos:postgres:\n(?:\s+)enabled: )true/, "$1true")
        .replace(/database: kairos_db_\w+/, "database: other"),
    );
    const { all, exitCode } = await ground.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("kairos:postgres.database");
    await ground.write(text);
  });

  it("gives the service the stack's variables once somebody says so, beside all that it had", async () => {
    const { envVars } = sandbox.clouds.render.state.services[made.service] ?? { envVars: [] };
    const owned = envVars.filter(({ key }) => /^(MONGODB|POSTGRES)_/.test(key));
    const others = envVars.filter((one) => !owned.includes(one));
    const text = await ground.text();
    await ground.write(text.replace(/\n\s+untouched: true/, ""));
    const { all, exitCode } = await ground.pulumi("up", "--yes", "--skip-preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain("MONGODB_URL");
    await ground.render("PUT", `/services/${made.service}/env-vars`, others);
    await succeeds("up", "--yes", "--skip-preview");
    await settled();
    expect(newestDeploy()).toMatchObject({
      status: "live",
      image: { ref: "registry.example/kairos/backend:7" },
      variables: {
        JWT_SECRET: foreign,
        SENTRY_DSN: shared,
        LOG_LEVEL: "info",
        POSTGRES_PORT: expect.any(String),
      },
    });
    const { services, envGroups } = sandbox.clouds.render.state;
    expect(services[made.service]?.envVars).toEqual(others);
    expect(envGroups[made.group]?.serviceIds).toEqual([made.service, made.other]);
    const ours = Object.values(envGroups).find(({ id }) => id !== made.group);
    expect(ours?.serviceIds).toEqual([made.service]);
    expect(ours?.envVars.map(({ key }) => key)).toContain("MONGODB_URL");
    await succeeds("preview", "--diff", "--expect-no-changes");
  });

  it("showed no secret, and wrote none in clear", async () => {
    const secrets = [password, foreign, shared, ...keysOf(ground.environment)];
    expect(secrets.length).toBeGreaterThan(6);
    expect(leaks(ground.printed.join("\n"), secrets)).toEqual([]);
    expect(leaks(await ground.text(), secrets)).toEqual([]);
    expect(sandbox.clouds.refused).toEqual([]);
  });
});

const keysOf = (environment: Record<string, string>) =>
  Object.entries(environment)
    .filter(([name]) => /(API_KEY|ACCESS_KEY|SECRET_KEY)$/.test(name) && !name.includes("PUBLIC"))
    .map(([, value]) => value);
