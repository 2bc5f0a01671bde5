import { expect, it } from "vitest";
import type { Metadata } from "../../engine/cli/events.ts";
import { plannedStep } from "./differences.ts";

const type = "render:index/webService:WebService";
const hidden = { MONGODB_URL: { value: "[secret]" }, LOG_LEVEL: { value: "[secret]" } };
// What the bridge names besides what changed: everything that it computes.
const computed = ["envVars", "slug", "runtimeSource", "numInstances"];
const step = (before: object, after: object, diffs = computed) =>
  plannedStep({
    op: "update",
    urn: "urn:pulumi:test::kairos::x::kairos-backend",
    type,
    diffs,
    // As the engine writes it where there is none.
    detailedDiff: null,
    old: { inputs: { plan: "starter", ...before } },
    new: { inputs: { plan: "starter", ...after } },
  } as unknown as Metadata);

it.each([
  ["secrets that may differ", { envVars: hidden }, { envVars: hidden }, ["envVars"]],
  ["a setting beside them", { envVars: hidden }, { envVars: hidden, plan: "standard" }, ["plan", "envVars"]],
  [
    "variables in clear",
    { envVars: { LOG_LEVEL: { value: "info" } } },
    { envVars: { LOG_LEVEL: { value: "warn" }, MORE: { value: "1" } } },
    ["envVars", "envVars.LOG_LEVEL", "envVars.MORE"],
  ],
])("names what differs: %s", (_, before, after, diff) => {
  expect(step(before, after)).toEqual({ op: "update", name: "kairos-backend", type, diff });
});

it("gives the engine's own reasons when the inputs show nothing", () => {
  expect(step({}, {}, ["slug"]).diff).toEqual(["slug"]);
});
