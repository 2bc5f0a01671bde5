/**
 * The likely causes of a failure by class, database and vendor, the likeliest first: what is known of the vendor goes
 * before what holds for the database, and that before what holds anywhere. The table is `likely` of texts.json; in it
 *
 * - Atlas drops packets of an address that is not in the list: https://www.mongodb.com/docs/atlas/troubleshoot-connection/
 * - a password that is not encoded moves the host name: it comes before the database is said to be gone;
 * - at its limit MongoDB closes without a word, and so does what stands before it;
 * - the only login at Render's API is the key.
 */
import type { Failure } from "../model.ts";
import type { Place } from "../place.ts";
import { type CauseCode, likely, type Where } from "./texts.ts";

/** The class of failure, or what else is known of it, as the table has it. */
function rowOf({ kind, evidence, accepted, tls }: Failure): keyof typeof likely {
  // Somebody accepts connections, and then says nothing.
  if (kind === "timeout" && accepted === true) return "silence";
  // Closed on a client that did not ask for TLS.
  if (kind === "connection-closed" && tls === false) return "closed-without-tls";
  // TLS was ended with the alert that Atlas has for an address that is not in its list.
  return /ALERT_INTERNAL_ERROR/.test(evidence) ? "tls-alert" : kind;
}

/** At least one cause; each has its next step in the table of causes. */
export function causesOf(failure: Failure, place: Place): CauseCode[] {
  const row = likely[rowOf(failure)];
  return [...new Set([...wheresOf(place).flatMap((where) => row[where] ?? []), ...row.anywhere])];
}

/** Where somebody is, the most particular first. */
export const wheresOf = ({ database, vendor }: Place): Where[] =>
  database === "redis" && vendor.startsWith("render") ? ["key-value", vendor, database] : [vendor, database];
