/** The real engine runs the policy pack: everything bad is caught, production is let pass. Skipped where there is none. */
import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { policies } from "../../infra/policies/list.ts";
import { root } from "../../ops/bundle.mjs";
import { EngineStack, engineOrReason, type Outcome } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: policies in the real engine (${found.reason})`);

const pack = path.join(root, "infra", "policies");
/** The same day from the first test to the last. */
const now = Date.now();
const day = (days: number) => new Date(now + days * 86_400_000).toISOString().slice(0, 10);

/** The settings of production, with ids in place of the placeholders. */
async function production(): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(root, "Pulumi.prod.yaml"), "utf8");
  const filled = text
    .replace("<atlas-project-id>", '"0123456789abcdef01234567"')
    .replace("<render-outbound-cidr>", "203.0.113.0/24")
    .replace("<render-service-id>", "srv-01234567890123456789");
  return (parse(filled) as { config: Record<string, unknown> }).config;
}

/** Which policies a preview reported, by what the engine prints for each: `[mandatory]  kairos@v0.1.0  name`. */
function reported({ all }: Outcome): Record<"mandatory" | "advisory", string[]> {
  const named = (level: string) => {
    const lines = all.matchAll(new RegExp(`\\[${level}\\]\\s+([\\w-]+)`, "g"));
    return [...new Set([...lines].map(([, name]) => name ?? ""))].sort();
  };
  return { mandatory: named("mandatory"), advisory: named("advisory") };
}

describe.skipIf("reason" in found)("pulumi preview --policy-pack infra/policies", () => {
  const stacks: EngineStack[] = [];
  const create = async (project = root) => {
    if (!("engine" in found)) throw new Error(found.reason);
    const stack = await EngineStack.create(found.engine, project);
    stacks.push(stack);
    await stack.pulumi("stack", "init", "prod");
    return stack;
  };
  let stack: EngineStack;
  beforeAll(async () => {
    stack = await create();
  });
  afterAll(() => Promise.all(stacks.map((one) => one.remove())));

  /** Previews the stack prod with the given settings. */
  async function preview(on: EngineStack, settings: Record<string, unknown>): Promise<Outcome> {
    const file = path.join(path.dirname(on.stateFolder), "Pulumi.prod.yaml");
    const { encryptionsalt } = parse(await readFile(file, "utf8")) as { encryptionsalt: string };
    await writeFile(file, stringify({ encryptionsalt, config: settings }));
    return on.pulumi("preview", "--stack", "prod", "--policy-pack", pack);
  }

  it("lets production pass with one piece of advice", async () => {
    const outcome = await preview(stack, await production());
    expect(outcome.all).toMatch(/Policies:\n +\S+ kairos@v/);
    expect(reported(outcome)).toEqual({ mandatory: [], advisory: ["shared-outbound"] });
    expect(outcome.exitCode).toBe(0);
  });

  const caughtBySettings = [
    "access-list-open",
    "data-backed-up",
    "data-loss",
    "data-protected",
    "free-tier",
    "health-check",
    "plain-secret",
    "postgres-open",
    "region-beside-backend",
  ];
  it("catches what settings can do wrong, but not what an exception covers", async () => {
    const settings = await production();
    const anywhere = { cidr: "0.0.0.0/0", comment: "everybody", allowFromAnywhere: true };
    const secret = randomBytes(24).toString("hex");
    const web = { type: "web", plan: "starter", source: { image: "ghcr.io/kairos/backend", tag: "2026.11" } };
    const exception = { policy: "free-tier", reason: "a test of exceptions" };
    const outcome = await preview(stack, {
      ...settings,
      "kairos:mongodb": {
        ...(settings["kairos:mongodb"] as object),
        tier: "M0",
        region: "EU_WEST_3",
        accessList: [anywhere],
      },
      "kairos:postgres": {
        enabled: true,
        plan: "free",
        accessList: [anywhere],
        mayBeDestroyed: "kairos-postgres",
      },
      "kairos:redis": { provider: "none", mayBeDestroyed: "kairos-redis" },
      "kairos:backend": [{ name: "kairos-web", ...web, variables: { MAIL_PASSWORD: secret } }],
      "kairos:policies": {
        exceptions: [
          // Without quotes in YAML, as people write days: Pulumi's parser makes points in time of them.
          { ...exception, resource: "mongodb-cluster", until: day(10) },
          { ...exception, resource: "postgres-database", until: day(-1) },
          { ...exception, resource: "kairos-worker", until: day(10) },
        ],
      },
    });
    const { mandatory, advisory } = reported(outcome);
    expect(mandatory).toEqual(caughtBySettings);
    expect(advisory).toEqual(["shared-outbound", "unused-exceptions"]);
    expect(outcome.all).toContain(`free is a free plan; its exception ended on ${day(-1)}`);
    expect(outcome.all).not.toContain("M0 is a free plan");
    expect(outcome.all).toContain("kairos:policies.exceptions[2]: got free-tier of kairos-worker");
    expect(outcome.all).not.toContain(secret);
    expect(outcome.exitCode).not.toBe(0);
  });

  it("tells of snapshots that would go with their cluster", async () => {
    const settings = await production();
    const { with: _, ...mongodb } = settings["kairos:mongodb"] as Record<string, unknown>;
    const outcome = await preview(stack, { ...settings, "kairos:mongodb": mongodb });
    expect(reported(outcome).advisory).toEqual(["backups-retained", "shared-outbound"]);
  });

  const caughtInPrograms = [
    "budget",
    "data-backed-up",
    "data-protected",
    "database-user-scope",
    "plan-tier",
    "sessions-evicted",
    "tls-required",
  ];
  it("catches what settings refuse, when a program does it, and says what it cannot tell", async () => {
    const outcome = await preview(await create(path.join(import.meta.dirname, "policies-program")), {
      ...(await production()),
      "kairos:policies": { sessionsInRedis: true },
      // The cluster alone costs more.
      "kairos:budget": 1,
    });
    const { mandatory, advisory } = reported(outcome);
    expect(mandatory).toEqual(caughtInPrograms);
    expect(advisory).toEqual(["not-known-before-up", "shared-outbound"]);
    expect(outcome.all).toMatch(/stack: costs at least \$8\.00 a month.*; kairos:budget is \$1\.00/s);
    expect(outcome.all).toContain("access: the block is not known before up (access-list-open)");
    expect(outcome.exitCode).not.toBe(0);
  });

  it("has caught every policy", () => {
    // Production itself is told of one: it costs money to follow.
    const caught = new Set<string>([
      ...caughtBySettings,
      ...caughtInPrograms,
      "shared-outbound",
      "backups-retained",
    ]);
    expect(policies.filter(({ id }) => !caught.has(id))).toEqual([]);
  });
});
