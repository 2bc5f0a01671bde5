/**
 * A project's backup compliance policy: once it is there nobody can weaken it, or switch it off, but Atlas' support.
 *
 * @see https://www.mongodb.com/docs/atlas/backup/cloud-backup/backup-compliance-policy/
 */
import { type Route, route } from "../api.ts";
import { AtlasError } from "./refusals.ts";
import { policyItemsOf, retentionOf } from "./schedule.ts";
import {
  type Cluster,
  type ComplianceRequest,
  Part,
  type PolicyItem,
  type Project,
  type Schedule,
  timestamp,
} from "./state.ts";

export class Compliance extends Part {
  get(groupId: string) {
    const policy = this.context.project(groupId).compliance;
    if (policy === undefined) throw new AtlasError("RESOURCE_NOT_FOUND", "backupCompliancePolicy");
    return policy;
  }

  /** @param overwrite whether clusters whose policies keep less get this one's items, instead of a refusal */
  put(groupId: string, request: ComplianceRequest, overwrite: boolean) {
    const project = this.context.project(groupId);
    const before = project.compliance;
    if (before !== undefined) checkNotWeaker(before, request);
    const clusters = this.context.of("clusters", groupId).filter(({ kind }) => kind === "dedicated");
    for (const cluster of clusters) {
      if (meets(request, policyItemsOf(cluster))) continue;
      if (!overwrite) throw notMeeting();
      const policyItems = (request.scheduledPolicyItems ?? []).map((item) => ({ ...item }));
      cluster.schedule = { ...cluster.schedule, policies: [{ policyItems }] };
    }
    for (const { settings } of clusters)
      Object.assign(settings, { backupEnabled: true }, request.pitEnabled && { pitEnabled: true });
    const actor = this.context.actor.getStore();
    project.compliance = {
      copyProtectionEnabled: false,
      encryptionAtRestEnabled: false,
      pitEnabled: false,
      ...request,
      projectId: groupId,
      deletable: false,
      state: "ACTIVE",
      updatedDate: timestamp(),
      updatedUser: actor && "username" in actor ? actor.username : request.authorizedEmail,
    };
    this.context.save();
    return project.compliance;
  }

  get routes(): Route[] {
    const policy = "/groups/:group/backupCompliancePolicy" as const;
    return [
      route(`GET ${policy}`, ({ group }) => this.get(group)),
      route(`PUT ${policy}`, ({ group, query }, body: ComplianceRequest) =>
        this.put(group, body, query.overwriteBackupPolicies !== "false"),
      ),
      // `deletable` is false until Atlas' support says otherwise.
      route(`DELETE ${policy}`, ({ group }) => {
        this.get(group);
        throw new AtlasError("BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID");
      }),
    ];
  }
}

const notMeeting = () => new AtlasError("BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS");

const meets = ({ scheduledPolicyItems = [] }: ComplianceRequest, items: PolicyItem[]): boolean =>
  scheduledPolicyItems.every((least) =>
    items.some(
      (item) => item.frequencyType === least.frequencyType && retentionOf(item) >= retentionOf(least),
    ),
  );

function checkNotWeaker(before: ComplianceRequest, after: ComplianceRequest): void {
  const isWeaker =
    (before.pitEnabled === true && after.pitEnabled !== true) ||
    (before.restoreWindowDays ?? 0) > (after.restoreWindowDays ?? 0) ||
    !meets(before, after.scheduledPolicyItems ?? []);
  if (isWeaker) throw new AtlasError("BACKUP_COMPLIANCE_POLICY_SETTINGS_INVALID");
}

/** @throws AtlasError for a schedule that keeps less than the policy asks for */
export function checkSchedule(
  { compliance }: Project,
  { policies = [], restoreWindowDays = 0 }: Schedule,
): void {
  if (compliance === undefined) return;
  if (restoreWindowDays < (compliance.restoreWindowDays ?? 0))
    throw new AtlasError("CANNOT_DECREASE_PIT_WINDOW_WITH_BACKUP_COMPLIANCE_POLICY");
  if (
    !meets(
      compliance,
      policies.flatMap(({ policyItems }) => policyItems),
    )
  )
    throw notMeeting();
}

/** @throws AtlasError for a cluster that is not backed up as the policy asks for */
export function checkBackups(
  { compliance }: Project,
  { backupEnabled, pitEnabled }: Cluster["settings"],
): void {
  if (compliance === undefined) return;
  if (backupEnabled !== true)
    throw new AtlasError("CANNOT_DISABLE_CLOUD_BACKUP_WITH_BACKUP_COMPLIANCE_POLICY");
  if (compliance.pitEnabled === true && pitEnabled !== true)
    throw new AtlasError("CANNOT_DISABLE_PIT_WITH_BACKUUP_COMPLIANCE_POLICY");
}

export function checkSnapshotDeletion({ compliance }: Project): void {
  if (compliance !== undefined) throw new AtlasError("CANNOT_DELETE_SNAPSHOT_WITH_BACKUP_COMPLIANCE_POLICY");
}

/** @param kept milliseconds */
export function checkSnapshotRetention({ compliance }: Project, kept: number): void {
  const least = compliance?.onDemandPolicyItem;
  if (least !== undefined && kept < retentionOf(least))
    throw new AtlasError("SNAPSHOT_RETENTION_LESS_THAN_BACKUP_COMPLIANCE_POLICY");
}

/** Whether snapshots outlive their cluster whatever the deletion says. */
export const isRetained = ({ compliance }: Project): boolean => compliance !== undefined;
