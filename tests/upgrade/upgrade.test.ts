/**
 * Who has a stack of an earlier release takes this one without a change: each fixture is a stack as a release left it,
 * and the present program wants nothing of it. Types, names, parents and protection are compared without an engine;
 * the engine says that each of their properties is the same.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import kairos from "../../infra/index.ts";
import { types } from "../../infra/resources.ts";
import { type Answers, run } from "../../infra/testing.ts";
import { root } from "../../ops/bundle.mjs";
import { plans } from "../../sandbox/clouds/redis-cloud/plans.ts";
import { EngineStack, type Handler, previewAnswers } from "../engine/harness.ts";
import { type Fixture, filled, importable, refuseLeftovers, type StateResource } from "./fixture.ts";
import { wholeEngine } from "./kinds.ts";

const found = await wholeEngine();
if ("reason" in found) console.log(`skipped: upgrades with the real engine (${found.reason})`);

const folder = path.join(import.meta.dirname, "fixtures");
const fixtures = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".json"))
  .sort()
  .map((file): [string, Fixture] => [file, JSON.parse(readFileSync(path.join(folder, file), "utf8"))]);

describe.each(fixtures)("the stack of %s", (_, fixture) => {
  beforeEach(() => {
    for (const name of credentials) vi.stubEnv(name, randomBytes(12).toString("hex"));
  });
  afterEach(() => vi.unstubAllEnvs());

  it("has the resources that this program declares: the same types, names, parents and protection", async () => {
    const { settings, secretSettings, resources } = filled(fixture, (value) => value);
    const config = stackFile(settings, secretSettings);
    const secretKeys = Object.keys(secretSettings).map((name) => /^[^.[]+/.exec(name)?.[0] ?? "");
    const { result, recorder } = await run(() => {
      pulumi.runtime.setAllConfig(config, secretKeys);
      return kairos();
    }, answersOf(resources));
    const declared = recorder.registrations.map(({ urn, parent, protect }) => [
      place(urn),
      place(parent),
      protect,
    ]);
    const [stack, ...others] = resources.filter(isDeclared);
    const recorded = others.map(({ urn, parent = "", protect = false }) => [
      place(urn),
      parent === stack?.urn ? "" : place(parent),
      protect,
    ]);
    expect(declared.sort()).toEqual(recorded.sort());
    expect(Object.keys(result).sort()).toEqual(Object.keys(stack?.outputs ?? {}).sort());
  });

  it("holds no credential", () => {
    expect(() => refuseLeftovers(fixture)).not.toThrow();
  });

  it.skipIf("reason" in found)(
    "previews without create, update, replacement, deletion or import",
    async () => {
      if ("reason" in found) return;
      const stack = await EngineStack.create(found.engine, undefined, vendors);
      try {
        const { settings, secretSettings, resources } = filled(fixture, importable);
        await stack.configure(settings);
        for (const [name, value] of Object.entries(secretSettings)) await stack.setSecret(name, value);
        const imported = await stack.importState(resources);
        expect(imported.exitCode, imported.all).toBe(0);
        const { steps, changeSummary, messages } = await preview(stack);
        expect(steps.filter(({ op }) => op !== "same").map(changeText)).toEqual([]);
        expect(messages).toEqual([]);
        expect(changeSummary).toEqual({ same: resources.filter(isDeclared).length });
      } finally {
        await stack.remove();
      }
    },
  );
});

describe("the fixtures", () => {
  it("stand where their release and kind say, and this release has its own", () => {
    for (const [file, { release, kind }] of fixtures) expect(file).toBe(path.join(release, `${kind}.json`));
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
    expect(fixtures.map(([, { release }]) => release)).toContain(version);
  });

  it("have every kind of resource, and every redis", () => {
    const recorded = new Set(fixtures.flatMap(([, { resources }]) => resources.map(({ type }) => type)));
    expect(Object.values(types).filter((type) => !recorded.has(type))).toEqual([]);
    const providers = fixtures.map(([, { settings }]) => (settings.redis as { provider: string }).provider);
    expect([...new Set(providers)].sort()).toEqual(["external", "none", "redis-cloud", "render", "upstash"]);
  });
});

/** What the engine would do; steps that change nothing are mostly left out. */
interface Preview {
  steps: Step[];
  /** How many resources, by what is done to them. */
  changeSummary: Record<string, number>;
  /** Warnings and errors; all that was printed when it was no preview. */
  messages: string[];
}

interface Step {
  op: string;
  urn: string;
  diffReasons?: string[];
  replaceReasons?: string[];
}

async function preview(stack: EngineStack): Promise<Preview> {
  const { stdout, all, exitCode } = await stack.pulumi("preview", "--json", "--stack", "test");
  if (!stdout.startsWith("{")) return { steps: [], changeSummary: {}, messages: [all] };
  const { diagnostics = [], ...printed } = JSON.parse(stdout) as Preview & {
    diagnostics?: { message: string }[];
  };
  const messages = diagnostics.map(({ message }) => message);
  return { ...printed, messages: exitCode === 0 ? messages : [`exit code ${exitCode}`, ...messages] };
}

/** The engine adds the providers by itself. */
const isDeclared = ({ type }: StateResource) => !type.startsWith("pulumi:providers:");

/** What the engine would do, with the names of the properties that are not the same. */
function changeText({ op, urn, diffReasons = [], replaceReasons = [] }: Step): string {
  return `${op} ${place(urn)} ${[...diffReasons, ...replaceReasons].join(", ")}`.trim();
}

/** A URN from the types on: the types of a resource and of what it is in, and its name. */
const place = (urn: string) => urn.split("::").slice(2).join("::");

const credentials = [
  "MONGODB_ATLAS_PUBLIC_API_KEY",
  "MONGODB_ATLAS_PRIVATE_API_KEY",
  "RENDER_API_KEY",
  "RENDER_OWNER_ID",
  "UPSTASH_EMAIL",
  "UPSTASH_API_KEY",
  "REDISCLOUD_ACCESS_KEY",
  "REDISCLOUD_SECRET_KEY",
];

/** Redis Cloud's plans have the numbers here that they had when the stack was made. */
const vendors: Handler = (method, pathname, body) =>
  pathname === "/redis-cloud/fixed/plans"
    ? { status: 200, body: { plans } }
    : previewAnswers(method, pathname, body);

/** A stack file as Pulumi hands it over: every value as text, secrets in their places. */
function stackFile(settings: Fixture["settings"], secretSettings: Fixture["secretSettings"]) {
  const sections = structuredClone(settings);
  for (const [name, value] of Object.entries(secretSettings)) {
    const keys = name.slice("kairos:".length).split(/[.[\]]+/);
    const last = keys.pop() ?? "";
    let group = sections;
    for (const key of keys) {
      group[key] ??= {};
      group = group[key] as Record<string, unknown>;
    }
    group[last] = value;
  }
  const texts = Object.entries(sections).map(([key, value]) => [
    `kairos:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return { ...Object.fromEntries(texts), "render:skipDeployAfterServiceUpdate": "true" } as Record<
    string,
    string
  >;
}

/** What the engine knows of earlier runs, and what the vendors gave each type of resource. */
function answersOf(resources: readonly StateResource[]): Answers {
  const state = resources.map(({ urn, type, outputs = {} }) => [urn, { type, outputs }]);
  const outputs = resources.flatMap(({ type, outputs }) =>
    type.startsWith("pulumi:index:") ? [] : [[type, outputs]],
  );
  // Of all that is stashed, the program reads logins only.
  const login = resources.find(({ outputs }) => (outputs?.input as { login?: string } | undefined)?.login);
  return {
    state: Object.fromEntries(state),
    outputs: {
      ...Object.fromEntries(outputs),
      ...(login && { "pulumi:index:Stash": { output: login.outputs?.output } }),
    },
  };
}
