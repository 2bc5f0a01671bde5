/** Where a rotation stands, from the stack's state alone. */
import { initial, type Rotatable } from "../../infra/rotation/record.ts";
import { wayOf } from "./databases.ts";
import type { StackState } from "./state.ts";

export interface RotationStatus {
  database: Rotatable;
  /** `never`: not rotated yet. `idle`: one credential. `switched`: two. `ending`: the old one is not quite gone. */
  stands: "never" | "idle" | "switched" | "ending" | "nothing to rotate";
  /** Number of the credential that the environment has. */
  current: number;
  user?: string;
  retiring?: { number: number; user?: string };
  /** ISO 8601. */
  since?: string;
  /** What the next run does, or why there is nothing to do. */
  next: string;
}

export function standingOf(database: Rotatable, state: StackState): RotationStatus {
  const way = wayOf(database, state);
  const record = state.record(database);
  const { current, retiring, since } = record;
  const user = state.user(database, current);
  const base = {
    database,
    current,
    ...(user !== undefined && { user }),
    ...(since !== "" && { since }),
  };
  if (way.kind === "nothing") return { ...base, stands: "nothing to rotate", next: way.why };
  if (retiring !== undefined) {
    const old = state.user(database, retiring);
    return {
      ...base,
      stands: "switched",
      retiring: { number: retiring, ...(old !== undefined && { user: old }) },
      next: "waits for the services to be live with the new credential, then for the grace period, then ends the old one",
    };
  }
  if (state.leftovers(database).length > 0)
    return { ...base, stands: "ending", next: "removes what is left of the old credential" };
  return {
    ...base,
    stands: record.since === initial.since ? "never" : "idle",
    next: `makes a new credential: ${way.how}`,
  };
}

/** `credential 2 (kairos-2)` */
export const credentialText = (number: number, user?: string) =>
  `credential ${number}${user === undefined ? "" : ` (${user})`}`;

/** One line. */
export function standingText({
  database,
  stands,
  current,
  user,
  retiring,
  since,
  next,
}: RotationStatus): string {
  if (stands === "nothing to rotate") return `${database}: nothing to rotate: ${next}`;
  const old =
    retiring === undefined ? "" : `, ${credentialText(retiring.number, retiring.user)} is to be retired`;
  const when = since === undefined ? ", never rotated" : ` since ${since}`;
  return `${database}: ${credentialText(current, user)}${when}${old}. Next: ${next}`;
}
