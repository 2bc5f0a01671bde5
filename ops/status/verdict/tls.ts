/** What there is to say about a connection's encryption, where a driver has let it pass. */
import type { Remark, TlsFacts } from "../model.ts";
import { isPrivate, type Place } from "../place.ts";

/** Days before the end of a certificate from which on it is a warning. Let's Encrypt renews at 30. */
const soon = 21;

export function tlsRemarks(facts: TlsFacts | undefined, { database, vendor }: Place): Remark[] {
  if (facts === undefined) return [];
  const nobodyListens = isPrivate(vendor);
  if (!facts.on) return [{ kind: "no-tls", severity: nobodyListens ? "note" : "warning" }];
  const { daysLeft, trusted, untrustedBecause: code } = facts;
  if (daysLeft !== undefined && daysLeft < 0)
    return [{ kind: "certificate-expired", severity: "warning", number: -daysLeft }];
  const remarks: Remark[] = [];
  if (daysLeft !== undefined && daysLeft < soon)
    remarks.push({ kind: "certificate-expires", severity: "warning", number: daysLeft });
  // PostgreSQL's drivers encrypt without asking who answers; the others insist on a certificate that proves it.
  const insists = database !== "postgres";
  if (!trusted)
    remarks.push({
      kind: "certificate-untrusted",
      severity: nobodyListens && !insists ? "note" : "warning",
      ...(code !== undefined && { names: [code] }),
    });
  return remarks;
}
