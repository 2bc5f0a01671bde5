import type { Commands } from "../session.ts";
import { administration } from "./administration.ts";
import { collections } from "./collections.ts";
import { connection } from "./connection.ts";
import { keys } from "./keys.ts";
import { sortedSets } from "./sorted-sets.ts";
import { strings } from "./strings.ts";

/** Everything that the stand-in knows, beside the transactions of a session. */
export const commands: Commands = {
  ...connection,
  ...administration,
  ...keys,
  ...strings,
  ...collections,
  ...sortedSets,
};
