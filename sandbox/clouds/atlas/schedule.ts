/** When snapshots of a dedicated cluster are taken, and how long they are kept. */
import { checkSchedule } from "./compliance.ts";
import { AtlasError } from "./refusals.ts";
import { type Cluster, newId, type PolicyItem, type Project, type Schedule } from "./state.ts";

const day = 24 * 3_600_000;
const units = { days: day, weeks: 7 * day, months: 30 * day, years: 365 * day };
const fromTheOftenest = ["hourly", "daily", "weekly", "monthly", "yearly"];

/** What Atlas keeps by default, and for how long; https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/ */
const defaults = [
  ["hourly", 6, "days", 7],
  ["daily", 1, "days", 7],
  ["weekly", 6, "weeks", 4],
  ["monthly", 40, "months", 12],
] as const;

/** How long, in milliseconds. */
export const retentionOf = (item: Pick<PolicyItem, "retentionUnit" | "retentionValue">): number =>
  units[item.retentionUnit] * item.retentionValue;

/** The schedule as it is answered. */
export function scheduleOf({ id, name, createDate, schedule }: Cluster): Schedule {
  const created = new Date(createDate);
  const idOf = (place: number) => id.slice(0, -1) + place;
  const policyItems = defaults.map(
    ([frequencyType, frequencyInterval, retentionUnit, retentionValue], place) => ({
      id: idOf(place + 1),
      ...{ frequencyType, frequencyInterval, retentionUnit, retentionValue },
    }),
  );
  return {
    clusterId: id,
    clusterName: name,
    referenceHourOfDay: created.getUTCHours(),
    referenceMinuteOfHour: created.getUTCMinutes(),
    restoreWindowDays: 7,
    policies: [{ id: idOf(0), policyItems }],
    ...schedule,
  };
}

export const policyItemsOf = (cluster: Cluster): PolicyItem[] =>
  (scheduleOf(cluster).policies ?? []).flatMap(({ policyItems }) => policyItems);

/** The changes as they are kept: what is new gets an id, as at Atlas. */
export function changedSchedule(project: Project, cluster: Cluster, changes: Schedule): Schedule {
  const policies = changes.policies?.map(({ id = newId(), policyItems }) => ({
    id,
    policyItems: policyItems.map((item) => ({ ...item, id: item.id ?? newId() })),
  }));
  const { updateSnapshots: _, deleteSnapshots: __, ...kept } = changes;
  const schedule = { ...cluster.schedule, ...kept, ...(policies && { policies }) };
  checkTimes(scheduleOf({ ...cluster, schedule }));
  checkSchedule(project, scheduleOf({ ...cluster, schedule }));
  return schedule;
}

/** Seen from the provider, which deletes the default one before it makes its own: one policy stays, with nothing in it. */
export function emptySchedule(project: Project, cluster: Cluster): Schedule {
  const [policy] = scheduleOf(cluster).policies ?? [];
  const schedule = { policies: [{ id: policy?.id ?? newId(), policyItems: [] }] };
  checkSchedule(project, scheduleOf({ ...cluster, schedule }));
  return schedule;
}

/** As the description says it. */
function checkTimes({ policies = [], restoreWindowDays = 1 }: Schedule): void {
  const items = policies.flatMap(({ policyItems }) => policyItems);
  for (const { retentionValue } of items)
    if (retentionValue < 1) throw new AtlasError("ATTRIBUTE_NEGATIVE_OR_ZERO", "retentionValue");
  if (restoreWindowDays < 1) throw new AtlasError("ATTRIBUTE_NEGATIVE_OR_ZERO", "restoreWindowDays");
  const order = (item: PolicyItem) => fromTheOftenest.indexOf(item.frequencyType);
  const sorted = [...items].sort((a, b) => order(a) - order(b));
  for (const [place, item] of sorted.entries()) {
    const before = sorted[place - 1];
    if (before !== undefined && order(before) < order(item) && retentionOf(item) < retentionOf(before))
      throw new AtlasError("BACKUP_SNAPSHOT_RETENTION_VALUE_INVALID");
  }
  const hourly = items.filter(({ frequencyType }) => frequencyType === "hourly").map(retentionOf);
  if (hourly.length > 0 && restoreWindowDays * day > Math.max(...hourly))
    throw new AtlasError("CANNOT_SET_POINT_IN_TIME_WINDOW");
}
