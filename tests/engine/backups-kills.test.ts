/**
 * Drills and restores that are killed at each step, with SIGKILL and all that they started, on the real engine and real
 * databases: before each call at a vendor and each tag of the stack that is written, and after it. Nothing is left over, and
 * production is what it was. KAIROS_BACKUPS_KILLS=all: at each step; without it at a few.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BackupsGround } from "./backups-ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: killed drills and restores (${found.reason})`);
const everywhere = process.env.KAIROS_BACKUPS_KILLS === "all";
/** Every so many steps. */
const stride = everywhere ? 1 : 13;
const moments = ["before", "after"] as const;
const preload = `--import=${pathToFileURL(path.join(import.meta.dirname, "kill.mjs")).href}`;

describe.skipIf("reason" in found).each([
  ["M10", ["postgres", "mongodb"]],
  ["FLEX", ["mongodb"]],
] as const)("killed, with a cluster of %s", (tier, databases) => {
  let ground: BackupsGround;
  let production: object;
  let there: string[];
  beforeAll(async () => {
    if (!("engine" in found)) return;
    ground = await BackupsGround.create(found.engine, tier);
    production = await ground.production();
    there = ground.there();
  });
  afterAll(() => ground?.remove());

  /** @returns whether it was killed there; it comes to its end where it has no such step */
  async function killed(args: string[], at: string, from?: string): Promise<boolean> {
    const { child, ended } = ground.start(args, {
      NODE_OPTIONS: preload,
      KAIROS_KILL_AT: at,
      ...(from && { KAIROS_KILL_FROM: from }),
    });
    const { stderr } = await ended;
    if (child.signalCode === "SIGKILL") return true;
    expect([child.exitCode, stderr.split("\n").filter((line) => line.startsWith("error"))]).toEqual([0, []]);
    return false;
  }
  const tags = async () =>
    Object.keys(
      JSON.parse(
        (await ground.rotation.stack.pulumi("stack", "tag", "ls", "--json", "--stack", "test")).stdout,
      ),
    ).filter((name) => name.startsWith("kairos:"));

  it.each(databases)("a drill of %s leaves nothing, wherever it was", async (database) => {
    const args = ["drill", database, "--yes"];
    let kills = 0;
    let copy = "";
    for (let step = 1, isOver = false; !isOver; step += stride)
      for (const moment of moments) {
        // It first takes away what the one before has left, and only then counts its steps.
        isOver = !(await killed(args, `${step} ${moment}`, `kairos:drill:${database}`));
        kills += isOver ? 0 : 1;
        const left = ground.there().filter((one) => !there.includes(one));
        // Of one drill at most, and not of the one before: a copy and its user have the same name.
        expect([new Set(left).size <= 1, left.includes(copy)]).toEqual([true, false]);
        copy = left[0] ?? "";
        if (isOver) break;
      }
    await ground.backups("drill", database, "--yes");
    expect(ground.there()).toEqual(there);
    expect(await ground.production()).toEqual(production);
    expect(await tags()).not.toContain(`kairos:drill:${database}`);
    console.log(`drill of ${tier} ${database}: killed ${kills} times, 0 left over, production as it was`);
    expect(kills).toBeGreaterThan(1);
  });

  it.each(databases)("a restore of %s goes on with the same database, wherever it was", async (database) => {
    const file = path.join(path.dirname(ground.rotation.stack.stateFolder), "Pulumi.test.yaml");
    const text = await readFile(file, "utf8");
    const args = ["restore", database, "--to", "latest", "--yes"];
    let kills = 0;
    for (let step = 1, isOver = false; !isOver; step += stride)
      for (const moment of moments) {
        isOver = !(await killed(args, `${step} ${moment}`));
        kills += isOver ? 0 : 1;
        const { code, stderr } = await ground.backups(...args);
        expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
        const made = ground.there().filter((one) => !there.includes(one));
        expect(made).toEqual([expect.stringMatching(/^restored-\d{12}-test$/)]);
        expect(await readFile(file, "utf8")).toContain("restored: ");
        if (kills % 10 === 0 || isOver) expect(await ground.production()).toEqual(production);
        await forget(made[0] ?? "", database);
        await writeFile(file, text);
        if (isOver) break;
      }
    console.log(`restore of ${tier} ${database}: killed ${kills} times, 0 left over, production as it was`);
    expect(ground.there()).toEqual(there);
    expect(kills).toBeGreaterThan(1);
  });

  /** Puts everything back to where no restore was made. */
  async function forget(name: string, database: string): Promise<void> {
    const { atlas, render } = ground.rotation.sandbox.clouds;
    const group = atlas.projects.list()[0]?.id ?? "";
    const clusters = tier === "FLEX" ? atlas.flexClusters : atlas.clusters;
    if (database === "mongodb") {
      clusters.get(group, name).terminationProtectionEnabled = false;
      clusters.delete(group, name);
    }
    for (const one of Object.values(render.state.postgres))
      if (one.name === name) render.remove("postgres", one.id);
    await ground.rotation.stack.pulumi("stack", "tag", "rm", `kairos:restore:${database}`, "--stack", "test");
  }
});
