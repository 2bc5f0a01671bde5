/** Backups as data: what a vendor has of a database, what it means, and what a drill found. No secret is in it. */
import type { Vendor } from "../../vendors/http.ts";

/** Databases whose vendors keep copies of their data; what each provider keeps of a Redis is in the guide. */
export const backedUp = ["mongodb", "postgres"] as const;
export type BackedUp = (typeof backedUp)[number];

/** What is restored: a moment, or a snapshot of that moment. */
export interface Point {
  at: Date;
  /** The snapshot's id. */
  snapshot?: string;
}

/** What a vendor has of a database, as it says itself. */
export interface Offer {
  /** `continuous`: any moment of a window. `none`: the plan has no backups. */
  kind: "continuous" | "snapshots" | "none";
  /** The newest that there is; absent where there is none yet. */
  newest?: Point;
  /** Where the window of a continuous one begins. */
  from?: Date;
  /** Its plan has any moment, and that is off. */
  momentsOff?: true;
  /** Milliseconds before now that no moment of a continuous one reaches. */
  reaches?: number;
  /** Those that can be restored, newest first. */
  snapshots: readonly Point[];
  /** Milliseconds between two snapshots, by the schedule. */
  every?: number;
  /** When the newest snapshot was to be taken, where that failed. */
  failed?: string;
  /** Of the newest logical export that can be downloaded. */
  exported?: Date;
}

/** What a drill came to. Kept in the stack's state; times in seconds. */
export interface DrillRecord {
  /** ISO 8601, of its end. */
  at: string;
  ok: boolean;
  /** It ended before anything was compared. */
  brokeOff?: true;
  /** How much of the newest data a disaster at its beginning would have lost (RPO). */
  rpo: number;
  /** From the first call at the vendor to a copy that answered, all of it counted (RTO). */
  rto: number;
  tables: number;
  rows: number;
}

/** What there is to say of a database's backups. */
export type BackupRemark =
  | "no-backups"
  | "not-yet"
  | "snapshots-only"
  | "copy-left"
  | "late"
  | "snapshot-failed"
  | "never-drilled"
  | "drill-long-ago"
  | "drill-failed";

/** Those that somebody should put right; the others are notes. */
export const warnings: readonly BackupRemark[] = ["late", "snapshot-failed", "drill-failed"];

/** The backups of one database. `JSON.stringify` of it is what `--json` prints. */
export interface DatabaseBackups {
  database: BackedUp;
  /** Its name at the vendor. */
  name: string;
  vendor: Vendor;
  /** `unchecked`: the vendor did not say, and `unseen` says why. */
  state: "well" | "warning" | "unchecked";
  unseen?: string;
  kind?: Offer["kind"];
  /** The newest moment that can be restored, ISO 8601. */
  newest?: string;
  /** Seconds from there to the look. */
  age?: number;
  /** The oldest one. */
  oldest?: string;
  /** Seconds between two snapshots, by the schedule. */
  every?: number;
  /** When the newest logical export was made that can be downloaded, ISO 8601. */
  exported?: string;
  drill?: DrillRecord;
  /** What a restore made, and nobody has put in use or deleted. */
  left?: string;
  remarks: BackupRemark[];
}
