/** Which provider plugins the engine needs for this program, and which of them are there. */
import { access, readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import { type Engine, installedPlugins, pulumiHome } from "./find.ts";

/** A plugin; `bridged` is a Terraform provider that runs below it. */
export interface Plugin {
  /** For example `mongodbatlas`. */
  name: string;
  version: string;
  /** Where Pulumi downloads it from, when that is not Pulumi's own place. */
  server?: string;
  bridged?: { name: string; version: string; address: string };
}

/** Packages of this program whose providers are plugins. */
export type ProviderPackage =
  | "@pulumi/mongodbatlas"
  | "@pulumi/random"
  | "@pulumi/render"
  | "@pulumi/rediscloud"
  | "@upstash/pulumi";

/** What the SDKs' own `package.json` say they were made for. */
export async function neededPlugins(packages: readonly ProviderPackage[]): Promise<Plugin[]> {
  return Promise.all(packages.map(pluginOf));
}

/** In one word each, for people: `upstash 0.5.0`, `render 1.9.1 (through terraform-provider 1.1.3)`. */
export const pluginName = ({ name, version, bridged }: Plugin) =>
  bridged === undefined
    ? `${name} ${version}`
    : `${bridged.name} ${bridged.version} (through ${name} ${version})`;

/** Those that are not installed. */
export async function lackingPlugins(
  plugins: readonly Plugin[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Plugin[]> {
  const installed = await installedPlugins(environment);
  const there = await Promise.all(
    plugins.map(async ({ name, version, bridged }) => {
      if (!installed.includes(`${name}@${version}`)) return false;
      if (bridged === undefined) return true;
      // The bridge keeps providers by their address in lower case.
      const folder = path.join("dynamic_tf_plugins", bridged.address.toLowerCase(), bridged.version);
      return access(path.join(pulumiHome(environment), folder)).then(
        () => true,
        () => false,
      );
    }),
  );
  return plugins.filter((_, index) => !there[index]);
}

/** Downloads plugins from where Pulumi has them, and through the bridge what runs below it. */
export async function installPlugins(engine: Engine, plugins: readonly Plugin[]): Promise<void> {
  for (const { name, version, server, bridged } of plugins) {
    const from = server === undefined ? [] : ["--server", server];
    await execa(engine.path, ["plugin", "install", "resource", name, version, ...from], { stdio: "inherit" });
    if (bridged === undefined) continue;
    // The schema is not wanted: to give it, the bridge downloads the provider.
    const address = bridged.address.split("/").slice(-2).join("/");
    const schema = ["package", "get-schema", `${name}@${version}`, address, bridged.version];
    await execa(engine.path, schema, { stdout: "ignore", stderr: "inherit" });
  }
}

async function pluginOf(name: ProviderPackage): Promise<Plugin> {
  const file = path.join(root, "node_modules", name, "package.json");
  const { version, pulumi } = JSON.parse(await readFile(file, "utf8")) as {
    version: string;
    pulumi: Declared;
  };
  const { parameterization, server } = pulumi;
  const plugin = {
    name: pulumi.name,
    version: (pulumi.version ?? version).replace(/^v/, ""),
    ...(server && { server }),
  };
  if (parameterization === undefined) return plugin;
  const { remote } = JSON.parse(Buffer.from(parameterization.value, "base64").toString("utf8")) as {
    remote: { url: string };
  };
  return {
    ...plugin,
    bridged: { name: parameterization.name, version: parameterization.version, address: remote.url },
  };
}

interface Declared {
  name: string;
  /** The package's own version by default. */
  version?: string;
  server?: string;
  parameterization?: { name: string; version: string; value: string };
}
