/** When snapshots of a dedicated cluster are taken and how long they stay, where the settings say so. */
import { BackupCompliancePolicy } from "@pulumi/mongodbatlas/backupCompliancePolicy.js";
import { CloudBackupSchedule } from "@pulumi/mongodbatlas/cloudBackupSchedule.js";
import type * as pulumi from "@pulumi/pulumi";
import type { MongodbSettings } from "../settings/index.ts";

/** Arguments of {@link clusterBackups}. */
interface ClusterBackupsArgs {
  projectId: pulumi.Input<string>;
  settings: MongodbSettings;
  /** The clusters that are there: the original, and one that was restored from it. */
  clusters: readonly { name: string; resource: pulumi.Resource }[];
  opts: pulumi.CustomResourceOptions;
}

/** Nothing at all where the settings say nothing: Atlas' own schedule is then left as it is. */
export function clusterBackups(
  name: string,
  { projectId, settings, clusters, opts }: ClusterBackupsArgs,
): void {
  const { schedule, window: restoreWindowDays, compliance } = settings.backups ?? {};
  const items = { ...(schedule && itemsOf(schedule)), ...(restoreWindowDays && { restoreWindowDays }) };
  if (Object.keys(items).length === 0) return;
  const schedules = clusters.map(
    ({ name: clusterName, resource }) =>
      new CloudBackupSchedule(
        clusterName === settings.name ? `${name}-backups` : `${name}-backups-${clusterName}`,
        { projectId, clusterName, ...items },
        { ...opts, dependsOn: [resource] },
      ),
  );
  if (compliance === undefined) return;
  const { email, firstName, lastName } = compliance;
  new BackupCompliancePolicy(
    `${name}-backup-compliance`,
    {
      projectId,
      authorizedEmail: email,
      authorizedUserFirstName: firstName,
      authorizedUserLastName: lastName,
      pitEnabled: true,
      ...items,
    },
    // Atlas refuses to delete it: without this no destroy would ever come to its end.
    { ...opts, dependsOn: schedules, retainOnDelete: true },
  );
}

/** Kept for days, whatever their frequency: one unit for all is one that can be compared. */
function itemsOf({ hourly, daily, weekly, monthly }: Schedule) {
  const item = (frequencyInterval: number, keep: number) => ({
    frequencyInterval,
    retentionUnit: "days",
    retentionValue: keep,
  });
  return {
    ...(hourly && { policyItemHourly: item(hourly.every, hourly.keep) }),
    ...(daily && { policyItemDaily: item(1, daily.keep) }),
    ...(weekly && { policyItemWeeklies: [item(weekly.day, weekly.keep)] }),
    ...(monthly && { policyItemMonthlies: [item(monthly.day, monthly.keep)] }),
  };
}

type Schedule = NonNullable<NonNullable<MongodbSettings["backups"]>["schedule"]>;
