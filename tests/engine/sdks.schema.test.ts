/**
 * Holds the SDKs written by hand against the schemas that the real providers give the real engine, by every bridge
 * that is installed. Nothing leaves the machine: engine, bridge and provider must be there, or the comparison is
 * skipped.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, pulumiHome } from "../../engine/cli/find.ts";
import fields from "../../infra/facts/fields.json" with { type: "json" };
import { kinds } from "../../infra/resources.ts";
import { credentialKeys } from "../../infra/settings/credentials.ts";
import type { OpenKind } from "../../infra/settings/fields.ts";
import * as rediscloud from "../../sdks/rediscloud/index.ts";
import rediscloudManifest from "../../sdks/rediscloud/package.json" with { type: "json" };
import * as render from "../../sdks/render/index.ts";
import renderManifest from "../../sdks/render/package.json" with { type: "json" };
import { departures, ofResource, type Schema, secretsOf } from "../helpers/schema.ts";
import { engineWith } from "./harness.ts";

const state = mkdtempSync(join(tmpdir(), "sdks-schema-"));
afterAll(() => rmSync(state, { recursive: true, force: true }));

const sdks = [
  { sdk: render, source: "render-oss/render", manifest: renderManifest },
  { sdk: rediscloud, source: "RedisLabs/rediscloud", manifest: rediscloudManifest },
];
const named = `terraform-provider@${renderManifest.pulumi.version}`;
const plugins = existsSync(join(pulumiHome(), "plugins")) ? readdirSync(join(pulumiHome(), "plugins")) : [];
const installed = plugins.flatMap((entry) => {
  const [, version] = /^resource-terraform-provider-v(\d[\d.]*)$/.exec(entry) ?? [];
  return version === undefined ? [] : [`terraform-provider@${version}`];
});
const bridges = [...new Set([named, ...installed])];

for (const { sdk, source, manifest } of sdks) {
  const { name, version, value } = manifest.pulumi.parameterization;
  for (const bridge of bridges) {
    const address = `registry.opentofu.org/${source}`;
    const plugin = { name: "terraform-provider", version: bridge.split("@")[1] ?? "" };
    const found = await engineWith([{ ...plugin, bridged: { name, version, address } }]);
    if ("reason" in found) console.info(`skipped: @pulumi/${name} beside its provider (${found.reason})`);

    describe.skipIf("reason" in found)(`@pulumi/${name} by ${bridge}`, () => {
      let schema: Schema;
      beforeAll(async () => {
        if ("engine" in found) schema = await schemaOf(found.engine, bridge, source, version);
      }, 120_000);

      test("the parameterization", () => {
        const { baseProvider, parameter } = schema.parameterization;
        // The bridge's own version may carry build metadata, which semantic versioning does not compare.
        const base = `${baseProvider.name}@${baseProvider.version.split("+")[0]}`;
        const said = { name: schema.name, version: schema.version, base, parameter };
        expect(said).toEqual({ name, version, base: bridge, parameter: value });
        expect(manifest.pulumi).toMatchObject({ name: "terraform-provider", version: named.split("@")[1] });
      });

      test("the settings of the provider that a stack file may have", () => {
        const own = [...credentialKeys.keys()].filter((key) => key.startsWith(`${name}:`));
        expect(own.length).toBeGreaterThan(0);
        const known = Object.keys(schema.config.variables).map((variable) => `${name}:${variable}`);
        expect(known).toEqual(expect.arrayContaining(own));
      });

      const open = (Object.keys(fields) as OpenKind[]).filter((kind) =>
        kinds[kind].type.startsWith(`${name}:`),
      );
      test.each(open)("the fields that with: knows of %s", (kind) => {
        const { inputProperties = {} } = schema.resources[kinds[kind].type] ?? {};
        expect(Object.keys(fields[kind].fields).sort()).toEqual(Object.keys(inputProperties).sort());
      });

      test.each(Object.entries(sdk))("%s", (_, { spec }) => {
        const resource = schema.resources[spec.type];
        const real = resource === undefined ? schema.functions[spec.type] : ofResource(resource);
        if (real === undefined) throw new Error(`the provider has no ${spec.type}`);
        expect(departures(schema, spec, real)).toEqual([]);
        if (resource !== undefined)
          expect([...(("secrets" in spec && spec.secrets) || [])].sort()).toEqual(secretsOf(resource));
      });
    });
  }
}

/** Asks the engine for the schema. It keeps what state it needs in a folder of the test's and reaches no network. */
async function schemaOf(engine: Engine, bridge: string, source: string, version: string): Promise<Schema> {
  const { stdout } = await execa(engine.path, ["package", "get-schema", bridge, source, version], {
    cwd: state,
    env: {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("hex"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // A proxy where nothing listens, with no exception: whatever tries to leave fails at once.
      HTTP_PROXY: "http://127.0.0.1:1",
      HTTPS_PROXY: "http://127.0.0.1:1",
      NO_PROXY: "",
      no_proxy: "",
    },
  });
  return JSON.parse(stdout);
}
