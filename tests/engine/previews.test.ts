/** The real engine and the vendors' real plugins accept what the program says. Skipped where they are not. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../../ops/bundle.mjs";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: previews with the real engine (${found.reason})`);

/** The settings of production, with ids in place of the placeholders. */
async function production(): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(root, "Pulumi.prod.yaml"), "utf8");
  const filled = text
    .replace("<atlas-project-id>", '"0123456789abcdef01234567"')
    .replace("<render-outbound-cidr>", "203.0.113.0/24")
    .replace("<render-service-id>", "srv-01234567890123456789");
  return (parse(filled) as { config: Record<string, unknown> }).config;
}

describe.skipIf("reason" in found)("pulumi preview", () => {
  let stack: EngineStack;
  beforeAll(async () => {
    if ("engine" in found) stack = await EngineStack.create(found.engine);
  });
  afterAll(() => stack?.remove());

  const service = { name: "kairos-web", type: "web", plan: "starter", healthCheck: "/health" };
  const image = { ...service, source: { image: "ghcr.io/kairos/backend", tag: "2026.11" } };
  const native = {
    ...service,
    start: "uvicorn app:app",
    source: { repository: "https://git.invalid/kairos/backend" },
  };
  const cases: [string, Record<string, unknown>, number, string[]][] = [
    ["production as it is", {}, 9, ["upstash:index/redisDatabase:RedisDatabase"]],
    [
      "Redis at Render",
      { redis: { provider: "render", plan: "starter" } },
      9,
      ["render:index/keyvalue:Keyvalue"],
    ],
    [
      "Redis at Redis Cloud",
      { redis: { provider: "redis-cloud", plan: "30MB" } },
      11,
      ["rediscloud:index/essentialsDatabase:EssentialsDatabase", "planId: 34858"],
    ],
    ["no Redis", { redis: { provider: "none" } }, 8, ["render:index/envGroup:EnvGroup"]],
    ["MongoDB alone", { redis: { provider: "none" }, postgres: { enabled: false } }, 7, []],
    ["a web service from an image", { backend: [image] }, 8, ["render:index/webService:WebService"]],
    ["a web service from a repository", { backend: [native] }, 8, ["nativeRuntime"]],
    [
      "a worker, a private service and a cron job",
      {
        backend: [
          { ...image, name: "kairos-worker", type: "worker", healthCheck: undefined },
          {
            ...image,
            name: "kairos-private",
            type: "private",
            healthCheck: undefined,
            deployedBy: "elsewhere",
          },
          { ...image, name: "kairos-cron", type: "cron", healthCheck: undefined, schedule: "0 3 * * *" },
        ],
      },
      12,
      ["BackgroundWorker", "PrivateService", "CronJob"],
    ],
    ["a free cluster", { tier: "M0" }, 9, ['instanceSize: "M0"']],
    ["a flex cluster", { tier: "FLEX" }, 9, ['providerName       : "FLEX"']],
    [
      "a cluster that scales",
      { tier: "M20", autoscale: { from: "M10", to: "M30" }, disk: "20GB" },
      9,
      ["diskSizeGb"],
    ],
  ];

  it.each(cases)(
    "%s: nothing unknown, nothing missing, no warning",
    async (_, changes, resources, contained) => {
      const settings = await production();
      const { tier, autoscale, disk, ...sections } = changes;
      const mongodb = {
        ...(settings["kairos:mongodb"] as object),
        ...JSON.parse(JSON.stringify({ tier, autoscale, disk })),
      };
      await stack.configure({ ...settings, "kairos:mongodb": mongodb, ...named(sections) });
      const { exitCode, all } = await stack.pulumi("preview", "--diff", "--stack", "test");
      expect(all).not.toMatch(/warning|error|unexpected|unknown property/i);
      // Every resource, component and the stack itself, all to be created.
      expect(all).toMatch(new RegExp(`\\+ ${resources + components(sections)} to create`));
      for (const text of contained) expect(all).toContain(text);
      for (const secret of stack.secrets) expect(all).not.toContain(secret);
      expect(exitCode).toBe(0);
    },
  );

  it("an external Redis: its URL stays secret", async () => {
    const settings = await production();
    await stack.configure({ ...settings, "kairos:redis": { provider: "external" } });
    await stack.setSecret(
      "kairos:redis.url",
      "rediss://user:canary-in-an-external-url@redis.example.com:6379",
    );
    const { exitCode, all } = await stack.pulumi("preview", "--diff", "--debug", "--stack", "test");
    expect(all).not.toMatch(/warning:|error:/i);
    expect(all).not.toContain("canary");
    expect(exitCode).toBe(0);
  });
});

const named = (sections: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(sections).map(([key, value]) => [`kairos:${key}`, JSON.parse(JSON.stringify(value))]),
  );

/** The stack, its record of what it creates, MongoDB, one component for each service, and the databases that are on. */
function components({ redis, postgres, backend }: Record<string, unknown>): number {
  const off = (section: unknown) => JSON.stringify(section ?? {}).match(/"none"|"enabled":false/) !== null;
  return (
    3 + ((backend as unknown[] | undefined)?.length ?? 1) + (off(redis) ? 0 : 1) + (off(postgres) ? 0 : 1)
  );
}
