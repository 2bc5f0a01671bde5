import { randomBytes } from "node:crypto";
import { unknownCheckingProxy } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../../tests/helpers/program.ts";
import { policyIds } from "./ids.ts";
import type { Context } from "./model.ts";
import { plain, policiesFor } from "./pack.ts";

// How Pulumi's SDK hands an unknown value to a policy.
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const now = new Date("2026-11-22T00:00:00Z");

describe("the SDK's properties", () => {
  it("become plain data, with what is unknown marked at every depth", () => {
    const properties = unknownCheckingProxy({
      name: "x",
      id: unknownText,
      list: [{ cidrBlock: unknownText, comment: "c" }, 1],
      nothing: null,
    });
    expect(() => properties.id).toThrow();
    expect(plain(properties)).toEqual({
      name: "x",
      id: { $unknown: true },
      list: [{ cidrBlock: { $unknown: true }, comment: "c" }, 1],
      nothing: null,
    });
  });
});

describe("the pack", () => {
  const names = (stack: string) =>
    policiesFor({ stack, settings: settingsOf(), now }).map(({ name, enforcementLevel }) => [
      name,
      enforcementLevel,
    ]);

  it("has every policy of production as mandatory, and four that are only said", () => {
    const advised = ["shared-outbound", "backups-retained"];
    expect(names("prod")).toEqual([
      ...policyIds.map((id) => [id, advised.includes(id) ? "advisory" : "mandatory"]),
      ["not-known-before-up", "advisory"],
      ["unused-exceptions", "advisory"],
    ]);
  });

  it("leaves out what is off in a short-lived stack", () => {
    expect(names("pr-1").map(([name]) => name)).not.toContain("data-backed-up");
  });

  /** What one policy says of a web service with these variables. */
  function said(envVars: Record<string, { value: string }>, settings: Record<string, unknown>): string[] {
    const pack = policiesFor({ stack: "prod", settings: settingsOf(settings), now });
    const policy = pack.find(({ name }) => name === "plain-secret");
    const messages: string[] = [];
    if (policy === undefined || !("validateResource" in policy)) throw new Error("no such policy");
    const validate = policy.validateResource as (args: object, report: (text: string) => void) => void;
    validate(
      { urn: "u", type: "render:index/webService:WebService", name: "web", opts: {}, props: { envVars } },
      (text) => messages.push(text),
    );
    return messages;
  }

  it("holds what the resources cost against the budget, and without prices says nothing", () => {
    const violations = (cost: Pick<Context, "cost">) => {
      const pack = policiesFor({ stack: "pr-1", settings: settingsOf({ budget: 10 }), now, ...cost });
      const policy = pack.find(({ name }) => name === "budget");
      const messages: string[] = [];
      if (policy === undefined || !("validateStack" in policy)) throw new Error("no such policy");
      const validate = policy.validateStack as (args: object, report: (text: string) => void) => void;
      const resource = { urn: "u", type: "t", name: "web", opts: {}, props: { plan: unknownText } };
      validate({ resources: [resource] }, (text) => messages.push(text));
      return messages;
    };
    const cost: Context["cost"] = (resources) => ({ from: 12, unknown: resources.map(({ name }) => name) });
    expect(violations({ cost })).toEqual([
      "stack: costs at least $12.00 a month, and what web costs; kairos:budget is $10.00. Choose smaller plans, or raise kairos:budget.",
    ]);
    expect(violations({})).toEqual([]);
  });

  it("tells secret variables from plain ones by the settings, since the SDK opens them", () => {
    const value = randomBytes(18).toString("base64url");
    const web = { name: "web", type: "web", plan: "starter", source: { image: "ghcr.io/k/b", tag: "1" } };
    const variables = {
      MONGODB_URL: { value: "mongodb+srv://x" },
      API_KEY: { value },
    };
    expect(said(variables, { backend: [{ ...web, secrets: { API_KEY: value } }] })).toEqual([]);
    const [message = "", ...more] = said(variables, { backend: [{ ...web, variables: { API_KEY: value } }] });
    expect(message).toContain("web: API_KEY is plain");
    expect(message).not.toContain(value);
    expect(more).toEqual([]);
  });
});
