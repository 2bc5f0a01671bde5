/** Which provider plugins the engine needs for this program, and which of them are there, whole. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pulumiHome } from "./find.ts";

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

/**
 * What the SDKs' own `package.json` say they were made for.
 *
 * @param root the folder whose `node_modules` hold them
 */
export async function neededPlugins(root: string, packages: readonly ProviderPackage[]): Promise<Plugin[]> {
  return Promise.all(packages.map((name) => pluginOf(path.join(root, "node_modules", name))));
}

/** In one word each, for people: `upstash 0.5.0`, `render 1.9.1 (through terraform-provider 1.1.3)`. */
export const pluginName = ({ name, version, bridged }: Plugin) =>
  bridged === undefined
    ? `${name} ${version}`
    : `${bridged.name} ${bridged.version} (through ${name} ${version})`;

/** Those that are not installed: a folder without its program, as a download that broke off leaves it, is none. */
export async function lackingPlugins(
  plugins: readonly Plugin[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Plugin[]> {
  const home = pulumiHome(environment);
  const there = await Promise.all(
    plugins.map(async ({ name, version, bridged }) => {
      const folder = path.join(home, "plugins", `resource-${name}-v${version}`);
      if (!(await holds(folder, `pulumi-resource-${name}`))) return false;
      if (bridged === undefined) return true;
      // The bridge keeps providers by their address in lower case, and below that by operating system and processor.
      const provider = path.join(home, "dynamic_tf_plugins", bridged.address.toLowerCase(), bridged.version);
      const systems = await readdir(provider).catch(() => []);
      const programs = systems.map((system) =>
        holds(path.join(provider, system), `terraform-provider-${bridged.name}`),
      );
      return (await Promise.all(programs)).includes(true);
    }),
  );
  return plugins.filter((_, index) => !there[index]);
}

/** Whether a folder has a file whose name begins so. */
async function holds(folder: string, program: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.some((entry) => !entry.isDirectory() && entry.name.startsWith(program));
}

async function pluginOf(folder: string): Promise<Plugin> {
  const { version, pulumi } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8")) as {
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
