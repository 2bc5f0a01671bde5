import { z } from "zod";
import { policyIds } from "../../policies/ids.ts";
import * as kind from "../kinds.ts";

/** What policies need to know, and what they are to let pass for a while. */
export const policies = kind.group({
  /** Redis holds sessions or other data that must not go when the memory is full. Off: it is a cache. */
  sessionsInRedis: kind.flag().default(false),
  /** Each names one policy and one resource, and ends by itself. */
  exceptions: z
    .array(
      kind.group({
        policy: kind.oneOf(policyIds),
        /** Logical name, as `npx kairos plan` and the violation show it. */
        resource: z.string({ error: "the name of a resource" }).min(1, "the name of a resource"),
        /** Why, for whoever reads it next year. */
        reason: z.string({ error: "a reason" }).min(10, "a reason of at least 10 characters"),
        /** Its last day, UTC. At most a year ahead; after it the violation is back. */
        until: kind.day(),
      }),
      { error: "a list of { policy, resource, reason, until }" },
    )
    .default([]),
});
