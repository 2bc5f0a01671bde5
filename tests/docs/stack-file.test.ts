/** A stack file in an editor: what the YAML language server, which most editors run, makes of the schema in its first line. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { root } from "../../ops/bundle.mjs";
import { LanguageServer } from "../helpers/language-server.ts";
import { fixtures } from "../upgrade/fixture.ts";
import { languages } from "./languages.ts";
import { parse as markdown } from "./markdown.ts";

const firstLine = "# yaml-language-server: $schema=docs/reference/stack-file.schema.json\n";
const stackFiles = readdirSync(root).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
const textOf = (file: string) => readFileSync(path.join(root, file), "utf8");

let editor: LanguageServer;
beforeAll(async () => {
  editor = await LanguageServer.start();
});
afterAll(() => editor.stop());

type Config = Record<string, unknown>;
const file = path.join(root, "Pulumi.some.yaml");
const redLines = (content: object) => editor.redLines(file, `${firstLine}${stringify(content)}`);
const staging = () => (parse(textOf("Pulumi.staging.yaml")) as { config: Config }).config;

/** The setting at a path of a stack file, encrypted as Pulumi does it. */
function encrypt(config: Config, name: string): void {
  const keys = name.replaceAll("]", "").split(/[.[]/);
  const last = keys.pop() ?? "";
  let place = config;
  for (const key of keys) {
    place[key] ??= {};
    place = place[key] as Config;
  }
  place[last] = { secure: "v1:bm9ib2R5:c2F5cw==" };
}

describe("no red line", () => {
  it.each(stackFiles)("is in %s, which names its schema", async (name) => {
    expect(textOf(name).startsWith(firstLine)).toBe(true);
    expect(await editor.redLines(path.join(root, name), textOf(name))).toEqual([]);
  });

  it.each(fixtures)("is in the settings of %s", async (_, { settings, secretSettings }) => {
    const config: Config = Object.fromEntries(
      Object.entries(settings).map(([key, value]) => [`kairos:${key}`, structuredClone(value)]),
    );
    for (const name of Object.keys(secretSettings)) encrypt(config, `kairos:${name.replace("kairos:", "")}`);
    expect(await redLines({ config })).toEqual([]);
  });

  const examples = languages.flatMap((language) =>
    readdirSync(path.join(root, "docs", language)).flatMap((page) =>
      markdown(textOf(path.join("docs", language, page)))
        .blocks.filter((block) => block.startsWith("```yaml\nkairos:"))
        .map((block) => [`${language}/${page}`, block.replaceAll(/^```.*$/gm, "")] as const),
    ),
  );
  it.each(examples)("is in an example of %s", async (_, example) => {
    expect(await redLines({ config: { ...staging(), ...parse(example) } })).toEqual([]);
  });
  it("is looked for in some examples", () => expect(examples.length).toBeGreaterThan(5));

  it("is in what Pulumi adds, in accounts' keys, and in settings of other namespaces", async () => {
    const config = { ...staging(), "mongodbatlas:publicKey": "public", "pulumi:tags": { owner: "anna" } };
    for (const key of ["mongodbatlas:privateKey", "render:ownerId", "render:apiKey"]) encrypt(config, key);
    encrypt(config, "kairos:backend[0].secrets.SENTRY_DSN");
    const ofPulumi = {
      secretsprovider: "awskms://alias/kairos",
      encryptedkey: "a2V5",
      encryptionsalt: "v1:salt",
    };
    expect(await redLines({ ...ofPulumi, config })).toEqual([]);
  });

  it("is in settings of a database that is off for now", async () => {
    const off = {
      "kairos:postgres": { enabled: false, name: "kairos-postgres", plan: "basic_1gb" },
      "kairos:redis": { provider: "none", name: "kairos-redis", eviction: true, plan: "starter" },
    };
    expect(await redLines({ config: { ...staging(), ...off } })).toEqual([]);
  });
});

describe("a red line", () => {
  // biome-ignore lint/suspicious/noExplicitAny: the point of these settings is that their shape is wrong
  type Edit = (config: any) => unknown;
  const cases: [what: string, edit: Edit, at: string, message: RegExp][] = [
    ["a section", (c) => (c["kairos:mongo"] = {}), "kairos:mongo:", /kairos:mongo is not allowed/],
    ["a key without namespace", (c) => (c.region = "oregon"), "  region:", /region is not allowed/],
    ["a key", (c) => (c["kairos:mongodb"].teir = "M10"), "teir:", /teir is not allowed/],
    ["a region", (c) => (c["kairos:region"] = "oregn"), "oregn", /Valid values: "frankfurt", .*"oregon"/],
    ["a tier", (c) => (c["kairos:mongodb"].tier = "M15"), "M15", /Valid values: "M0", "FLEX"/],
    ["a number", (c) => (c["kairos:postgres"].version = 18), "version:", /Valid values: .*"18"/],
    [
      "a duration",
      (c) => (c["kairos:mongodb"].driver = { timeout: 5000 }),
      "timeout:",
      /^Expected a duration with its unit, .* such as 500ms, 5s or 2m\.$/,
    ],
    [
      "a block without its size",
      (c) => (c["kairos:mongodb"].accessList = [{ cidr: "203.0.113.7", comment: "" }]),
      "cidr:",
      /^Expected a CIDR block such as 203\.0\.113\.7\/32\.$/,
    ],
    [
      "an id",
      (c) => (c["kairos:mongodb"].project = { id: "project-1" }),
      "project-1",
      /^Expected an Atlas project id/,
    ],
    [
      "a provider",
      (c) => (c["kairos:redis"].provider = "upstsh"),
      "upstsh",
      /Valid values: "none", "upstash",/,
    ],
    [
      "a key of another provider",
      (c) => (c["kairos:redis"] = { provider: "upstash", maxmemoryPolicy: "noeviction" }),
      "maxmemoryPolicy:",
      /maxmemoryPolicy is not allowed/,
    ],
    [
      "an answer to yes or no",
      (c) => (c["kairos:postgres"].enabled = "maybe"),
      "maybe",
      /Valid values: false, true/,
    ],
    ["a key of a service", (c) => (c["kairos:backend"][0].healthcheck = "/"), "healthcheck:", /not allowed/],
    ["a kind of service", (c) => (c["kairos:backend"][0].type = "wev"), "wev", /Valid values: "web"/],
    [
      "a key of a linked service",
      (c) => (c["kairos:backend"] = [{ name: "a", link: `srv-${"0".repeat(20)}`, plan: "free" }]),
      "plan:",
      /plan is not allowed/,
    ],
    ["a service", (c) => (c["kairos:backend"] = [{ name: "a" }]), "name: a", /Missing property/],
    [
      "a secret in clear",
      (c) => (c["kairos:backend"][0].secrets = { SENTRY_DSN: "opaque" }),
      "SENTRY_DSN:",
      /^Expected an encrypted value/,
    ],
    [
      "a key in clear",
      (c) => (c["render:apiKey"] = "opaque"),
      "render:apiKey:",
      /^Expected an encrypted value/,
    ],
    [
      "a policy",
      (c) => (c["kairos:policies"] = { exceptions: [{ policy: "data-protectd", resource: "r" }] }),
      "data-protectd",
      /"data-protected"/,
    ],
    ["no services", (c) => delete c["kairos:backend"], "config:", /Missing property "kairos:backend"/],
  ];

  it.each(cases)("is under %s that is wrong", async (_, edit, at, message) => {
    const config = staging();
    edit(config);
    const lines = `${firstLine}${stringify({ config })}`.split("\n");
    const found = await redLines({ config });
    const line = lines.findIndex((text) => text.includes(at)) + 1;
    expect(found).toContainEqual({ line, message: expect.stringMatching(message) });
  });

  it("is under a key at the top that Pulumi does not have", async () => {
    expect(await redLines({ config: staging(), confg: {} })).toEqual([
      { line: expect.any(Number), message: expect.stringContaining("confg is not allowed") },
    ]);
  });
});

it("says what every form is, in words and as a pattern that any editor reads", () => {
  const schema = textOf("docs/reference/stack-file.schema.json");
  expect(schema).not.toMatch(/undefined|Invalid input/);
  const patterns = [...schema.matchAll(/"pattern": (".*")/g)].map(
    ([, text = ""]) => JSON.parse(text) as string,
  );
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of patterns) expect(() => new RegExp(pattern, "u"), pattern).not.toThrow();
});

describe("an editor", () => {
  const at = (text: string) => `${firstLine}config:\n${text}`;

  it("offers keys, with what the settings' comments say of them", async () => {
    const offered = await editor.completions(file, at("  kairos:mongodb:\n    |"));
    expect([...offered.keys()]).toEqual(expect.arrayContaining(["project", "tier", "accessList", "driver"]));
    expect(offered.get("accessList")).toContain("Atlas refuses everyone else before any password is read.");
    const sections = await editor.completions(file, at("  |"));
    expect([...sections.keys()]).toEqual(expect.arrayContaining(["kairos:redis", "render:apiKey"]));
  });

  it("offers the words of a vendor, and the keys of the provider that was chosen", async () => {
    const redis = (text: string) => editor.completions(file, at(`  kairos:redis:\n    ${text}`));
    expect([...(await redis("provider: |")).keys()]).toEqual(
      expect.arrayContaining(["none", "upstash", "render", "redis-cloud", "external"]),
    );
    const offered = [...(await redis("provider: render\n    |")).keys()];
    expect(offered).toContain("maxmemoryPolicy");
    expect(offered).not.toContain("readRegions");
    expect([...(await redis("provider: render\n    maxmemoryPolicy: |")).keys()]).toContain("noeviction");
  });

  it("offers what a service that exists takes, and what a new one does", async () => {
    const offered = await editor.completions(file, at("  kairos:backend:\n    - |"));
    expect([...offered.keys()]).toEqual(expect.arrayContaining(["link", "source"]));
  });

  it("says at a setting what it is", async () => {
    const said = await editor.hover(
      file,
      at("  kairos:redis:\n    provider: upstash\n    evi|ction: true\n"),
    );
    expect(said).toContain("Forget old keys when full");
  });
});
