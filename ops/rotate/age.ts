/** How old the credentials of a stack are, by its own state. */
import { type Rotatable, rotatable } from "../../infra/rotation/record.ts";
import { production } from "../../infra/settings/stages.ts";
import { wayOf } from "./databases.ts";
import type { StackState } from "./state.ts";

/** The oldest credential that a database lets in with. */
export interface CredentialAge {
  /** Its number: 1 is the one that the database came with. */
  number: number;
  /** When it was made, ISO 8601; absent where nobody knows, as of one that was taken over. */
  since?: string;
  /** It is the one that the document of before had disclosed. */
  disclosed?: true;
}

/** What the document of before had held in clear: production's passwords. */
const disclosed: readonly Rotatable[] = ["mongodb", "postgres"];

/** Of the databases whose credential can be rotated. */
export function agesIn(stack: string, state: StackState): Partial<Record<Rotatable, CredentialAge>> {
  const ages = rotatable.flatMap((database) => {
    if (wayOf(database, state).kind === "nothing") return [];
    const { current, retiring } = state.record(database);
    // The number says nothing of the age: a rotation can go back.
    const known = [retiring ?? current, current]
      .map((number) => ({ number, since: state.madeAt(database, number) }))
      .sort((a, b) => ((a.since ?? "") < (b.since ?? "") ? -1 : 1));
    const [{ number, since } = { number: current, since: undefined }] = known;
    const isDisclosed =
      stack === production && disclosed.includes(database) && state.letsInAsTakenOver(database);
    const age: CredentialAge = {
      number,
      ...(since !== undefined && { since }),
      ...(isDisclosed && { disclosed: true }),
    };
    return [[database, age] as const];
  });
  return Object.fromEntries(ages);
}
