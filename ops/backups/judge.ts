/** What a vendor's word about backups means. */

import { type BackupRemark, type DatabaseBackups, type DrillRecord, type Offer, warnings } from "./model.ts";
import type { Vault } from "./vault.ts";

/** Milliseconds that a snapshot may be late: it waits for its turn, and is written for a while. */
const grace = 3 * 3_600_000;

/** Milliseconds after which a drill proves little: what is restored, and by whom, has changed since. */
const drillLasts = 90 * 86_400_000;

export function judged(
  { database, name, vendor }: Pick<Vault, "database" | "name" | "vendor">,
  offer: Offer,
  drill: DrillRecord | undefined,
  now: Date,
): DatabaseBackups {
  const { kind, newest, from, snapshots, every, exported } = offer;
  const oldest = kind === "continuous" ? from : snapshots.at(-1)?.at;
  const remarks = remarksOn(offer, drill, now);
  return {
    database,
    name,
    vendor,
    state: remarks.some((one) => warnings.includes(one)) ? "warning" : "well",
    kind,
    ...(newest && { newest: newest.at.toISOString(), age: seconds(now.getTime() - newest.at.getTime()) }),
    ...(oldest && { oldest: oldest.toISOString() }),
    ...(every !== undefined && { every: seconds(every) }),
    ...(exported && { exported: exported.toISOString() }),
    ...(drill && { drill }),
    remarks,
  };
}

const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);

function remarksOn(
  { kind, newest, every, snapshots, failed, momentsOff }: Offer,
  drill: DrillRecord | undefined,
  now: Date,
): BackupRemark[] {
  if (kind === "none") return ["no-backups"];
  const since = (time: string | Date) => now.getTime() - new Date(time).getTime();
  // Of a continuous one, too, the snapshots are what it begins from.
  const last = newest && (snapshots[0]?.at ?? newest.at);
  const all: Partial<Record<BackupRemark, boolean>> = {
    "not-yet": newest === undefined,
    "snapshots-only": momentsOff === true,
    late: last !== undefined && every !== undefined && since(last) > every + grace,
    "snapshot-failed": failed !== undefined,
    // Without a backup nothing can be drilled.
    "never-drilled": newest !== undefined && drill === undefined,
    "drill-failed": newest !== undefined && drill?.ok === false,
    "drill-long-ago": newest !== undefined && drill?.ok === true && since(drill.at) > drillLasts,
  };
  return (Object.keys(all) as BackupRemark[]).filter((remark) => all[remark]);
}
