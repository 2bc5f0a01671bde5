/** The driver, as the backend would use it. */
import { createClient } from "@redis/client";
import { type CheckOptions, Failure } from "../check.ts";
import { meaningOf } from "../errors.ts";
import { authorities } from "../tls.ts";
import type { RedisSettings } from "../variables.ts";

/** The driver's client, as this check opens it. */
export type Client = ReturnType<typeof opened>;

/** @throws Failure when the URL is none */
export function opened({ url }: RedisSettings, { timeout, ca }: CheckOptions) {
  try {
    const trust = url.startsWith("rediss:") ? { tls: true as const, ...authorities(ca) } : {};
    return createClient({
      url,
      name: "kairos-status",
      socket: { connectTimeout: timeout, reconnectStrategy: false, ...trust },
    });
  } catch (error) {
    // Its message quotes the URL.
    throw new Failure({ kind: "invalid-variables", evidence: meaningOf(error).evidence });
  }
}
