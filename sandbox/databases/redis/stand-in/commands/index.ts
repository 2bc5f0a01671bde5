import type { Commands } from "../session.ts";
import { administration } from "./administration.ts";
import { connection } from "./connection.ts";
import { hashes } from "./hashes.ts";
import { keys } from "./keys.ts";
import { lists } from "./lists.ts";
import { scripting } from "./scripting.ts";
import { setAlgebra } from "./set-algebra.ts";
import { sets } from "./sets.ts";
import { sorting } from "./sort.ts";
import { sortedSets } from "./sorted-sets.ts";
import { strings } from "./strings.ts";
import { transactions } from "./transactions.ts";

/** Everything that the stand-in can do, by the names of catalogue.ts. */
export const commands: Commands = {
  ...connection,
  ...administration,
  ...transactions,
  ...keys,
  ...strings,
  ...hashes,
  ...lists,
  ...sets,
  ...sortedSets,
  ...setAlgebra,
  ...sorting,
  ...scripting,
};
