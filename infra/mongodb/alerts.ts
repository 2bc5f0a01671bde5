/** What wakes somebody about a cluster, as alert configurations of its Atlas project. */
import { AlertConfiguration } from "@pulumi/mongodbatlas/alertConfiguration.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Run } from "../run.ts";
import { isDedicated } from "../settings/rules.ts";

type Condition = Pick<
  ConstructorParameters<typeof AlertConfiguration>[1],
  "eventType" | "metricThresholdConfig"
>;

const above = (metricName: string, threshold: number, units: string): Condition => ({
  eventType: "OUTSIDE_METRIC_THRESHOLD",
  metricThresholdConfig: { metricName, operator: "GREATER_THAN", threshold, units, mode: "AVERAGE" },
});

/**
 * Minutes that each lasts before somebody is told, and the condition. Atlas grows a disk at 90 % by itself: what is still
 * above it a quarter of an hour later does not grow. An election takes seconds.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/alert-conditions/
 */
const conditions: Readonly<Record<string, readonly [number, Condition]>> = {
  disk: [15, above("DISK_PARTITION_SPACE_USED_DATA", 90, "RAW")],
  connections: [5, above("CONNECTIONS_PERCENT", 80, "RAW")],
  lag: [5, above("OPLOG_SLAVE_LAG_MASTER_TIME", 60, "SECONDS")],
  "no-primary": [1, { eventType: "NO_PRIMARY" }],
};

/** Minutes between two messages about the same. */
const again = 60;

/** Of all clusters of the project: Atlas cannot tell hosts by their cluster's name. None where the tier has none. */
export function clusterAlerts(
  name: string,
  projectId: pulumi.Input<string>,
  { alerts: { emails }, mongodb: { tier } }: Run["settings"],
  opts: pulumi.CustomResourceOptions,
): void {
  if (emails.length === 0 || !isDedicated(tier)) return;
  for (const [what, [delayMin, condition]] of Object.entries(conditions)) {
    const notifications = emails.map((emailAddress) => ({
      typeName: "EMAIL",
      emailAddress,
      delayMin,
      intervalMin: again,
    }));
    new AlertConfiguration(
      `${name}-alert-${what}`,
      { projectId, enabled: true, ...condition, notifications },
      opts,
    );
  }
}
