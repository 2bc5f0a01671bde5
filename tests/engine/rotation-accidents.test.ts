/**
 * What has destroyed databases elsewhere: another user of a Render Postgres, in the settings or made at Render, followed
 * by `up`, `refresh`, `rotate`. Nothing is replaced, and one line says what to do. And what a rotation refuses.
 */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { addPostgresUser } from "../../sandbox/clouds/render/index.ts";
import { engineOrReason } from "./harness.ts";
import { RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: accidents of rotations on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("a Postgres", () => {
  let ground: RotationGround;
  let id: string;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    ground = await RotationGround.create(found.engine, { redis: { provider: "none" } });
    id = only();
  });
  afterAll(() => ground?.remove());

  const only = () => Object.keys(ground.sandbox.clouds.render.state.postgres).join();

  /** Changes `kairos:postgres` in the stack file. */
  async function set(changes: object): Promise<void> {
    const file = path.join(path.dirname(ground.stack.stateFolder), "Pulumi.test.yaml");
    const stackFile = parse(await readFile(file, "utf8")) as { config: Record<string, object> };
    stackFile.config["kairos:postgres"] = { ...stackFile.config["kairos:postgres"], ...changes };
    await writeFile(file, stringify(stackFile));
  }

  /** Up, preview and rotate say it in one line and change nothing. */
  async function refused(line: string): Promise<void> {
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const { exitCode, all } = await ground.pulumi(...args);
      expect(all).toContain(line);
      expect(all).not.toMatch(/replac(e|ing|ed)\b(?! for it)/);
      expect(exitCode).not.toBe(0);
    }
    const { code, stderr } = await ground.rotate("postgres", "--leaked");
    expect(stderr.trim().split("\n").at(-1)).toContain(line);
    expect(code).toBe(1);
    expect(only()).toBe(id);
  }

  it("whose user is changed in the settings", async () => {
    await set({ user: "app" });
    await refused('kairos:postgres.user: got "app"; expected "kairos"');
    await set({ user: "kairos" });
    await ground.succeeds("preview", "--expect-no-changes");
  });

  it("that gets another default user at Render", async () => {
    addPostgresUser(ground.sandbox.clouds.render, id, "somebody");
    // Nobody has looked yet: the stack's own login is still valid.
    await ground.succeeds("preview", "--expect-no-changes");
    await ground.succeeds("refresh", "--yes", "--skip-preview");
    await refused('kairos:postgres.user: got "kairos"; expected "somebody"');
    await set({ user: "somebody" });
    const all = await ground.succeeds("up", "--yes", "--skip-preview", "--diff");
    expect(all).not.toMatch(/render:index\/postgres:Postgres: \(/);
    expect(only()).toBe(id);
    while (ground.variables().POSTGRES_USER !== "somebody") await new Promise((go) => setTimeout(go, 50));
  });

  it("whose rotation finds another change waiting: it is named, and nothing is done", async () => {
    await set({ plan: "basic_1gb" });
    const { code, stderr } = await ground.rotate("postgres", "--leaked");
    expect(stderr).toMatch(/other changes waiting: update postgres-database \(Postgres\): plan\. /);
    expect(code).toBe(1);
    expect(ground.postgresUsers()).toEqual(["kairos", "somebody"]);
    // In place, although Render shows another user than the one that it was created with.
    const all = await ground.succeeds("up", "--yes", "--skip-preview", "--diff");
    expect(all).not.toContain("replace");
    expect(only()).toBe(id);
    await ground.succeeds("preview", "--expect-no-changes");
  });

  it("whose rotation would come with a replacement: it stops", async () => {
    await set({ version: "17", mayBeDestroyed: "kairos-postgres" });
    const { code, stderr } = await ground.rotate("mongodb", "--leaked");
    expect(stderr).toMatch(/this would delete or replace a database: .*postgres-database/);
    expect(code).toBe(1);
    expect(ground.mongodbUsers()).toEqual(["kairos"]);
    expect(only()).toBe(id);
  });
});
