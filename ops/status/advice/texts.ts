/**
 * What is told of a status, as a table: texts.json, each text in both languages; what differs stands in braces.
 *
 * - `failures`: classes of failure, each in a sentence;
 * - `remarks`: what there is to say about a database that answers, `what → next step`;
 * - `likely`: which causes a class of failure has, by database and vendor;
 * - `causes`: why something can fail, and what to do if that is why, `cause → next step`; a step is a link, a command or
 *   a setting. Where another database or vendor has another way out, `elsewhere` has it.
 */
import type { Place, Vendor } from "../place.ts";
import type { Both } from "./language.ts";
import table from "./texts.json" with { type: "json" };

/** Why a look failed, in one word. */
export type FailureKind = keyof typeof table.failures;
export type RemarkKind = keyof typeof table.remarks;
export type CauseCode = keyof typeof table.causes;

/** A database, a vendor, or what a vendor has: the Redis of Render is `key-value`. */
export type Where = Place["database"] | Vendor | "key-value";

interface Table {
  failures: Record<FailureKind, Both>;
  remarks: Record<RemarkKind, Both>;
  likely: Record<keyof typeof table.likely, Partial<Record<Where, CauseCode[]>> & { anywhere: CauseCode[] }>;
  causes: Record<CauseCode, Both>;
  /** A vendor's step goes before a database's. */
  elsewhere: Partial<Record<CauseCode, Partial<Record<Where, Both>>>>;
}

/** JSON knows no pairs, just lists; advice.test.ts counts them. */
export const { failures, remarks, likely, causes, elsewhere } = table as object as Readonly<Table>;
