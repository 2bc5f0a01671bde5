/** No secret in anything that the real engine prints or writes, of errors and with debug logging. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { canary, leaks, leaksIn, plainCanary } from "../canaries.ts";
import { EngineStack, engineOrReason, type Outcome } from "./harness.ts";
import { TestStack } from "./program-stack.ts";

const engine = await findEngine();
if (engine === undefined) console.log("skipped: canaries through the real engine (no pulumi found)");
const found = await engineOrReason();
if ("reason" in found)
  console.log(`skipped: canaries through the whole stack on the real engine (${found.reason})`);

/** After a first up, in this order. The last two run the program when they are told to. */
const operations = [
  ["preview"],
  ["up", "--yes"],
  ["refresh", "--yes", "--run-program"],
  ["destroy", "--yes", "--run-program"],
];

const mongodb = {
  project: { id: "0123456789abcdef01234567" },
  tier: "M10",
  accessList: [{ cidr: "203.0.113.7/32", comment: "Render" }],
};

describe.skipIf("reason" in found)("the real engine", () => {
  let stack: EngineStack;
  beforeAll(async () => {
    if ("engine" in found) stack = await EngineStack.create(found.engine);
  });
  afterAll(() => stack?.remove());

  const backend = [{ name: "kairos-backend", link: "srv-01234567890123456789" }];

  it.each([
    ["a preview", { mongodb, backend }, 0],
    [
      "a preview of settings with mistakes",
      { mongodb: { ...mongodb, tier: "M1" }, backend: [{ ...backend[0], link: "x" }] },
      1,
    ],
  ])("%s, with debug logging", async (_, settings, exitCode) => {
    await stack.configure({
      ...settings,
      postgres: { enabled: true, plan: "free" },
      redis: { provider: "external" },
    });
    await stack.setSecret(
      "kairos:redis.url",
      `rediss://user:${encodeURIComponent(canary())}@redis.example.com:6379`,
    );
    await stack.setSecret("kairos:backend[0].secrets.TOKEN", canary());
    const outcome = await stack.pulumi("preview", "--diff", "--debug", "--json", "--stack", "test");
    const shown = await stack.pulumi("preview", "--diff", "--debug", "--stack", "test");
    expect(leaks(outcome.all + shown.all, stack.secrets)).toEqual([]);
    expect(outcome.exitCode).toBe(exitCode);
  });

  it.each(["kairos:backend[0].secrets[0]", "kairos:backend.secrets.TOKEN", "kairos:redis[0].url"])(
    "an error about what holds a secret at %s",
    async (place) => {
      await stack.configure({ mongodb, backend: place.startsWith("kairos:backend[") ? backend : undefined });
      // Long and with quotes: the engine's own filter knows only the whole, unescaped text.
      await stack.setSecret(place, `${canary()}"${plainCanary().repeat(3)}`);
      const { all, exitCode } = await stack.pulumi("preview", "--stack", "test");
      expect(all).toContain("that is not shown beside secrets");
      expect(all).not.toMatch(/canary|cånary/);
      expect(exitCode).not.toBe(0);
    },
  );

  it("writes none into the state folder", async () => {
    expect(await leaksIn(stack.stateFolder, stack.secrets)).toEqual([]);
  });
});

describe.skipIf("reason" in found)("with debug logging, after an up", () => {
  const organization = "5a4d000000000000000000aa";
  let folder: string;
  let clouds: Clouds;
  let stack: EngineStack;
  let secrets: string[];
  let created: Outcome;

  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-clouds-"));
    clouds = await startClouds({ folder, organization });
    stack = await EngineStack.create(found.engine);
    Object.assign(stack.environment, clouds.environment);
    const source = { image: "registry.example/kairos/backend", tag: "1" };
    await stack.configure({
      // The tier that its provider does not wait 30 seconds for.
      mongodb: {
        ...mongodb,
        project: { name: "kairos-test", organization },
        name: "kairos-test",
        tier: "FLEX",
        mayBeDestroyed: "kairos-test",
      },
      postgres: { enabled: true, plan: "free", mayBeDestroyed: "kairos-postgres" },
      redis: { provider: "upstash", mayBeDestroyed: "kairos-redis" },
      backend: [{ name: "kairos-backend", type: "web", plan: "starter", source, healthCheck: "/health" }],
    });
    const password = canary();
    await stack.setSecret("kairos:backend[0].secrets.TOKEN", canary());
    await stack.setSecret(
      "kairos:backend[0].secrets.OTHER_URL",
      `amqps://u:${encodeURIComponent(password)}@host`,
    );
    created = await debugging("up", "--yes", "--skip-preview");
    const { stdout } = await stack.pulumi("stack", "output", "--json", "--show-secrets", "--stack", "test");
    const { MONGODB_URL, POSTGRES_PASSWORD, REDIS_URL } = JSON.parse(stdout).environment;
    const passwords = [MONGODB_URL, REDIS_URL].map((url) => decodeURIComponent(new URL(url).password));
    secrets = [...stack.secrets, password, MONGODB_URL, POSTGRES_PASSWORD, REDIS_URL, ...passwords];
  });
  afterAll(async () => {
    await stack?.remove();
    await clouds?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const debugging = (...operation: string[]) =>
    stack.pulumi(...operation, "--diff", "--debug", "--stack", "test");

  it("the up itself shows none", () => {
    expect({ exitCode: created.exitCode, leaks: leaks(created.all, secrets) }).toEqual({
      exitCode: 0,
      leaks: [],
    });
  });

  it.each(operations)("%s shows none", async (...operation) => {
    const { all, exitCode } = await debugging(...operation);
    expect(all).toContain("debug: Invoke RPC finished: tok=pulumi:pulumi:readStackResourceOutputs");
    expect(all).toContain("debug: RegisterResource RPC finished: resource:kairos-backend");
    expect(leaks(all, secrets)).toEqual([]);
    expect(exitCode).toBe(0);
  });
});

describe.skipIf(engine === undefined)("a secret that was computed, in each encoding", () => {
  const secret = canary();
  let stack: TestStack;

  beforeAll(async () => {
    if (engine === undefined) return;
    stack = await TestStack.create(engine, {});
    await stack.pulumi("config", "set", "--secret", "test:secret", secret);
    // Begun as the whole program begins. What the engine filters by itself is the setting, as it is written.
    await stack.program(`
      import * as pulumi from "@pulumi/pulumi";
      import { keepValuesOutOfDebugLog } from "${root}/infra/debug-log.ts";
      import { existingResources } from "${root}/infra/state.ts";
      keepValuesOutOfDebugLog();
      await existingResources();
      const encodings = (secret) => [
        encodeURIComponent(secret),
        JSON.stringify(JSON.stringify({ secret })),
        ...["base64", "base64url", "hex"].map((encoding) => Buffer.from("u:" + secret).toString(encoding)),
      ];
      new pulumi.Stash("encodings", { input: new pulumi.Config("test").requireSecret("secret").apply(encodings) });
    `);
  });
  afterAll(() => stack?.remove());

  // The second up has a state to ask about.
  it.each([["up", "--yes"], ...operations])("%s --debug shows none", async (...operation) => {
    const { all, exitCode } = await stack.pulumi(...operation, "--debug", "--diff");
    expect(all).toContain("debug: RegisterResource RPC finished: resource:encodings");
    expect(leaks(all, [secret])).toEqual([]);
    expect(exitCode).toBe(0);
  });
});
