import * as pulumi from "@pulumi/pulumi";
import type { RedisOf } from "../settings/index.ts";
import type { RedisConnection } from "./provider.ts";

/** A Redis that somebody else manages: its URL is a secret setting, nothing is created. */
export function external(settings: RedisOf<"external">): RedisConnection {
  return { url: pulumi.secret(settings.url), id: pulumi.output("external") };
}
