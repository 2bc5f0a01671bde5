/** Errors and their fix, in English. What a check found is said by the status' own words. */
import { code, codes, say, strong } from "../model.ts";
import type { errors as french } from "./fr-errors.ts";

export const errors: typeof french = {
  title: "Fixing Errors",
  duplicateKey: 'PostgreSQL error: "duplicate key value violates unique constraint"',
  found: (database, what) => `${database}: ${what}`,
  problem: "Problem",
  solution: "Solution",
  statement: "Status",
  causes: "Likely causes, in order",
  evidence: "seen",
  conflict: (names) =>
    say`Conflict with an existing PostgreSQL type, left behind when the creation of a table was interrupted, and named like a table of the backend (${codes(names)}). PostgreSQL makes a type of the same name for each table; two processes that create the same table at once run into the same constraint.`,
  checkFirst: say`The backend creates its tables with ${code("checkfirst=True")}: a table that is there is left as it is, but a type on its own goes unnoticed`,
  drop: [
    "Drop that type (the statement touches no table), then restart the backend, one process of it first:",
  ],
  look: ["See whether such a type was left behind:"],
  dropOne: say`Drop it: ${code('DROP TYPE "schema"."name";')} (PostgreSQL refuses while a table uses it), then restart the backend`,
  standing: {
    good: say`${strong("Not found")} by the check`,
    warning: say`${strong("Possible")}`,
    bad: say`${strong("Found")} by the check`,
    unchecked: ["Not checked"],
    note: ["Does not apply: PostgreSQL is not configured"],
  },
  toCorrect: "To be corrected",
  noneFound: ["Apart from the known error below, the check found none."],
  notChecked: ["One error is known of the backend. Nothing was checked: there may be others."],
};
