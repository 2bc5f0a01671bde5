import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { redeploy } from "../../infra/backend/redeploy.ts";
import { keep } from "../../infra/recovery/record.ts";
import { Rotation } from "../../infra/rotation/index.ts";
import { issuedLogin } from "../../infra/rotation/login.ts";
import { resource } from "../../tests/helpers/plan.ts";
import { newPassword, run } from "../../tests/helpers/program.ts";
import { root } from "../bundle.mjs";
import type { Comparison } from "./comparison.ts";
import type { Value } from "./model.ts";
import { counts, deploysService, kindWord } from "./words.ts";

const change = (name: string) => ({ service: "backend", name, before: "1", after: "2" });
const update = {
  action: "update" as const,
  resource: resource("a:b:C", "one"),
  fields: [],
  losesData: false,
  refused: false,
};

describe("counts", () => {
  it.each<[string, Partial<Comparison>]>([
    ["no changes", {}],
    ["1 variable that differs", { variables: [change("A")] }],
    ["2 variables that differ", { variables: [change("A"), change("B")] }],
    ["1 to change", { resources: [update] }],
    ["1 refused, 1 to change", { resources: [update, { ...update, refused: true }] }],
    [
      "1 to DELETE, 1 to change, 1 variable that differs",
      {
        resources: [update, { ...update, action: "delete", losesData: true, refused: true }],
        variables: [change("A")],
      },
    ],
  ])("says %s", (expected, comparison) => {
    expect(counts({ resources: [], variables: [], ...comparison })).toBe(expected);
  });
});

describe("what the program keeps in the state", () => {
  /** All that infra/ makes of this kind, as it makes them. */
  async function stashes() {
    const login = { user: "kairos_2", password: newPassword() };
    const answers = { outputs: { "pulumi:index:Stash": { output: { value: login } } } };
    const { recorder } = await run(() => {
      keep({ "a:b:C one": "2026-11-22T00:00:00Z" }, "2026-11-22T00:00:00Z");
      const rotation = new Rotation("postgres", [], { database: "postgres", step: "switch" });
      rotation.keep();
      issuedLogin({
        database: "postgres",
        rotation,
        number: 2,
        user: "kairos_2",
        issue: async () => login,
        after: [],
        opts: {},
      });
      redeploy(
        "backend-deployed",
        {
          service: "backend",
          serviceId: pulumi.output("srv-1"),
          deployedWith: { A: "1" },
          variables: {},
          deploys: { wait: true, limit: 60_000 },
          what: "live",
          first: true,
        },
        {},
      );
    }, answers);
    return recorder
      .all("Stash")
      .map(({ type, name, inputs }) => resource(type, name, { inputs: inputs as Record<string, Value> }));
  }

  it("is called by what it is kept for, and one kind alone deploys a service", async () => {
    const kept = await stashes();
    expect(Object.fromEntries(kept.map((one) => [one.name, kindWord(one)]))).toEqual({
      creations: "record: what is being created",
      "postgres-credential": "record: which credential is in use",
      "postgres-login-2": "login that the vendor issued",
      "backend-deployed": "deploys the service",
    });
    expect(kept.filter(deploysService).map(({ name }) => name)).toEqual(["backend-deployed"]);
  });

  it("is all that there is: a stash that infra/ gets needs words, too", async () => {
    const files = await readdir(path.join(root, "infra"), { recursive: true });
    const sources = files.filter((file) => /(?<!\.test)\.ts$/.test(file));
    const texts = await Promise.all(sources.map((file) => readFile(path.join(root, "infra", file), "utf8")));
    const made = texts.join().match(/new pulumi\.Stash\(/g)?.length;
    expect(made).toBe((await stashes()).length);
  });

  it("and anything else by its type", () => {
    expect(kindWord(resource("pulumi:index:Stash", "x", { inputs: { input: "text" } }))).toBe(
      "Stash (pulumi)",
    );
    expect(kindWord(resource("pulumi:index:Stash", "x"))).toBe("Stash (pulumi)");
    expect(kindWord(resource("render:index/postgres:Postgres", "x"))).toBe("Postgres (render)");
  });
});
