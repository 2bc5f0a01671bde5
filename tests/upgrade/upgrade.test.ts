/**
 * Who has a stack of an earlier release takes this one without a change: each fixture is a stack as a release left it,
 * and the present program wants nothing of it. Types, names, parents and protection are compared here, without an
 * engine; the engine says that each of their properties is the same (tests/engine/upgrade.test.ts).
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import kairos from "../../infra/index.ts";
import { types } from "../../infra/resources.ts";
import { root } from "../../ops/bundle.mjs";
import { type Answers, run } from "../helpers/program.ts";
import {
  type Fixture,
  filled,
  fixtures,
  isDeclared,
  place,
  refuseLeftovers,
  type StateResource,
} from "./fixture.ts";

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
    const outputs = Object.keys(stack?.outputs ?? {});
    expect(Object.keys(result).sort()).toEqual([...new Set([...outputs, ...newOutputs])].sort());
  });

  it("holds no credential", () => {
    expect(() => refuseLeftovers(fixture)).not.toThrow();
  });
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

/**
 * Outputs that came after 0.1.0. The first preview of a stack that exists shows them as new, once; they are no resource,
 * and `preview --expect-no-changes` goes through.
 */
const newOutputs = ["readme"];

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
