/** All four vendors at once: their models, served on loopback, and what a process needs to be led to them. */
import { randomBytes } from "node:crypto";
import path from "node:path";
import { AtlasCloud, type AtlasOptions, atlasApi, generateCredentials } from "./atlas/index.ts";
import type { Authority } from "./certificates.ts";
import { RedisCloudAccount, type RedisCloudOptions, redisCloudApi } from "./redis-cloud/index.ts";
import { RenderCloud, type RenderOptions, renderApi } from "./render/index.ts";
import { type Served, serve } from "./serve.ts";
import { serveUpstashProxy, UpstashCloud, type UpstashOptions, upstashApi } from "./upstash/index.ts";

/** The vendors by name. */
export type Vendor = "atlas" | "render" | "upstash" | "redisCloud";

/** What a vendor's model may be told besides its file. */
export interface CloudOptions {
  /** A folder of this sandbox's own: states, certificates. */
  folder: string;
  /** Keep the clouds' states there; in memory only by default. */
  keep?: boolean;
  /** Atlas' organization. */
  organization: string;
  /** Signs the certificate of Upstash's host; one of its own by default. */
  authority?: Authority;
  /** Write each vendor's calls to `calls-<vendor>.log` in the folder: method, path, status, time; no secret. */
  log?: boolean;
  /** Resolves when what stands behind the clouds has followed a change; only then is the change answered. */
  settled?: () => Promise<void>;
  atlas?: Omit<AtlasOptions, "file" | "orgId">;
  render?: Omit<RenderOptions, "file" | "ownerId">;
  upstash?: Omit<UpstashOptions, "file">;
  redisCloud?: Omit<RedisCloudOptions, "file">;
}

/** The clouds as they run. */
export interface Clouds {
  atlas: AtlasCloud;
  render: RenderCloud;
  upstash: UpstashCloud;
  redisCloud: RedisCloudAccount;
  /** What each API has been asked. */
  served: Record<Vendor, Served>;
  /** Hosts outside that were asked for and refused. */
  refused: readonly string[];
  /** Addresses and generated keys for the engine's processes. Secret. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

/** Starts the four clouds on free ports of 127.0.0.1. */
export async function startClouds(options: CloudOptions): Promise<Clouds> {
  const { folder, keep = false, organization } = options;
  const file = (name: string) => (keep ? { file: path.join(folder, `${name}.json`) } : {});
  const ownerId = "tea-sandbox";
  const email = "sandbox@example.com";
  const keys = { render: secret(), upstash: secret(), redisCloud: secret(), redisCloudSecret: secret() };
  const atlasKeys = generateCredentials();

  const atlas = new AtlasCloud({ ...file("atlas"), orgId: organization, ...options.atlas });
  const render = new RenderCloud({ ...file("render"), ownerId, ...options.render });
  const upstash = new UpstashCloud({ ...file("upstash"), ...options.upstash });
  const redisCloud = new RedisCloudAccount({ ...file("redis-cloud"), ...options.redisCloud });

  const redisCloudKeys = { apiKey: keys.redisCloud, secretKey: keys.redisCloudSecret };
  const apis = {
    atlas: atlasApi(atlas, atlasKeys),
    render: renderApi(render, keys.render),
    upstash: upstashApi(upstash, { email, apiKey: keys.upstash }),
    redisCloud: redisCloudApi(redisCloud, redisCloudKeys),
  };
  const front = (vendor: Vendor) =>
    serve(apis[vendor], {
      settled: options.settled,
      ...(options.log && { log: path.join(folder, `calls-${vendor}.log`) }),
    });
  const served = {
    atlas: await front("atlas"),
    render: await front("render"),
    upstash: await front("upstash"),
    redisCloud: await front("redisCloud"),
  };
  const { authority } = options;
  const target = served.upstash.url;
  const proxy = await serveUpstashProxy({ target, folder, ...(authority && { authority }) });

  return {
    atlas,
    render,
    upstash,
    redisCloud,
    served,
    refused: proxy.refused,
    environment: {
      ...proxy.environment(),
      // Keys and address of Atlas come from one place: see infra/settings/credentials.ts.
      MONGODB_ATLAS_BASE_URL: served.atlas.url,
      MONGODB_ATLAS_PUBLIC_API_KEY: atlasKeys.publicKey,
      MONGODB_ATLAS_PRIVATE_API_KEY: atlasKeys.privateKey,
      RENDER_HOST: `${served.render.url}/v1`,
      RENDER_API_KEY: keys.render,
      RENDER_OWNER_ID: ownerId,
      UPSTASH_EMAIL: email,
      UPSTASH_API_KEY: keys.upstash,
      REDISCLOUD_URL: `${served.redisCloud.url}/v1`,
      REDISCLOUD_ACCESS_KEY: keys.redisCloud,
      REDISCLOUD_SECRET_KEY: keys.redisCloudSecret,
    },
    close: async () => {
      await proxy.close();
      await Promise.all(Object.values(served).map((one) => one.close()));
    },
  };
}

const secret = () => randomBytes(18).toString("base64url");
