/** When snapshots of a dedicated cluster are taken and how long they stay, where the settings say so. */
import { BackupCompliancePolicy } from "@pulumi/mongodbatlas/backupCompliancePolicy.js";
import { CloudBackupSchedule } from "@pulumi/mongodbatlas/cloudBackupSchedule.js";
import * as pulumi from "@pulumi/pulumi";
import { atlas } from "../accounts.ts";
import { kinds } from "../resources.ts";
import type { MongodbSettings } from "../settings/index.ts";
import { isDedicated } from "../settings/rules.ts";
import { untilApplied } from "./applied.ts";

/** Arguments of {@link clusterBackups}. */
interface ClusterBackupsArgs {
  projectId: pulumi.Input<string>;
  settings: MongodbSettings;
  /** The clusters that are there: the original, and those that were restored from it. */
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
        // Deleted, it would leave a cluster of which no snapshot is taken any more: the last one stays.
        { ...opts, dependsOn: [resource], retainOnDelete: true },
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

/**
 * Hooks of a cluster that leaves a shared tier: the provider's upgrade takes no word on point-in-time recovery, and the
 * next `up` would be the first to switch it on. The state says so from that one on.
 * Source: `getUpgradeFlexToDedicatedRequest` of mongodb/terraform-provider-mongodbatlas
 *
 * @param before what the state has of the cluster
 */
export function momentsFromNowOn(
  name: string,
  { tier, leave }: Pick<MongodbSettings, "tier" | "leave">,
  before: Readonly<Record<string, unknown>> | undefined,
): Pick<pulumi.CustomResourceOptions, "hooks"> {
  const was = before && kinds.cluster.plan.of(before);
  if (was === undefined || isDedicated(String(was)) || !isDedicated(tier) || leave.includes("backup"))
    return {};
  const switchOn = new pulumi.ResourceHook(`${name}-moments`, async ({ newOutputs }) => {
    const [project, cluster] = [String(newOutputs?.projectId), String(newOutputs?.name)];
    const api = atlas();
    await api.changeCluster(project, cluster, { pitEnabled: true });
    await untilApplied(api, project, cluster);
  });
  return { hooks: { afterUpdate: [switchOn] } };
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
