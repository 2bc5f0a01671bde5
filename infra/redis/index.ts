/** Redis, by setting: one file per provider, all with the same shape. */
import * as pulumi from "@pulumi/pulumi";
import type { Run } from "../run.ts";
import type { RedisProvider, RedisSettings } from "../settings/index.ts";
import { redisCloud } from "./redis-cloud.ts";
import { renderKeyValue } from "./render.ts";
import { upstash } from "./upstash.ts";

/** What each provider's file gives back. */
export interface RedisConnection {
  /** URL with credentials. Secret. */
  url: pulumi.Output<string>;
  /** The vendor's id of the database. */
  id: pulumi.Output<string>;
}

/** The backend's Redis, whoever runs it. */
export class Redis extends pulumi.ComponentResource {
  /** URL with credentials. Secret. `redis://` on Render's private network, `rediss://` everywhere else. */
  readonly url: pulumi.Output<string>;
  /** The vendor's id of the database. */
  readonly id: pulumi.Output<string>;
  readonly provider: RedisProvider;

  /** @param settings `kairos:redis` of the stack, when there is one */
  constructor(
    name: string,
    settings: Exclude<RedisSettings, { provider: "none" }>,
    run: Run,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Redis", name, {}, opts);
    const { url, id } = connectionOf(name, settings, run, { parent: this });
    this.url = pulumi.secret(url);
    this.id = id;
    this.provider = settings.provider;
    this.registerOutputs({ id: this.id });
  }
}

function connectionOf(
  name: string,
  settings: Exclude<RedisSettings, { provider: "none" }>,
  run: Run,
  opts: pulumi.CustomResourceOptions,
): RedisConnection {
  switch (settings.provider) {
    case "upstash":
      return upstash(name, settings, run, opts);
    case "render":
      return renderKeyValue(name, settings, run, opts);
    case "redis-cloud":
      return redisCloud(name, settings, run, opts);
    case "external":
      // Somebody else manages it: nothing is created.
      return { url: pulumi.secret(settings.url), id: pulumi.output("external") };
  }
}
