import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { InvalidArgumentError } from "commander";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../bundle.mjs";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { lifetime } from "./command.ts";
import { type Config, derived } from "./derive.ts";
import { draftOf, prepared, write } from "./file.ts";
import { checkName, isShortLived, lifeOf, when } from "./stacks.ts";

describe("a name", () => {
  it.each(["pr-1", "pr-123456", "dev-anna", "dev-anna-2"])("may be %s", (name) => {
    expect(checkName(name)).toBe(name);
    expect(isShortLived(name)).toBe(true);
  });

  it.each([
    ...["prod", "staging", "staging-pr-1", "sandbox", "test", "pr-0", "pr-", "pr-1a", "PR-1", "dev", "dev-"],
    ...["dev-Anna", "dev-a--b", "../pr-1", "pr-1/..", "dev-a-name-too-long", ""],
  ])("may not be %j: what this command is given it takes down", (name) => {
    expect(() => checkName(name)).toThrow(/^env: got ".*"; expected pr-<number> or dev-<name>, at most 16/);
  });

  it("fits into what Atlas tells clusters apart by", () => {
    expect("kairos-".length + "dev-anna-and-bob".length).toBe(23);
    expect(checkName("dev-anna-and-bob")).toBe("dev-anna-and-bob");
  });

  it.each(["sandbox", "test", "prod", "staging"])("%s is never one of the sweep's", (name) => {
    expect(isShortLived(name)).toBe(false);
  });
});

describe("a life", () => {
  const now = new Date("2026-11-22T12:00:00Z");

  it.each([
    ["2026-11-25T14:00:30Z", "alive", "in 3 d 2 h"],
    ["2026-11-22T12:00:20Z", "alive", "in less than a minute"],
    ["2026-11-22T12:00:00Z", "over", "less than a minute ago"],
    ["2026-11-22T10:30:00Z", "over", "1 h 30 min ago"],
    [undefined, "unknown", "nobody said"],
    ["tomorrow", "unknown", "nobody said"],
    ["", "unknown", "nobody said"],
  ])("with the tag %s is %s: %s", (tag, state, words) => {
    const life = lifeOf(tag, now);
    expect(life.state).toBe(state);
    expect(when(life, now)).toBe(words);
  });

  it("is given with its unit", () => {
    expect(["90m", "12h", "3d", "31d"].map(lifetime)).toEqual([
      5_400_000, 43_200_000, 259_200_000, 2_678_400_000,
    ]);
    for (const wrong of ["", "3", "0d", "32d", "1w", "-1d", "1.5h", "3 d"])
      expect(() => lifetime(wrong)).toThrow(InvalidArgumentError);
  });
});

const base = (): Config => ({
  "kairos:region": "frankfurt",
  "kairos:mongodb": {
    project: { organization: "5a4d000000000000000000aa" },
    name: "kairos-staging",
    tier: "M20",
    version: "8.0",
    disk: "20GB",
    autoscale: { from: "M20", to: "M30" },
    user: "kairos",
    password: { secure: "v1:a:b" },
    accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
    driver: { timeout: "3s", maxPoolSize: 100 },
    mayBeDestroyed: "kairos-staging",
  },
  "kairos:postgres": {
    enabled: true,
    name: "x-staging",
    plan: "pro_4gb",
    version: "17",
    disk: "50GB",
    readReplicas: ["r"],
  },
  "kairos:redis": {
    provider: "upstash",
    name: "kairos-redis-staging",
    readRegions: ["us-east-1"],
    budget: 100,
  },
  "kairos:backend": [
    { name: "old", link: "srv-00000000000000000001" },
    {
      name: "kairos-backend-staging",
      type: "web",
      plan: "standard",
      instances: 3,
      source: { repository: "https://git.invalid/kairos/backend" },
      start: "run",
      migration: "alembic upgrade head",
      seed: "python -m seed",
      healthCheck: "/health",
      variables: { LOG: "debug" },
      secrets: { JWT_SECRET: { secure: "v1:c:d" } },
    },
  ],
  "kairos:policies": { sessionsInRedis: true, exceptions: [{ policy: "plan-tier" }] },
  "kairos:import": { postgres: "dpg-x" },
  "kairos:shares": ["backend.link"],
  "render:skipDeployAfterServiceUpdate": "true",
  "render:apiKey": { secure: "v1:e:f" },
  "mongodbatlas:publicKey": "abc",
});

describe("settings made from another stack's", () => {
  const wishes = { name: "pr-1", from: "staging" };

  it("take what the backend is and who may connect; names, tiers, sizes and consents stay behind", () => {
    const { config } = derived(base(), wishes);
    expect(config).toEqual({
      "kairos:region": "frankfurt",
      "kairos:mongodb": {
        project: { organization: "5a4d000000000000000000aa" },
        user: "kairos",
        accessList: [{ cidr: "203.0.113.0/24", comment: "Render" }],
        driver: { timeout: "3s" },
      },
      "kairos:postgres": { enabled: true, version: "17" },
      "kairos:redis": { provider: "upstash" },
      "kairos:backend": [
        {
          name: "kairos-backend-pr-1",
          type: "web",
          source: { repository: "https://git.invalid/kairos/backend" },
          start: "run",
          migration: "alembic upgrade head",
          seed: "python -m seed",
          healthCheck: "/health",
          variables: { LOG: "debug" },
        },
      ],
      "kairos:policies": { sessionsInRedis: true },
      "render:skipDeployAfterServiceUpdate": "true",
    });
  });

  it("hold nothing that is encrypted: Pulumi copies that, which can open it", () => {
    const { config, credentials, secrets, notes } = derived(base(), wishes);
    expect(JSON.stringify(config)).not.toMatch(/secure|v1:/);
    // Ids in clear too: of two accounts a half each would be neither.
    expect(credentials).toEqual(["render:apiKey", "mongodbatlas:publicKey"]);
    // The linked service before it is left out, so the place is another one.
    expect(secrets).toEqual([
      { from: "kairos:backend[1].secrets.JWT_SECRET", to: "kairos:backend[0].secrets.JWT_SECRET" },
    ]);
    expect(notes).toEqual(["without old: a service that staging does not make"]);
  });

  it("take another branch or tag of the backend, where it has one", () => {
    const branch = derived(base(), { ...wishes, branch: "feature" }).config["kairos:backend"];
    expect(branch).toMatchObject([{ source: { branch: "feature" } }]);
    expect(() => derived(base(), { ...wishes, tag: "7" })).toThrow(/^--tag: .* expected --branch$/);
    const image = { name: "b", type: "web", source: { image: "a/b", digest: "sha256:0" } };
    const with_ = (more: object) =>
      derived({ ...base(), "kairos:backend": [image] }, { ...wishes, ...more }).config["kairos:backend"];
    expect(with_({ tag: "7" })).toEqual([
      { name: "b-pr-1", type: "web", source: { image: "a/b", tag: "7" } },
    ]);
    expect(() => with_({ branch: "x" })).toThrow(/^--branch: .* expected --tag$/);
  });

  it("take no Redis that could not be the stack's own", () => {
    for (const redis of [
      { provider: "external", url: { secure: "v1:x:y" } },
      { provider: "redis-cloud", plan: "30MB" },
    ]) {
      const { config, notes } = derived({ ...base(), "kairos:redis": redis }, wishes);
      expect(config["kairos:redis"]).toBeUndefined();
      expect(notes.at(-1)).toMatch(/^no Redis: /);
    }
  });

  it("cannot be made from a stack that uses what others made", () => {
    const shared = { ...base(), "kairos:mongodb": { project: { id: "5a4d000000000000000000ab" } } };
    expect(() => derived(shared, wishes)).toThrow(
      /^--from: staging uses an Atlas project that exists; expected/,
    );
    const linked = { ...base(), "kairos:backend": [{ name: "b", link: "srv-00000000000000000001" }] };
    expect(() => derived(linked, wishes)).toThrow(/^--from: staging makes no service/);
  });
});

describe("a stack file", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-env-"));
    await writeFile(path.join(folder, "Pulumi.yaml"), "name: kairos-infrastructure\nruntime: nodejs\n");
    await writeFile(
      path.join(folder, "Pulumi.staging.yaml"),
      await readFile(path.join(root, "Pulumi.staging.yaml")),
    );
  });
  afterEach(() => rm(folder, { recursive: true }));
  const wishes = { name: "pr-1", from: "staging" };
  const draft = () => draftOf(folder, wishes, false);
  const written = async () => write(folder, wishes, await draft());
  const content = async () =>
    parse(await readFile(path.join(folder, "Pulumi.pr-1.yaml"), "utf8")) as Record<string, unknown>;

  it("keeps the salt that a look at the stack has left, which alone is no settings", async () => {
    await writeFile(path.join(folder, "Pulumi.pr-1.yaml"), "encryptionsalt: v1:salt\n");
    expect((await draft()).isOwn).toBe(false);
    await written();
    expect((await draft()).isOwn).toBe(true);
    expect(await content()).toMatchObject({
      encryptionsalt: "v1:salt",
      config: { "kairos:region": "oregon" },
    });
  });

  it("names in its first line the schema that staging's names, and none where that has none", async () => {
    await written();
    const text = await readFile(path.join(folder, "Pulumi.pr-1.yaml"), "utf8");
    const line = "# yaml-language-server: $schema=docs/reference/stack-file.schema.json\n";
    expect(text.startsWith(`${line}# A short-lived stack`)).toBe(true);
    const base = path.join(folder, "Pulumi.staging.yaml");
    await writeFile(base, (await readFile(base, "utf8")).replace(line, ""));
    await written();
    expect(await readFile(path.join(folder, "Pulumi.pr-1.yaml"), "utf8")).toMatch(/^# A short-lived stack/);
  });

  it("made from staging's gives a plan of small things that may go, and the policies have nothing against it", async () => {
    const plan = await planOf(await program(), (await draft()).file);
    const inputs = Object.fromEntries(plan.resources.map(({ name, inputs }) => [name, inputs]));
    expect(inputs["postgres-database"]).toMatchObject({ plan: "basic_256mb", name: "kairos-postgres-pr-1" });
    expect(inputs["mongodb-project"]).toMatchObject({ name: "kairos-pr-1" });
    expect(JSON.stringify(inputs["mongodb-cluster"])).toContain('"instanceSize":"M0"');
    expect(plan.resources.filter(({ protect }) => protect)).toEqual([]);
    expect(plan.policies?.violations).toEqual([]);
    // Looked at, not written.
    expect((await draft()).isOwn).toBe(false);
  });

  it("is refused before anything is made, with what is missing in it", async () => {
    const base = path.join(folder, "Pulumi.staging.yaml");
    const known = "\n  render:apiKey: { secure: v1:a:b }\n  render:ownerId: tea-1\n";
    await writeFile(base, `${(await readFile(base, "utf8")).trimEnd()}${known}`);
    const refused = await prepared(folder, wishes, false).then(String, ({ message }: Error) => message);
    expect((await draft()).isOwn).toBe(false);
    expect(refused).toMatch(
      /^\d+ problems in Pulumi\.staging\.yaml, which pr-1 is made from; nothing was made:\n/,
    );
    expect(refused).toContain(
      "kairos:mongodb.project.organization: missing (placeholder <atlas-organization-id>)",
    );
    expect(refused).toContain("mongodbatlas:clientId: got nothing");
    expect(refused).not.toContain("render:");
  });
});
