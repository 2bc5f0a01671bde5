import { z } from "zod";
import * as kind from "../kinds.ts";

/** What somebody can add beside a stack, in the words of `npx kairos status`. */
export const strangerKinds = [
  "access-list",
  "database-user",
  "cluster",
  "postgres-user",
  "postgres",
  "redis",
  "env-group",
  "variable",
  "service",
] as const;
export type StrangerKind = (typeof strangerKinds)[number];

/**
 * What stands beside the stack and may: `npx kairos status` and the nightly look name everything else that somebody
 * added. The stack does nothing with it.
 */
export const known = z
  .array(
    kind.group({
      kind: kind.oneOf(strangerKinds),
      /** As `npx kairos status` shows it; the id where several have the same name. */
      name: z.string({ error: "the name of what is known" }).min(1, "the name of what is known"),
      /** Why, for whoever reads it next year. */
      reason: z.string({ error: "a reason" }).min(10, "a reason of at least 10 characters"),
      /** When somebody last looked at it. After a year the plan asks to look again. */
      day: kind.day(),
    }),
    { error: "a list of { kind, name, reason, day }" },
  )
  .default([]);
