/** What a look at a database means: how it is, why it cannot be used, what is worth knowing. From facts alone. */
import type { VariableName } from "../../../infra/contract.ts";
import type { Rotatable } from "../../../infra/rotation/record.ts";
import type { CredentialAge } from "../../rotate/age.ts";
import { type CauseCode, type FailureKind, likely, wheresOf } from "../advice/texts.ts";
import type { CheckResult, FactsOf, Failure, Observation, Problem } from "../model.ts";
import type { DatabaseName, Place } from "../place.ts";
import { remarksOn, warning } from "./remarks.ts";

/** @param observation undefined: the database is not configured */
export function verdictOn<D extends DatabaseName>(
  database: D,
  observation: Observation<FactsOf<D>> | undefined,
): CheckResult<FactsOf<D>> {
  if (observation === undefined)
    return { state: "off", seconds: 0, remarks: [], facts: { connected: false } as FactsOf<D> };
  const { vendor, from, seconds, facts, failure } = observation;
  const place = { database, vendor };
  const trouble = failure ? { failure } : unusable[database](facts);
  const remarks = failure ? [] : remarksOn(place, facts);
  const warns = remarks.some(({ severity }) => severity === "warning");
  return {
    state: trouble ? "failed" : warns ? "warning" : "well",
    ...(from && { from }),
    seconds,
    ...(trouble && { problem: problemFrom(trouble.failure, place, trouble.first) }),
    remarks,
    facts,
  };
}

interface Trouble {
  failure: Failure;
  /** Causes that are likelier than what the class of the failure suggests. */
  first?: CauseCode[];
}

/** What keeps the backend from working with one that answers. */
const unusable: { [D in DatabaseName]: (facts: FactsOf<D>) => Trouble | undefined } = {
  mongodb({ rights, database }) {
    if (rights?.canWrite !== false) return undefined;
    const isNearby = database !== undefined && database.nearMisses.length > 0;
    const first: CauseCode[] = isNearby
      ? ["database-name"]
      : rights.canRead
        ? []
        : ["role-of-other-database"];
    return { failure: mayNotWrite(), first };
  },
  postgres: ({ rights }) =>
    rights?.canWrite === false ? { failure: mayNotWrite(`: ${rights.refused.join(", ")}`) } : undefined,
  redis: () => undefined,
};

const mayNotWrite = (what = ""): Failure => ({
  kind: "not-allowed",
  stage: "asking",
  evidence: `no privilege to write${what}`,
});

/** Which variables a failure has to do with. */
const concerned: Record<
  Place["database"],
  Partial<Record<FailureKind, VariableName[]>> & { otherwise: VariableName[] }
> = {
  mongodb: {
    "not-allowed": ["MONGODB_URL", "MONGODB_DB_NAME"],
    "no-such-database": ["MONGODB_URL", "MONGODB_DB_NAME"],
    timeout: ["MONGODB_URL", "MONGODB_TIMEOUT_MS"],
    otherwise: ["MONGODB_URL"],
  },
  postgres: {
    "login-refused": ["POSTGRES_USER", "POSTGRES_PASSWORD"],
    "no-such-database": ["POSTGRES_DB"],
    "not-allowed": ["POSTGRES_USER"],
    otherwise: ["POSTGRES_HOST", "POSTGRES_PORT"],
  },
  redis: { otherwise: ["REDIS_URL"] },
  services: { otherwise: [] },
};

/** @param first causes that are likelier than what the class of the failure suggests */
export function problemFrom(failure: Failure, place: Place, first: readonly CauseCode[] = []): Problem {
  const { kind, stage, evidence, mistakes } = failure;
  const of = concerned[place.database];
  return {
    kind,
    stage,
    evidence,
    ...(mistakes && { mistakes }),
    place,
    causes: [...new Set([...first, ...(mistakes ? causesOfMistakes(mistakes) : causesOf(failure, place))])],
    variables: mistakes?.map(({ variable }) => variable) ?? of[kind] ?? of.otherwise,
  };
}

/** By class, database and vendor, the likeliest first. */
function causesOf(failure: Failure, place: Place): CauseCode[] {
  const row = likely[rowOf(failure)];
  return [...wheresOf(place).flatMap((where) => row[where] ?? []), ...row.anywhere];
}

/** The class of failure, or what else is known of it, as the table has it. */
function rowOf({ kind, evidence, accepted, tls }: Failure): keyof typeof likely {
  // Somebody accepts connections, and then says nothing.
  if (kind === "timeout" && accepted === true) return "silence";
  // Closed on a client that did not ask for TLS.
  if (kind === "connection-closed" && tls === false) return "closed-without-tls";
  // TLS was ended with the alert that Atlas has for an address that is not in its list.
  return /ALERT_INTERNAL_ERROR/.test(evidence) ? "tls-alert" : kind;
}

function causesOfMistakes(mistakes: NonNullable<Failure["mistakes"]>): CauseCode[] {
  const missing = mistakes.filter(({ kind }) => kind === "missing");
  if (missing.some(({ beside }) => beside !== undefined)) return ["variable-alone"];
  if (missing.length > 0) return ["variable-missing"];
  return mistakes.some(({ kind }) => kind === "not-encoded")
    ? ["password-not-encoded"]
    : ["variable-invalid"];
}

/** What a stack says of its credentials. */
export interface Credentials {
  stack: string;
  ages: Partial<Record<Rotatable, CredentialAge>>;
  /** Whole days. */
  warnAfter: number;
}

const day = 24 * 60 * 60 * 1000;

/**
 * What the age of its credential adds to a verdict, whatever the database answered. Of one that is off, or whose
 * credential nobody can rotate, nothing is said.
 */
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
  const remarks = disclosed
    ? [warning("credential-disclosed", { names })]
    : days !== undefined && days >= credentials.warnAfter
      ? [warning("credential-old", { number: days, names })]
      : [];
  return {
    ...result,
    state: remarks.length > 0 && result.state === "well" ? "warning" : result.state,
    credential: { number, ...(since !== undefined && { since }), ...(days !== undefined && { days }) },
    remarks: [...result.remarks, ...remarks],
  };
}
