import { describe, expect, it } from "vitest";
import { mongodbOf, run, settingsOf } from "../../tests/helpers/program.ts";
import { runOf } from "../run.ts";
import { momentsFromNowOn } from "./backups.ts";
import { Mongodb } from "./index.ts";

const mongodb = (settings: object) =>
  run(() => {
    const all = settingsOf({ mongodb: mongodbOf(settings) });
    return new Mongodb("mongodb", all.mongodb, runOf(all));
  });

const schedule = {
  hourly: { every: 6, keep: 7 },
  daily: { keep: 14 },
  weekly: { day: 7, keep: 60 },
  monthly: { day: 40, keep: 365 },
};

describe("backups of a cluster", () => {
  it("are left to Atlas where nothing is said", async () => {
    const { recorder } = await mongodb({});
    expect(recorder.all("CloudBackupSchedule")).toEqual([]);
  });

  it("follow the schedule and the window", async () => {
    const { recorder } = await mongodb({ backups: { schedule, window: 7 } });
    expect(recorder.one("CloudBackupSchedule").inputs).toEqual({
      projectId: "0123456789abcdef01234567",
      clusterName: "cluster0",
      restoreWindowDays: 7,
      policyItemHourly: { frequencyInterval: 6, retentionUnit: "days", retentionValue: 7 },
      policyItemDaily: { frequencyInterval: 1, retentionUnit: "days", retentionValue: 14 },
      policyItemWeeklies: [{ frequencyInterval: 7, retentionUnit: "days", retentionValue: 60 }],
      policyItemMonthlies: [{ frequencyInterval: 40, retentionUnit: "days", retentionValue: 365 }],
    });
    expect(recorder.all("BackupCompliancePolicy")).toEqual([]);
  });

  it("hold for the restored cluster, too", async () => {
    const { recorder } = await mongodb({ backups: { schedule }, restored: "two" });
    expect(recorder.all("CloudBackupSchedule").map(({ name, inputs }) => [name, inputs.clusterName])).toEqual(
      [
        ["mongodb-backups", "cluster0"],
        ["mongodb-backups-two", "two"],
      ],
    );
  });

  it("have a compliance policy for whoever says that it cannot be turned off", async () => {
    const who = { email: "a@example.com", firstName: "A", lastName: "B" };
    const { recorder } = await mongodb({
      backups: { schedule, compliance: { ...who, cannotBeTurnedOff: true } },
    });
    expect(recorder.one("BackupCompliancePolicy").inputs).toMatchObject({
      ...{ authorizedEmail: "a@example.com", pitEnabled: true },
      policyItemDaily: { retentionValue: 14 },
    });
    expect(() => settingsOf({ mongodb: mongodbOf({ backups: { schedule, compliance: who } }) })).toThrow(
      /whoever sets this cannot take it back/,
    );
  });

  it.each([
    ["FLEX", { providerName: "FLEX" }, {}, 1],
    ["M0", { providerName: "TENANT", electableSpecs: { instanceSize: "M0" } }, {}, 1],
    ["M10", { providerName: "AWS", electableSpecs: { instanceSize: "M10" } }, {}, 0],
    ["FLEX", { providerName: "FLEX" }, { leave: ["backup"] }, 0],
  ])(
    "reach any moment with the up that raises %s to M10, unless that is left alone",
    async (_, region, more, hooks) => {
      const { mongodb: settings } = settingsOf({ mongodb: mongodbOf({ tier: "M10", ...more }) });
      const before = { replicationSpecs: [{ regionConfigs: [region] }] };
      const { result } = await run(() => momentsFromNowOn("mongodb-cluster", settings, before));
      expect(result.hooks?.afterUpdate ?? []).toHaveLength(hooks);
    },
  );

  it.each([
    ["a tier without a schedule", { tier: "FLEX", backups: { window: 7 } }, /only M10 and up/],
    ["nothing at all", { backups: { schedule: {} } }, /with none nothing is backed up/],
    [
      "what is rarer for a shorter time",
      { backups: { schedule: { ...schedule, daily: { keep: 6 } } } },
      /at least 7/,
    ],
    ["a window without snapshots", { backups: { schedule, window: 8 } }, /at most 7 days/],
    ["five hours", { backups: { schedule: { hourly: { every: 5, keep: 7 } } } }, /1, 2, 4, 6, 8 or 12/],
    ["the 30th", { backups: { schedule: { monthly: { day: 30, keep: 7 } } } }, /40 for the last one/],
  ])("are refused for %s", (_, settings, expected) => {
    expect(() => settingsOf({ mongodb: mongodbOf(settings) })).toThrow(expected);
  });
});
