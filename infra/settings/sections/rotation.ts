import * as kind from "../kinds.ts";

/** When `npx kairos status`, the recap and the nightly look say that a database's credential should be rotated. */
export const rotation = kind.group({
  /** Age in whole days from which on a credential warns. */
  warnAfter: kind.count(1, 3650, "days").default(90),
});
