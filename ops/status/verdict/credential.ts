/** What the age of a database's credential adds to a verdict, whatever the database answered. */
import type { Rotatable } from "../../../infra/rotation/record.ts";
import type { CredentialAge } from "../../rotate/age.ts";
import type { CheckResult, Remark } from "../model.ts";

/** What a stack says of its credentials. */
export interface Credentials {
  stack: string;
  ages: Partial<Record<Rotatable, CredentialAge>>;
  /** Whole days. */
  warnAfter: number;
}

const day = 24 * 60 * 60 * 1000;

/** Of a database that is off, or whose credential nobody can rotate, nothing is said. */
export function withCredential<Facts>(
  database: Rotatable,
  result: CheckResult<Facts>,
  credentials: Credentials | undefined,
  now = new Date(),
): CheckResult<Facts> {
  const age = credentials?.ages[database];
  if (credentials === undefined || age === undefined || result.state === "off") return result;
  const { number, since, disclosed } = age;
  const days = since === undefined ? undefined : Math.floor((now.getTime() - Date.parse(since)) / day);
  const names = [database, credentials.stack];
  const remarks: Remark[] = [];
  if (disclosed) remarks.push({ kind: "credential-disclosed", severity: "warning", names });
  else if (days !== undefined && days >= credentials.warnAfter)
    remarks.push({ kind: "credential-old", severity: "warning", number: days, names });
  return {
    ...result,
    state: remarks.length > 0 && result.state === "well" ? "warning" : result.state,
    credential: { number, ...(since !== undefined && { since }), ...(days !== undefined && { days }) },
    remarks: [...result.remarks, ...remarks],
  };
}
