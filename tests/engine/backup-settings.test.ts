/**
 * What the settings say of a cluster's backups, by Atlas' real provider: made, changed, left alone by a second `up`, taken
 * back; and a cluster that leaves FLEX reaches any moment with the same `up`.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ground, newGround } from "./campaign/ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: settings of backups with the real engine (${found.reason})`);

const item = (frequencyType: string, frequencyInterval: number, retentionValue: number) =>
  expect.objectContaining({ frequencyType, frequencyInterval, retentionUnit: "days", retentionValue });

describe.skipIf("reason" in found)("the settings of backups", () => {
  let ground: Ground;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    ground = await newGround(found.engine);
    await succeeds(ground.up());
  });
  afterAll(() => ground?.remove());

  async function succeeds(running: ReturnType<Ground["up"]>): Promise<string> {
    const { exitCode, all } = await running;
    expect(exitCode, all).toBe(0);
    return all;
  }
  const cluster = () => {
    const { atlas } = ground.clouds;
    const group = atlas.projects.list()[0]?.id ?? "";
    return { group, one: atlas.clusters.list(group)[0], atlas };
  };
  /** An `up` with these settings, and a second one that has nothing to do. */
  async function set(mongodb: object): Promise<void> {
    const before = ground.config["kairos:mongodb"] as object;
    await ground.stack.configure({
      ...ground.config,
      "kairos:mongodb": { ...before, tier: "M10", ...mongodb },
    });
    await succeeds(ground.up());
    await succeeds(ground.preview());
  }
  const items = () => cluster().one?.schedule?.policies?.[0]?.policyItems;

  it("say nothing of a cluster that is raised from FLEX, which reaches any moment all the same", async () => {
    const before = ground.config["kairos:mongodb"] as object;
    await ground.stack.configure({ ...ground.config, "kairos:mongodb": { ...before, tier: "M10" } });
    await succeeds(ground.up());
    expect(cluster().one?.settings).toMatchObject({ backupEnabled: true, pitEnabled: true });
    // The state learns of it.
    await succeeds(ground.up());
    await succeeds(ground.preview());
  });

  it("make a schedule and a window, and change them", async () => {
    await set({ backups: { window: 5, schedule: { hourly: { every: 6, keep: 5 }, daily: { keep: 14 } } } });
    expect(cluster().one?.schedule).toMatchObject({ restoreWindowDays: 5 });
    expect(items()).toEqual([item("hourly", 6, 5), item("daily", 1, 14)]);
    await set({
      backups: {
        window: 3,
        schedule: {
          ...{ hourly: { every: 12, keep: 3 }, daily: { keep: 7 } },
          ...{ weekly: { day: 7, keep: 60 }, monthly: { day: 40, keep: 365 } },
        },
      },
    });
    expect(cluster().one?.schedule).toMatchObject({ restoreWindowDays: 3 });
    expect(items()).toEqual([
      ...[item("hourly", 12, 3), item("daily", 1, 7), item("weekly", 7, 60), item("monthly", 40, 365)],
    ]);
  });

  it("leave the cluster the last schedule where they are taken back: never one without any", async () => {
    const before = items();
    await set({});
    const { all } = await ground.stack.pulumi("stack", "--show-urns", "--stack", "test");
    expect(all).not.toContain("CloudBackupSchedule");
    expect(items()).toEqual(before);
    await set({ backups: { schedule: { daily: { keep: 8 } } } });
    expect(items()).toEqual([item("daily", 1, 8)]);
  });

  it("retain the snapshots of a cluster that is deleted, as production's do", async () => {
    await set({ with: { retainBackupsEnabled: true } });
  });

  it("have a compliance policy, which a destroy leaves where it is", async () => {
    const compliance = { email: "a@example.com", firstName: "A", lastName: "B", cannotBeTurnedOff: true };
    await set({ backups: { schedule: { daily: { keep: 7 } }, compliance } });
    const { group, atlas } = cluster();
    expect(atlas.compliance.get(group)).toMatchObject({ authorizedEmail: "a@example.com", pitEnabled: true });
  });
});
