/**
 * Which credential of a database is in use, kept in the stack's state, so that a rotation outlives whoever started it.
 *
 * Credentials are numbered. 1 is the one that the stack was created with; without a record there is no other. A record
 * is written before anything that it announces is done, and it changes only when `npx kairos rotate` asks for it: a plain
 * `pulumi up` completes what is announced and never goes further.
 */
import * as pulumi from "@pulumi/pulumi";
import { OperatorError } from "../errors.ts";
import { type Existing, stashed } from "../state.ts";

/** What can be rotated. */
export const rotatable = ["mongodb", "postgres", "redis"] as const;
export type Rotatable = (typeof rotatable)[number];

/** `switch`: to a new credential. `back`: to the one before. `retire`: end the one that is no longer used. */
export const steps = ["switch", "back", "retire"] as const;

/** The next step of one database's rotation. */
export interface Request {
  database: Rotatable;
  step: (typeof steps)[number];
}

/** The numbers of a database's credentials. */
export interface CredentialRecord {
  /** The one that the environment has. */
  current: number;
  /** The one before, while somebody may still use it. */
  retiring?: number;
  /** The highest that there ever was: no number is used twice. */
  last: number;
  /** When this record was written, ISO 8601. */
  since: string;
}

/** Of a stack whose database was never rotated. */
export const initial: CredentialRecord = { current: 1, last: 1, since: "" };

/** Logical name of the resource that keeps the record. */
export const recordName = (database: Rotatable) => `${database}-credential`;

/** What the state says; {@link initial} when it says nothing. */
export function recordOf(existing: Existing, database: Rotatable): CredentialRecord {
  const records = stashed<CredentialRecord & { credential: string }>(existing, "credential");
  const found = records.find(({ credential }) => credential === database);
  if (found === undefined) return initial;
  const { credential: _, ...record } = found;
  return record;
}

/**
 * The record that follows. Without a request it is the same.
 *
 * @throws OperatorError when the request does not fit where the rotation stands
 */
export function next(
  record: CredentialRecord,
  request: Request | undefined,
  now = new Date(),
): CredentialRecord {
  if (request === undefined) return record;
  const { current, retiring, last } = record;
  const since = now.toISOString();
  switch (request.step) {
    case "switch":
      if (retiring !== undefined)
        throw misfit(
          request,
          `credential ${retiring} is still to be retired; run npx kairos rotate to go on`,
        );
      return { current: last + 1, retiring: current, last: last + 1, since };
    case "back":
      if (retiring === undefined) throw misfit(request, "no rotation is under way");
      return { current: retiring, retiring: current, last, since };
    case "retire":
      if (retiring === undefined) throw misfit(request, "no credential is to be retired");
      return { current, last, since };
  }
}

const misfit = ({ database, step }: Request, why: string) =>
  new OperatorError(`KAIROS_ROTATE: got ${database}:${step}, but ${why}; nothing was changed`);

/** Keeps the record in the state; nothing at all while there was no rotation. */
export function keepRecord(
  database: Rotatable,
  record: CredentialRecord,
  hooks: pulumi.ResourceHook[] = [],
): pulumi.Resource | undefined {
  if (record === initial) return undefined;
  return new pulumi.Stash(
    recordName(database),
    { input: { credential: database, ...record } },
    { hooks: { beforeUpdate: hooks } },
  );
}
