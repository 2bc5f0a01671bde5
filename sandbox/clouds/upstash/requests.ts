/** The bodies that Upstash's API takes. */
import { z } from "zod";
import { list, parser } from "../api.ts";
import { UpstashError } from "./error.ts";

/** What a creation may ask for. `tls`, `consistent` and `multizone` are accepted and have no effect. */
export const create = z.object({
  database_name: z.string(),
  region: z.string().optional(),
  primary_region: z.string().optional(),
  read_regions: list(z.string()),
  tls: z.boolean().optional(),
  eviction: z.boolean().optional(),
  auto_upgrade: z.boolean().optional(),
  prod_pack_enabled: z.boolean().optional(),
  budget: z.number().optional(),
});
export type CreateRequest = z.output<typeof create>;
export const regions = z.object({ read_regions: list(z.string()) });
export const budget = z.object({ budget: z.number() });
export const allowlist = z.object({ allowed_ips: list(z.string()) });

export const parse = parser(() => new UpstashError(400, "invalid request body"));
