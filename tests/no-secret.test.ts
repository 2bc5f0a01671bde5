/** No secret in anything that plan, errors and debug logging print or write; tests/engine/ has previews. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canary, leaks, leaksIn, plainCanary } from "./canaries.ts";
import { Checkout } from "./checkout.ts";

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
  const mistaken = [[], ["--against", "HEAD", "--json"]];
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
    ["a password under a key that does not exist", `  kairos:redis: { provider: none, pasword: ${wrong} }\n`],
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
    // Settings with mistakes are refused before it matters in which form a plan is shown.
    for (const args of lines === "" ? outputs : mistaken) {
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
