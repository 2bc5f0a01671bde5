import { describe, expect, test } from "vitest";
import type { Members } from "../../sdks/shapes.ts";
import { departures, ofResource, type ResourceSchema, secretsOf } from "./schema.ts";

/** A part of `rediscloud_essentials_database`, with a module's name as one or the other bridge has it. */
const schema = (module: object) => ({
  types: {
    "rediscloud:index/EssentialsDatabaseModule:EssentialsDatabaseModule": {
      properties: { name: { type: "string" as const } },
      ...module,
    },
  },
});
const resource: ResourceSchema = {
  inputProperties: {
    modules: {
      type: "array",
      items: { $ref: "#/types/rediscloud:index/EssentialsDatabaseModule:EssentialsDatabaseModule" },
    },
    name: { type: "string" },
    password: { type: "string", secret: true },
    subscriptionId: { type: "integer" },
    tags: { type: "object", additionalProperties: { type: "string" } },
  },
  requiredInputs: ["subscriptionId"],
  properties: {
    modules: {
      type: "array",
      items: { $ref: "#/types/rediscloud:index/EssentialsDatabaseModule:EssentialsDatabaseModule" },
    },
    publicEndpoint: { type: "string" },
    dbId: { type: "integer" },
    region: { type: "string", secret: true },
  },
  required: ["publicEndpoint", "modules"],
};
const bridges = [
  ["1.1.3, where a module's name is required", schema({ required: ["name"] })],
  ["a newer one, where it is optional", schema({})],
] as const;
const [[, released]] = bridges;

const modules = (name: Members[string]) => ({ list: { object: { name } } }) as const;
const told = (real: ReturnType<typeof schema>, inputs: Members, outputs: Members = {}) =>
  departures(real, { type: "", inputs, outputs }, ofResource(resource));

describe.each(bridges)("beside the schema of bridge %s", (_, real) => {
  test("an SDK that asks for the nested name and does not count on it back fits", () => {
    const inputs = { subscriptionId: "number", modules: { optional: modules("string") } } as const;
    expect(told(real, inputs, { modules: modules({ optional: "string" }) })).toEqual([]);
  });

  test("an SDK without what it does not need fits", () => {
    expect(told(real, { subscriptionId: "number" }, { publicEndpoint: "string" })).toEqual([]);
  });
});

test("what fits one of the two bridges alone is told beside the other", () => {
  const loose = { subscriptionId: "number", modules: { optional: modules({ optional: "string" }) } } as const;
  const sure = { modules: modules("string") };
  const newer = bridges[1][1];
  expect(told(released, loose)).toEqual(["inputs.modules[].name: optional here, required by the provider"]);
  expect(told(newer, loose)).toEqual([]);
  expect(told(released, { subscriptionId: "number" }, sure)).toEqual([]);
  expect(told(newer, { subscriptionId: "number" }, sure)).toEqual([
    "outputs.modules[].name: always there here, the provider may leave it out",
  ]);
});

test.each<[string, Members, Members]>([
  ["inputs.subscriptionId: required by the provider, missing here", {}, {}],
  [
    "inputs.subscriptionId: optional here, required by the provider",
    { subscriptionId: { optional: "number" } },
    {},
  ],
  ["inputs.name: required here alone", { subscriptionId: "number", name: "string" }, {}],
  ["inputs.colour: the provider has none", { subscriptionId: "number", colour: { optional: "string" } }, {}],
  ["inputs.subscriptionId: string here, number by the provider", { subscriptionId: "string" }, {}],
  [
    "inputs.tags{}: boolean here, string by the provider",
    { subscriptionId: "number", tags: { optional: { map: "boolean" } } },
    {},
  ],
  [
    "inputs.tags: list here, map by the provider",
    { subscriptionId: "number", tags: { optional: { list: "string" } } },
    {},
  ],
  [
    "inputs.modules[]: string here, object by the provider",
    { subscriptionId: "number", modules: { optional: { list: "string" } } },
    {},
  ],
  ["outputs.endpoint: the provider has none", { subscriptionId: "number" }, { endpoint: "string" }],
  [
    "outputs.dbId: always there here, the provider may leave it out",
    { subscriptionId: "number" },
    { dbId: "number" },
  ],
])("%s", (line, inputs, outputs) => {
  expect(told(released, inputs, outputs)).toEqual([line]);
});

test("a nested member that the provider requires must be there to be given", () => {
  const inputs = { subscriptionId: "number", modules: { optional: { list: { object: {} } } } } as const;
  expect(told(released, inputs)).toEqual(["inputs.modules[].name: required by the provider, missing here"]);
});

test("a type that goes both ways may be known better on the way back", () => {
  const known = schema({ language: { nodejs: { requiredOutputs: ["name"] } } });
  expect(told(known, { subscriptionId: "number" }, { modules: modules("string") })).toEqual([]);
});

test("secrets are those of arguments and of outputs", () => {
  expect(secretsOf(resource)).toEqual(["password", "region"]);
});
