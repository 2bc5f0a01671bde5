import { describe, expect, it } from "vitest";
import { mongodbOf, run, settingsOf } from "../../tests/helpers/program.ts";
import { types } from "../resources.ts";
import { runOf } from "../run.ts";
import { Mongodb } from "./index.ts";

const emails = ["ops@example.com", "night@example.com"];
const alertsOf = async (tier: string, setting: object = { emails }) => {
  const { recorder } = await run(() => {
    const all = settingsOf({ mongodb: mongodbOf({ tier }), alerts: setting });
    return new Mongodb("mongodb", all.mongodb, runOf(all));
  });
  const alerts = recorder.registrations.filter(({ type }) => type === types.alert);
  return alerts.sort((a, b) => (a.name < b.name ? -1 : 1));
};

describe("alerts", () => {
  it("tell each address of the four things that wake somebody", async () => {
    const alerts = await alertsOf("M10");
    expect(alerts.map(({ name, inputs }) => [name, inputs.eventType, inputs.metricThresholdConfig])).toEqual([
      ["mongodb-alert-connections", "OUTSIDE_METRIC_THRESHOLD", metric("CONNECTIONS_PERCENT", 80, "RAW")],
      ["mongodb-alert-disk", "OUTSIDE_METRIC_THRESHOLD", metric("DISK_PARTITION_SPACE_USED_DATA", 90, "RAW")],
      ["mongodb-alert-lag", "OUTSIDE_METRIC_THRESHOLD", metric("OPLOG_SLAVE_LAG_MASTER_TIME", 60, "SECONDS")],
      ["mongodb-alert-no-primary", "NO_PRIMARY", undefined],
    ]);
    for (const { inputs, parent } of alerts) {
      expect(parent).toMatch(/kairos:infra:Mongodb::mongodb$/);
      expect(inputs).toMatchObject({
        projectId: "0123456789abcdef01234567",
        enabled: true,
        notifications: emails.map((emailAddress) => ({ typeName: "EMAIL", emailAddress, intervalMin: 60 })),
      });
    }
  });

  it.each([
    ["no address is set", "M10", {}],
    ["only the workspace's are", "M10", { workspace: true }],
    ["the tier has none", "M0", { emails }],
    ["the tier has none", "FLEX", { emails }],
  ])("are not made where %s (%s)", async (_, tier, alerts) => {
    expect(await alertsOf(tier, alerts)).toEqual([]);
  });
});

const metric = (metricName: string, threshold: number, units: string) => ({
  metricName,
  operator: "GREATER_THAN",
  threshold,
  units,
  mode: "AVERAGE",
});
