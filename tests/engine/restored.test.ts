/** Databases that were restored from a backup take the originals' place: taken in, led to, and the originals go by name. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../../ops/bundle.mjs";
import { recoverPostgres } from "../../sandbox/clouds/render/index.ts";
import { cluster } from "../helpers/atlas.ts";
import { engineOrReason } from "./harness.ts";
import { logIn, onPostgres, RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: restored databases with the real engine (${found.reason})`);

describe.skipIf("reason" in found)("restored databases", () => {
  let ground: RotationGround;
  let config: Record<string, object>;
  let group: string;
  let oldId: string;
  let newId: string;
  let lastId: string;
  const restored = "restored-cluster";
  const last = "restored-again";
  beforeAll(async () => {
    if (!("engine" in found)) return;
    const file = parse(await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8")) as {
      config: Record<string, object>;
    };
    // Protected, as production's.
    const { mayBeDestroyed: _, ...mongodb } = file.config["kairos:mongodb"] as Record<string, unknown>;
    const { mayBeDestroyed: __, ...postgres } = file.config["kairos:postgres"] as Record<string, unknown>;
    config = {
      ...file.config,
      "kairos:mongodb": { ...mongodb, tier: "M10" },
      "kairos:postgres": postgres,
      "kairos:redis": { provider: "none" },
    };
    const sections = Object.entries(config).filter(([key]) => key.startsWith("kairos:"));
    ground = await RotationGround.create(
      found.engine,
      Object.fromEntries(sections.map(([key, value]) => [key.slice("kairos:".length), value])),
      { recoveryLag: 0 },
    );
    group = ground.sandbox.clouds.atlas.projects.list()[0]?.id ?? "";
    [oldId = ""] = Object.keys(ground.sandbox.clouds.render.state.postgres);
  });
  afterAll(() => ground?.remove());

  const configured = (mongodb: object, postgres: object) =>
    ground.stack.configure({
      ...config,
      "kairos:mongodb": { ...config["kairos:mongodb"], ...mongodb },
      "kairos:postgres": { ...config["kairos:postgres"], ...postgres },
    });

  /** With what the backend that serves now has. */
  const inPostgres = (text: string) => onPostgres(ground.variables(), text);
  async function inMongodb<T>(
    work: (collection: ReturnType<ReturnType<MongoClient["db"]>["collection"]>) => T,
  ) {
    const { MONGODB_URL = "", MONGODB_DB_NAME = "" } = ground.variables();
    const client = new MongoClient(MONGODB_URL);
    try {
      return await work(client.db(MONGODB_DB_NAME).collection("letters"));
    } finally {
      await client.close();
    }
  }

  it("are taken in beside the originals, and the backend moves to them without a moment without a login", async () => {
    const { clouds, databases } = ground.sandbox;
    await inPostgres("CREATE TABLE letters AS SELECT generate_series(1, 3) AS id");
    await inMongodb((letters) => letters.insertMany([{ id: 1 }, { id: 2 }]));
    // A rotated login: what the state holds of the original's is of no use for the restored one.
    expect((await ground.rotate("postgres", "--grace", "0s")).code).toBe(0);
    const [source] = clouds.atlas.clusters.list(group);
    const { id: snapshot } = await clouds.atlas.snapshots.take(group, source?.name ?? "", {});
    const [[at]] = (await inPostgres("SELECT clock_timestamp()")) as [[Date]];
    await inPostgres("DELETE FROM letters");
    await inMongodb((letters) => letters.deleteMany({}));

    newId = recoverPostgres(clouds.render, oldId, {
      restoreTime: new Date(at.getTime() + 1).toISOString(),
      restoreName: "kairos-postgres-restored",
    }).id;
    const region = source?.replicationSpecs[0]?.regionConfigs[0]?.regionName;
    clouds.atlas.clusters.create(group, cluster(restored, "M10", { region: { regionName: region } }));
    await databases.settled();
    const target = { targetClusterName: restored, targetGroupId: group };
    await clouds.atlas.restoreJobs.create(group, source?.name ?? "", {
      ...{ deliveryType: "automated", snapshotId: snapshot },
      ...target,
    });

    const load = ground.load(["mongodb", "postgres"]);
    await configured({ restored }, { restored: newId });
    const preview = await ground.succeeds("preview");
    expect(preview).toMatch(new RegExp(`postgres-restored-${newId} +import`));
    expect(preview).toMatch(new RegExp(`mongodb-restored-${restored} +import`));
    expect(preview).not.toMatch(/\b(replace|delete)\b.*(postgres-database|mongodb-cluster)/);
    const before = ground.variables();
    await ground.succeeds("up", "--yes", "--skip-preview");
    while (ground.variables().POSTGRES_PORT === before.POSTGRES_PORT)
      await new Promise((go) => setTimeout(go, 50));
    await load.end();
    expect(load.failures).toEqual([]);
    expect(await inPostgres("SELECT count(*)::int FROM letters")).toEqual([[3]]);
    expect(await inMongodb((letters) => letters.countDocuments())).toBe(2);
    // The originals are where they were.
    expect(Object.keys(clouds.render.state.postgres).sort()).toEqual([oldId, newId].sort());
    expect(clouds.atlas.clusters.list(group)).toHaveLength(2);
  });

  it("are brought in line by the next up, after which nothing is left to do", async () => {
    await ground.succeeds("up", "--yes", "--skip-preview");
    await ground.succeeds("preview", "--expect-no-changes");
    expect(ground.sandbox.clouds.atlas.clusters.get(group, restored).terminationProtectionEnabled).toBe(true);
  });

  it("are not forgotten by a setting that is taken away", async () => {
    await configured({}, {});
    const { exitCode, all } = await ground.pulumi("preview");
    expect(exitCode).not.toBe(0);
    expect(all).toContain(`kairos:mongodb.restored: got null; expected "${restored}"`);
    expect(all).toContain(`kairos:postgres.restored: got null; expected "${newId}"`);
  });

  it("rotate like any other", async () => {
    await configured({ restored }, { restored: newId });
    expect((await ground.rotate("postgres", "--grace", "0s")).code).toBe(0);
    expect(ground.variables().POSTGRES_USER).toMatch(/_3$/);
    expect(await inPostgres("SELECT count(*)::int FROM letters")).toEqual([[3]]);
  });

  it("give way to others without a moment without a login, and stay", async () => {
    const { clouds, databases } = ground.sandbox;
    const { id: snapshot } = await clouds.atlas.snapshots.take(group, restored, {});
    const [[at]] = (await inPostgres("SELECT clock_timestamp()")) as [[Date]];
    const again = {
      restoreTime: new Date(at.getTime() + 1).toISOString(),
      restoreName: "kairos-postgres-again",
    };
    lastId = recoverPostgres(clouds.render, newId, again).id;
    const region = clouds.atlas.clusters.get(group, restored).replicationSpecs[0]?.regionConfigs[0]
      ?.regionName;
    clouds.atlas.clusters.create(group, cluster(last, "M10", { region: { regionName: region } }));
    await databases.settled();
    await clouds.atlas.restoreJobs.create(group, restored, {
      ...{ deliveryType: "automated", snapshotId: snapshot },
      ...{ targetClusterName: last, targetGroupId: group },
    });

    await configured({ restored: last }, { restored: lastId });
    const refused = await ground.pulumi("up", "--yes", "--skip-preview");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toContain("Put it into kairos:mongodb.earlier, where it stays beside");
    expect(refused.all).toContain("Put it into kairos:postgres.earlier, where it stays beside");

    const before = ground.variables();
    const load = ground.load(["mongodb", "postgres"]);
    await configured({ restored: last, earlier: [restored] }, { restored: lastId, earlier: [newId] });
    await ground.succeeds("up", "--yes", "--skip-preview");
    while (ground.variables().POSTGRES_PORT === before.POSTGRES_PORT)
      await new Promise((go) => setTimeout(go, 50));
    await load.end();
    console.log(
      `from one restored to another: ${JSON.stringify(load.logins)} logins, ${load.failures.length} failed`,
    );
    expect(load.failures).toEqual([]);
    expect(await inPostgres("SELECT count(*)::int FROM letters")).toEqual([[3]]);
    expect(await inMongodb((letters) => letters.countDocuments())).toBe(2);
    expect(Object.keys(clouds.render.state.postgres).sort()).toEqual([oldId, newId, lastId].sort());
    expect(clouds.atlas.clusters.list(group)).toHaveLength(3);
    await ground.succeeds("up", "--yes", "--skip-preview");
    await ground.succeeds("preview", "--expect-no-changes");
    // Who knows the one before logs in to it still.
    await logIn("mongodb", before);
    await logIn("postgres", before);
  });

  it("let one that was in use earlier go by its name, and nothing else", async () => {
    const { render, atlas } = ground.sandbox.clouds;
    const name = render.state.postgres[newId]?.name ?? "";
    const [now, then] = [{ restored: last }, { restored: lastId }];
    const named = [
      { ...now, mayBeDestroyed: restored },
      { ...then, mayBeDestroyed: name },
    ] as const;
    await configured({ ...named[0], earlier: [restored] }, { ...named[1], earlier: [newId] });
    await ground.succeeds("up", "--yes", "--skip-preview");
    await configured(...named);
    await ground.succeeds("up", "--yes", "--skip-preview");
    expect(Object.keys(render.state.postgres).sort()).toEqual([oldId, lastId].sort());
    expect(atlas.clusters.list(group).map((one) => one.name)).not.toContain(restored);
    await configured(now, then);
    await ground.succeeds("up", "--yes", "--skip-preview");
  });

  it("are alone once the originals' names were given, and they were let go", async () => {
    const { render, atlas } = ground.sandbox.clouds;
    const original = atlas.clusters.list(group).find(({ name }) => name !== last)?.name ?? "";
    const postgres = render.state.postgres[oldId]?.name ?? "";
    const gone = [
      { restored: last, original: "gone" },
      { restored: lastId, original: "gone" },
    ] as const;
    await configured(...gone);
    const refused = await ground.pulumi("up", "--yes", "--skip-preview");
    expect(refused.exitCode).not.toBe(0);
    expect(refused.all).toContain(`set kairos:postgres.mayBeDestroyed to "${postgres}"`);
    await configured(
      { restored: last, mayBeDestroyed: original },
      { restored: lastId, mayBeDestroyed: postgres },
    );
    await ground.succeeds("up", "--yes", "--skip-preview");
    await configured({ ...gone[0], mayBeDestroyed: original }, { ...gone[1], mayBeDestroyed: postgres });
    await ground.succeeds("up", "--yes", "--skip-preview");
    expect(Object.keys(render.state.postgres)).toEqual([lastId]);
    expect(atlas.clusters.list(group).map(({ name }) => name)).toEqual([last]);
    await configured(...gone);
    await ground.succeeds("up", "--yes", "--skip-preview");
    await ground.succeeds("preview", "--expect-no-changes");
    expect(await inPostgres("SELECT count(*)::int FROM letters")).toEqual([[3]]);
  });
});
