/**
 * What is told of a status, as a table: texts.json, each text in both languages; what differs stands in braces.
 *
 * - `failures`: classes of failure, each in a sentence;
 * - `remarks`: what there is to say about a database that answers, `what → next step`;
 * - `likely`: which causes a class of failure has, by database and vendor, the likeliest first. What is known of the vendor
 *   goes before what holds for the database, and that before what holds anywhere. In it
 *   - Atlas drops packets of an address that is not in the list: https://www.mongodb.com/docs/atlas/troubleshoot-connection/
 *   - a password that is not encoded moves the host name: it comes before the database is said to be gone;
 *   - at its limit MongoDB closes without a word, and so does what stands before it;
 *   - the only login at Render's API is the key;
 * - `causes`: why something can fail, and what to do if that is why, `cause → next step`; a step is a link, a command or
 *   a setting. Where another database or vendor has another way out, `elsewhere` has it.
 */
import { list } from "../../terminal/amounts.ts";
import type { Both } from "../../terminal/language.ts";
import type { Place, Vendor } from "../place.ts";
import table from "./texts.json" with { type: "json" };

/** Why a look failed, in one word. */
export type FailureKind = keyof typeof table.failures;
export type RemarkKind = keyof typeof table.remarks;
export type CauseCode = keyof typeof table.causes;

/** A database, a vendor, or what a vendor has: the Redis of Render is `key-value`. */
type Where = Place["database"] | Vendor | "key-value";

/** Where somebody is, the most particular first. */
export const wheresOf = ({ database, vendor }: Place): Where[] =>
  database === "redis" && vendor.startsWith("render") ? ["key-value", vendor, database] : [vendor, database];

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

/** What a mistake in a variable is, behind its name; `beside`: the other variables that it has to do with. */
export const mistakes = {
  missing: (beside) =>
    beside.length === 0
      ? ["is missing; the backend does not start without it", "manque ; le backend ne démarre pas sans elle"]
      : [
          `is missing, though ${list(beside)} ${beside.length === 1 ? "is" : "are"} set`,
          `manque, alors que ${list(beside)} ${beside.length === 1 ? "est définie" : "sont définies"}`,
        ],
  "not-a-number": () => ["is not a whole number", "n'est pas un nombre entier"],
  "not-a-url": () => ["is not a URL of its kind", "n'est pas une URL du type attendu"],
  "not-encoded": () => [
    "has a user or a password that is not percent-encoded",
    "a un utilisateur ou un mot de passe dont les caractères spéciaux ne sont pas encodés",
  ],
  "not-a-host": () => [
    "is not the bare name or address of a host",
    "n'est pas le nom ou l'adresse d'un hôte, sans rien d'autre",
  ],
  "out-of-range": () => ["is out of its range", "est hors limites"],
  "above-maximum": (beside) => [`is larger than ${list(beside)}`, `dépasse ${list(beside)}`],
} as const satisfies Record<string, (beside: readonly string[]) => Both>;

export type MistakeKind = keyof typeof mistakes;
