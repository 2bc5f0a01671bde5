/**
 * Backups that are restored, on the real engine and real databases: the command as it is typed, on a stack that is up, with
 * the vendors' stand-ins that copy what the databases behind them hold.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DrillReport } from "../../ops/backups/drill.ts";
import type { RestoreReport } from "../../ops/backups/restore.ts";
import { leaks } from "../canaries.ts";
import { BackupsGround, onMongodb } from "./backups-ground.ts";
import { engineOrReason } from "./harness.ts";
import { onPostgres } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: backups on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("backups", () => {
  let ground: BackupsGround;
  beforeAll(async () => {
    // Of Flex there is one snapshot a day, and no moment in between.
    if ("engine" in found) ground = await BackupsGround.create(found.engine, "M10");
  });
  afterAll(() => ground?.remove());

  it.each(["postgres", "mongodb"] as const)(
    "a drill of %s compares every row, leaves nothing, and is recorded; killed before, it cleans up first",
    async (database) => {
      const before = ground.there();
      const { child, ran, ended } = ground.start(["drill", database, "--yes"]);
      while (!/restores? .* into|recovers .* into/.test(ran.stderr) && child.exitCode === null)
        await sleep(5);
      await sleep(400);
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await ended;
      const { code, stdout, stderr } = await ground.backups("drill", database, "--yes");
      expect([code, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
      const [report] = (JSON.parse(stdout) as { drills: DrillReport[] }).drills;
      const hadLeft = /an interrupted drill has left/.test(stderr);
      console.log(
        `drill of ${database}: ${JSON.stringify(report)}; the killed one had left a copy: ${hadLeft}`,
      );
      expect(report).toMatchObject({ result: "restored", problems: [] });
      expect(report?.rows).toBeGreaterThanOrEqual(500);
      expect(ground.there()).toEqual(before);
      const { databases } = JSON.parse((await ground.backups()).stdout);
      expect(databases.find((one: { database: string }) => one.database === database)).toMatchObject({
        state: "well",
        drill: { ok: true, rows: report?.rows },
      });
    },
  );

  it.each(["postgres", "mongodb"] as const)(
    "a bad day of %s: the moment before comes back beside the old one, which stays, and no login fails",
    async (database) => {
      const count = () => ground.count(database);
      const before = ground.there();
      const to = new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString();
      await sleep(2500);
      // Of then there is another user than now, who owns all.
      if (database === "postgres")
        expect((await ground.rotation.rotate("postgres", "--grace", "0s")).code).toBe(0);
      const old = ground.variables;
      if (database === "postgres") await onPostgres(old, "DELETE FROM people");
      else await onMongodb(old, (one) => one.collection("people").deleteMany({}));
      expect(await count()).toBe(0);
      const load = ground.rotation.load([database]);
      const { code, stdout, stderr } = await ground.backups("restore", database, "--to", to, "--yes");
      expect([code, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
      const report = JSON.parse(stdout) as RestoreReport;
      expect([report.unseen, report.setting?.written]).toEqual([undefined, true]);
      await ground.rotation.succeeds("up", "--yes", "--skip-preview");
      const deadline = Date.now() + 60_000;
      const key = database === "postgres" ? "POSTGRES_HOST" : "MONGODB_URL";
      const where = () => ground.variables[key] + (ground.variables.POSTGRES_PORT ?? "");
      while (where() === old[key] + (old.POSTGRES_PORT ?? "") && Date.now() < deadline) await sleep(50);
      expect(await count()).toBe(500);
      await load.end();
      console.log(
        `bad day of ${database}: ${JSON.stringify(load.logins)} logins, ${load.failures.length} failed`,
      );
      expect(load.failures).toEqual([]);
      expect(load.logins[database]).toBeGreaterThan(10);
      // The old one is there still, and says the same as before.
      expect(ground.there()).toEqual(expect.arrayContaining(before));
      expect(await ground.count(database, old)).toBe(0);
    },
  );

  it("has put no secret into an output or the state", async () => {
    const { MONGODB_URL = "", POSTGRES_PASSWORD = "" } = ground.variables;
    const secrets = [
      POSTGRES_PASSWORD,
      /:([^:@]*)@/.exec(MONGODB_URL)?.[1] ?? "",
      ...ground.rotation.stack.secrets,
    ];
    const state = await ground.rotation.stack.pulumi("stack", "export", "--stack", "test");
    expect(leaks(ground.rotation.printed + state.all, secrets)).toEqual([]);
  });
});
