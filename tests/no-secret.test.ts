/** No secret in anything that plan, preview, errors and debug logging print or write. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canary, leaks, plainCanary } from "./canaries.ts";
import { Checkout } from "./checkout.ts";
import { EngineStack, engineOrReason } from "./engine/harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: canaries through the real engine (${found.reason})`);

/** What of some secrets stands in the files below a folder. */
async function leaksIn(folder: string, secrets: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(0);
  const found: string[] = [];
  // One after another: all together can be more than a text can hold.
  for (const { parentPath, name } of files)
    found.push(...leaks(await readFile(path.join(parentPath, name), "utf8"), secrets));
  return found;
}

describe("the search itself", () => {
  it.each([
    ["plain", (secret: string) => `x${secret}x`],
    ["percent-encoded", (secret: string) => `redis://:${encodeURIComponent(secret)}@host`],
    ["in JSON", (secret: string) => JSON.stringify({ secret })],
    ["in JSON in JSON", (secret: string) => JSON.stringify(JSON.stringify({ secret }))],
    ["in base64", (secret: string) => Buffer.from(`user:${secret}:x`).toString("base64")],
    ["in base64 at another alignment", (secret: string) => Buffer.from(`u:${secret}`).toString("base64url")],
    ["in hexadecimal", (secret: string) => Buffer.from(secret).toString("hex")],
  ])("finds a secret %s", (_, hide) => {
    const secret = canary();
    expect(leaks(hide(secret), [secret])).toEqual(["secret 0"]);
    expect(leaks(hide(canary()), [secret])).toEqual([]);
  });
});

describe("plan", () => {
  let checkout: Checkout;
  beforeAll(async () => {
    checkout = await Checkout.create();
  });
  afterAll(() => checkout.remove());

  // Secrets that stand in clear where they should not, and in the environment, where they may.
  const secrets = [plainCanary(), plainCanary(), plainCanary(), canary(), canary()];
  const [url = "", variable = "", wrong = "", apiKey = "", atlasKey = ""] = secrets;
  const environment = { RENDER_API_KEY: apiKey, MONGODB_ATLAS_PRIVATE_KEY: atlasKey, KAIROS_DEBUG: "1" };

  const outputs = [[], ["--json"], ["--markdown"], ["--against", "HEAD"], ["--against", "HEAD", "--json"]];
  const stacks: [string, string][] = [
    ["good settings", ""],
    [
      "an external URL in clear",
      `  kairos:redis: { provider: external, url: "rediss://u:${url}@redis.example.com" }\n`,
    ],
    [
      "a URL that does not fit",
      `  kairos:redis: { provider: external, url: "redis://u:${url}@redis.example.com" }\n`,
    ],
    ["a URL in the wrong place", `  kairos:redis: { provider: "rediss://u:${wrong}@redis.example.com" }\n`],
    [
      "a password under a key that does not exist",
      `  kairos:redis: { provider: none, password: ${wrong} }\n`,
    ],
    ["a key of an API in clear", `  render:apiKey: ${wrong}\n`],
    [
      "a secret variable in clear",
      `  kairos:backend:\n    - name: b\n      link: <id>\n      secrets: { KEY: ${variable} }\n`,
    ],
  ];

  it.each(stacks)("with %s", async (_, lines) => {
    // Production's settings under another name, with names that would be production's.
    const file = path.join(checkout.folder, "Pulumi.sandbox.yaml");
    const prod = await readFile(path.join(checkout.folder, "Pulumi.prod.yaml"), "utf8");
    const keys = lines.match(/^ {2}\S+(?=:)/gm) ?? [];
    const without = keys.reduce(
      (text, key) => text.replace(new RegExp(`^${key}:.*\n(?: {3,}.*\n|\n)*`, "m"), ""),
      prod,
    );
    await writeFile(file, `${without.trimEnd()}\n${lines}`);
    await checkout.commit("Canaries");
    for (const args of outputs) {
      const { stdout, stderr, exitCode } = await checkout.kairos(
        ["plan", "--stack", "sandbox", ...args],
        environment,
      );
      expect(leaks(stdout + stderr, secrets)).toEqual([]);
      expect(exitCode).toBe(lines === "" ? 0 : 1);
    }
  });

  it("writes none into its cache", async () => {
    const cache = path.join(checkout.folder, "node_modules", ".cache", "kairos");
    expect(await leaksIn(cache, secrets)).toEqual([]);
  });
});

describe.skipIf("reason" in found)("the real engine", () => {
  let stack: EngineStack;
  beforeAll(async () => {
    if ("engine" in found) stack = await EngineStack.create(found.engine);
  });
  afterAll(() => stack?.remove());

  const mongodb = {
    project: { id: "0123456789abcdef01234567" },
    tier: "M10",
    accessList: [{ cidr: "203.0.113.7/32", comment: "Render" }],
  };
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
