import { z } from "zod";
import * as kind from "../kinds.ts";

/**
 * What the first `up` takes over instead of creating it: ids as Pulumi's import wants them. `npx kairos adopt` writes
 * them and takes them out again; what the state knows already is not imported again.
 */
export const imported = kind.group({
  cluster: kind.importId("cluster", /^[0-9a-f]{24}-.+$/).optional(),
  user: kind.importId("user", /^[0-9a-f]{24}\/.+\/admin$/).optional(),
  accessList: z
    .array(kind.importId("access list entry", /^[0-9a-f]{24}-.+$/), { error: "a list of ids" })
    .default([]),
  postgres: kind.importId("Postgres", /^dpg-[a-z0-9-]+$/).optional(),
  redis: kind.importId("Redis", /^(red-[a-z0-9]+|\d+\/\d+|[0-9a-f-]{36})$/).optional(),
});
