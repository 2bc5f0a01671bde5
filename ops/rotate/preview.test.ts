import { expect, it } from "vitest";
import { plannedStep } from "./preview.ts";

const type = "render:index/webService:WebService";
const hidden = { MONGODB_URL: { value: "[secret]" }, LOG_LEVEL: { value: "[secret]" } };
// What the bridge names besides what changed: everything that it computes.
const computed = ["envVars", "slug", "runtimeSource", "numInstances"];
const step = (before: object, after: object, diffReasons = computed) =>
  plannedStep({
    op: "update",
    urn: "urn:pulumi:test::kairos::x::kairos-backend",
    diffReasons,
    detailedDiff: null,
    oldState: { type, inputs: { plan: "starter", ...before } },
    newState: { type, inputs: { plan: "starter", ...after } },
  });

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
