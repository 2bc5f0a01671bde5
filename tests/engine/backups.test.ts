/**
 * Backups that are restored, on the real engine and real databases: the command as it is typed, on a stack that is up, with
 * the vendors' stand-ins that copy what the databases behind them hold.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillReport } from "../../ops/backups/drill.ts";
import type { RestoreReport } from "../../ops/backups/restore.ts";
import { root } from "../../ops/bundle.mjs";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { onPostgres, type Ran, RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: backups on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("backups", () => {
  let ground: RotationGround;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    // Of Flex there is one snapshot a day, and no moment in between.
    const mongodb = {
      project: { name: "kairos-sandbox", organization: "5a4d000000000000000000aa" },
      ...{ name: "kairos-sandbox", tier: "M10", database: "kaïros", user: "kairos" },
      accessList: [{ cidr: "127.0.0.1/32", comment: "this machine" }],
      mayBeDestroyed: "kairos-sandbox",
    };
    const sections = { mongodb, redis: { provider: "none" } };
    ground = await RotationGround.create(found.engine, sections, { recoveryLag: 0 });
    await onPostgres(
      ground.variables(),
      "CREATE TABLE people AS SELECT id, now() AS created_at FROM generate_series(1, 500) AS id",
    );
    await onMongodb(ground.variables(), async (database) => {
      await database
        .collection("people")
        .insertMany(Array.from({ length: 500 }, (_, number) => ({ number })));
    });
    await sleep(1500);
  });
  afterAll(() => ground?.remove());

  const start = (...args: string[]) => {
    const child = spawn(
      process.execPath,
      [path.join(root, "ops", "kairos.mjs"), "backups", ...args, "--stack", "test", "--json"],
      {
        env: {
          ...ground.stack.environment,
          KAIROS_PROJECT: path.dirname(ground.stack.stateFolder),
          KAIROS_RECOVERY_LAG: "1000",
          NODE_EXTRA_CA_CERTS: ground.sandbox.authorityFile,
          NO_COLOR: "1",
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    const ran = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk) => {
        ran[stream] += chunk;
        ground.printed += chunk;
      });
    return {
      child,
      ran,
      ended: once(child, "close").then(([code]): Ran => ({ code: code as number | null, ...ran })),
    };
  };
  const backups = (...args: string[]) => start(...args).ended;
  /** What there is at the vendors. */
  const there = () => {
    const { atlas, render } = ground.sandbox.clouds;
    const projects = atlas.projects.list().map(({ id }) => id);
    return [
      ...projects.flatMap((id) =>
        [...atlas.clusters.list(id), ...atlas.flexClusters.list(id)].map(({ name }) => name),
      ),
      ...projects.flatMap((id) => atlas.users.list(id).map(({ username }) => username)),
      ...Object.values(render.state.postgres).map(({ name }) => name),
    ].sort();
  };

  it.each(["postgres", "mongodb"] as const)(
    "a drill of %s compares every row, leaves nothing, and is recorded; killed before, it cleans up first",
    async (database) => {
      const before = there();
      const { child, ran, ended } = start("drill", database, "--yes");
      while (!/restores? .* into|recovers .* into/.test(ran.stderr) && child.exitCode === null)
        await sleep(5);
      await sleep(400);
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended;
      const { code, stdout, stderr } = await backups("drill", database, "--yes");
      expect([code, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
      const [report] = (JSON.parse(stdout) as { drills: DrillReport[] }).drills;
      const hadLeft = /an interrupted drill has left/.test(stderr);
      console.log(
        `drill of ${database}: ${JSON.stringify(report)}; the killed one had left a copy: ${hadLeft}`,
      );
      expect(report).toMatchObject({ result: "restored", problems: [] });
      expect(report?.rows).toBeGreaterThanOrEqual(500);
      expect(there()).toEqual(before);
      const { databases } = JSON.parse((await backups()).stdout);
      expect(databases.find((one: { database: string }) => one.database === database)).toMatchObject({
        state: "well",
        drill: { ok: true, rows: report?.rows },
      });
    },
  );

  it.each(["postgres", "mongodb"] as const)(
    "a bad day of %s: the moment before comes back beside the old one, which stays, and no login fails",
    async (database) => {
      const count = () =>
        database === "postgres"
          ? onPostgres(ground.variables(), "SELECT count(*)::int FROM people").then(([row]) => row?.[0])
          : onMongodb(ground.variables(), (one) => one.collection("people").countDocuments());
      const before = there();
      const to = new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString();
      await sleep(2500);
      // Of then there is another user than now, who owns all.
      if (database === "postgres") expect((await ground.rotate("postgres", "--grace", "0s")).code).toBe(0);
      const old = ground.variables();
      if (database === "postgres") await onPostgres(old, "DELETE FROM people");
      else await onMongodb(old, (one) => one.collection("people").deleteMany({}));
      expect(await count()).toBe(0);
      const load = ground.load([database]);
      const { code, stdout, stderr } = await backups("restore", database, "--to", to, "--yes");
      expect([code, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
      const report = JSON.parse(stdout) as RestoreReport;
      expect([report.unseen, report.setting?.written]).toEqual([undefined, true]);
      await ground.succeeds("up", "--yes", "--skip-preview");
      const deadline = Date.now() + 60_000;
      const key = database === "postgres" ? "POSTGRES_HOST" : "MONGODB_URL";
      const where = () => ground.variables()[key] + (ground.variables().POSTGRES_PORT ?? "");
      while (where() === old[key] + (old.POSTGRES_PORT ?? "") && Date.now() < deadline) await sleep(50);
      expect(await count()).toBe(500);
      await load.end();
      console.log(
        `bad day of ${database}: ${JSON.stringify(load.logins)} logins, ${load.failures.length} failed`,
      );
      expect(load.failures).toEqual([]);
      expect(load.logins[database]).toBeGreaterThan(10);
      // The old one is there still, and says the same as before.
      expect(there()).toEqual(expect.arrayContaining(before));
      const rows =
        database === "postgres"
          ? (await onPostgres(old, "SELECT count(*)::int FROM people"))[0]?.[0]
          : await onMongodb(old, (one) => one.collection("people").countDocuments());
      expect(rows).toBe(0);
    },
  );

  it("has put no secret into an output or the state", async () => {
    const { MONGODB_URL = "", POSTGRES_PASSWORD = "" } = ground.variables();
    const secrets = [POSTGRES_PASSWORD, /:([^:@]*)@/.exec(MONGODB_URL)?.[1] ?? "", ...ground.stack.secrets];
    const state = await ground.stack.pulumi("stack", "export", "--stack", "test");
    expect(leaks(ground.printed + state.all, secrets)).toEqual([]);
  });
});

async function onMongodb<T>(
  { MONGODB_URL = "", MONGODB_DB_NAME = "" }: Record<string, string>,
  work: (database: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(MONGODB_URL);
  try {
    return await work(client.db(MONGODB_DB_NAME));
  } finally {
    await client.close();
  }
}
