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
  const remarks = [...ofOffer(offer, now), ...ofDrill(offer, drill, now)];
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

function ofOffer({ kind, newest, every, snapshots, failed, momentsOff }: Offer, now: Date): BackupRemark[] {
  if (kind === "none") return ["no-backups"];
  const off = momentsOff ? (["snapshots-only"] as const) : [];
  if (newest === undefined) return ["not-yet", ...off, ...(failed ? (["snapshot-failed"] as const) : [])];
  // Of a continuous one, too, the snapshots are what it begins from.
  const last = snapshots[0]?.at ?? newest.at;
  const isLate = every !== undefined && now.getTime() - last.getTime() > every + grace;
  return [...off, ...(isLate ? (["late"] as const) : []), ...(failed ? (["snapshot-failed"] as const) : [])];
}

function ofDrill({ newest }: Offer, drill: DrillRecord | undefined, now: Date): BackupRemark[] {
  // Nothing can be drilled.
  if (newest === undefined) return [];
  if (drill === undefined) return ["never-drilled"];
  if (!drill.ok) return ["drill-failed"];
  return now.getTime() - Date.parse(drill.at) > drillLasts ? ["drill-long-ago"] : [];
}
