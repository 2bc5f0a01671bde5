/** Redis, by setting: one file per provider, all with the same shape. Only the chosen one is loaded. */
import * as pulumi from "@pulumi/pulumi";
import { noRecovery, type Recovery } from "../recovery/index.ts";
import { noRotation, type Rotation } from "../rotation/index.ts";
import type { RedisProvider, RedisSettings, RenderRegion } from "../settings/index.ts";
import type { RedisConnection } from "./provider.ts";

/** The backend's Redis, whoever runs it. */
export class Redis extends pulumi.ComponentResource {
  readonly url: pulumi.Output<string>;
  readonly id: pulumi.Output<string>;
  readonly provider: RedisProvider;

  /** Use {@link redis}: it loads the provider's SDK first. */
  constructor(
    name: string,
    args: { provider: RedisProvider; create: (opts: pulumi.CustomResourceOptions) => RedisConnection },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Redis", name, {}, opts);
    const { url, id } = args.create({ parent: this });
    this.url = pulumi.secret(url);
    this.id = id;
    this.provider = args.provider;
    this.registerOutputs({ id: this.id });
  }
}

/** Creates the Redis that the settings choose; undefined for `none`. */
export async function redis(
  name: string,
  settings: RedisSettings,
  backendRegion: RenderRegion,
  recovery: Recovery = noRecovery,
  rotation: Rotation = noRotation("redis"),
): Promise<Redis | undefined> {
  const create = await creator(name, settings, backendRegion, recovery, rotation);
  return create && new Redis(name, { provider: settings.provider, create });
}

async function creator(
  name: string,
  settings: RedisSettings,
  backendRegion: RenderRegion,
  recovery: Recovery,
  rotation: Rotation,
) {
  const common = { name, backendRegion, recovery, rotation };
  switch (settings.provider) {
    case "none":
      return undefined;
    case "upstash": {
      const { upstash } = await import("./upstash.ts");
      return (opts: pulumi.CustomResourceOptions) => upstash({ ...common, settings, opts });
    }
    case "render": {
      const { renderKeyValue } = await import("./render.ts");
      return (opts: pulumi.CustomResourceOptions) => renderKeyValue({ ...common, settings, opts });
    }
    case "redis-cloud": {
      const { redisCloud } = await import("./redis-cloud.ts");
      return (opts: pulumi.CustomResourceOptions) => redisCloud({ ...common, settings, opts });
    }
    case "external": {
      const { external } = await import("./external.ts");
      return (opts: pulumi.CustomResourceOptions) => external({ ...common, settings, opts });
    }
  }
}
