/**
 * Holds the SDKs written by hand against the schemas that the real providers give the real engine. Nothing
 * leaves the machine: engine, bridge and provider must be installed, or the comparison is skipped.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as rediscloudSdk from "../sdks/rediscloud/index.ts";
import { rediscloud } from "../sdks/rediscloud/package.ts";
import * as renderSdk from "../sdks/render/index.ts";
import { render } from "../sdks/render/package.ts";
import { Declarations } from "../sdks/testing/declarations.ts";
import {
  fromReference,
  fromSchema,
  missing,
  type Schema,
  schemaOf,
  secretsOf,
} from "../sdks/testing/schema.ts";

const state = mkdtempSync(join(tmpdir(), "sdks-schema-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const sdks = [
  { pkg: render, source: "render-oss/render", sdk: renderSdk, functions: [] },
  { pkg: rediscloud, source: "RedisLabs/rediscloud", sdk: rediscloudSdk, functions: ["getEssentialsPlan"] },
];

describe.each(sdks.map((each) => [each.pkg.name, each] as const))(
  "@pulumi/%s",
  (_, { pkg, source, sdk, functions }) => {
    const reason = missing(pkg, source);
    if (reason !== undefined) console.info(`@pulumi/${pkg.name} not compared with its provider: ${reason}`);
    const resources = Object.values(sdk).flatMap((exported) =>
      "spec" in exported && "type" in exported.spec ? [[exported.name, exported.spec] as const] : [],
    );

    describe.skipIf(reason !== undefined)("as the provider describes itself", () => {
      let schema: Schema;
      let declared: Declarations;
      beforeAll(async () => {
        declared = new Declarations(pkg.name);
        schema = await schemaOf(pkg, source, state);
      }, 120_000);

      test("the parameterization", () => {
        const { baseProvider, parameter } = schema.parameterization;
        // The bridge's own version may carry build metadata, which semantic versioning does not compare.
        const base = { ...baseProvider, version: baseProvider.version.split("+")[0] };
        expect({ name: schema.name, version: schema.version, base, parameter }).toEqual({
          name: pkg.name,
          version: pkg.version,
          base: { name: "terraform-provider", version: pkg.bridgeVersion },
          parameter: pkg.parameter,
        });
        const manifest = readFileSync(new URL(`../sdks/${pkg.name}/package.json`, import.meta.url), "utf8");
        expect(JSON.parse(manifest).pulumi.parameterization.value).toBe(parameter);
      });

      test("the provider's configuration", () => {
        const { inputProperties, requiredInputs = [], properties, required = [] } = schema.provider;
        const args = declared.object("ProviderArgs");
        expect(args).toEqual(fromSchema(schema, inputProperties, requiredInputs, "in"));
        expect(args).toEqual(fromSchema(schema, schema.config.variables, requiredInputs, "in"));
        // Only texts come back as outputs, for the rest travels as JSON.
        const texts = Object.entries(properties).filter(([, { type }]) => type === "string");
        expect(declared.outputs("Provider")).toEqual(
          fromSchema(schema, Object.fromEntries(texts), required, "out"),
        );
        expect([...(sdk.Provider.spec.secrets ?? [])].sort()).toEqual(secretsOf(schema.provider));
      });

      test.each(resources)("the resource %s", (name, spec) => {
        const real = schema.resources[spec.type];
        if (real === undefined) throw new Error(`the provider has no ${spec.type}`);
        const { inputProperties, requiredInputs = [], properties, required = [] } = real;
        expect(declared.object(`${name}Args`)).toEqual(
          fromSchema(schema, inputProperties, requiredInputs, "in"),
        );
        expect(declared.object(`${name}State`)).toEqual(fromSchema(schema, properties, [], "in"));
        expect(declared.outputs(name)).toEqual(fromSchema(schema, properties, required, "out"));
        expect([...(spec.secrets ?? [])].sort()).toEqual(secretsOf(real));
      });

      test.each(["in", "out"] as const)("the nested types going %s, by name", (side) => {
        const nested = declared.nested(side);
        expect(nested.size).toBeGreaterThan(0);
        for (const [name, shape] of nested) {
          const real = fromReference(schema, `#/types/${schema.name}:index/${name}:${name}`, side);
          expect({ name, shape }).toEqual({ name, shape: real });
        }
      });

      test.runIf(functions.length > 0).each(functions)("the function %s", (name) => {
        const real = schema.functions[`${schema.name}:index/${name}:${name}`];
        if (real === undefined) throw new Error(`the provider has no function ${name}`);
        const { inputs, outputs } = real;
        const expected = {
          args: fromSchema(schema, inputs.properties, inputs.required ?? [], "in"),
          result: fromSchema(schema, outputs.properties, outputs.required ?? [], "out"),
        };
        expect(declared.call(name)).toEqual(expected);
        expect(declared.call(`${name}Output`)).toEqual(expected);
      });
    });
  },
);
