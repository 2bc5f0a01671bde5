/** The bodies that Upstash's API takes. */
import { Described } from "../described.ts";
import description from "./description.json" with { type: "json" };
import { UpstashError } from "./error.ts";

/** What a creation may ask for. `tls`, `consistent` and `multizone` are accepted and have no effect. */
export interface CreateRequest {
  database_name: string;
  region?: string;
  primary_region: string;
  platform?: "aws" | "gcp";
  read_regions?: readonly string[] | null;
  eviction?: boolean;
  auto_upgrade?: boolean;
  prod_pack_enabled?: boolean;
  budget?: number;
}

export const described = new Described(description, ({ path }) =>
  path.includes("primary_region")
    ? new UpstashError(
        400,
        "Invalid request, primary region might be wrong. Please reach support@upstash.com",
      )
    : new UpstashError(400, "invalid request body"),
);
