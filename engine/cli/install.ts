/** Downloads what is missing, when somebody asked for that. What it tells meanwhile goes to stderr. */
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { version as ofSdk } from "@pulumi/pulumi/version.js";
import { execa } from "execa";
import { UserError } from "../errors.ts";
import { complaintIn } from "./causes.ts";
import { type Engine, pulumiHome } from "./find.ts";
import { type Plugin, pluginName } from "./plugins.ts";

/** The version that the SDK belongs to, where Pulumi's own tools keep it. @throws UserError when that fails */
export async function installEngine(): Promise<Engine> {
  const loaded = await import("@pulumi/pulumi/automation/cmd.js");
  // Of what is CommonJS and loaded later the bundle has the default export alone, and tsx has none.
  const { PulumiCommand } = loaded.default ?? loaded;
  process.stderr.write("downloading the Pulumi CLI\n");
  // Not where the SDK would put it unasked: it does not know PULUMI_HOME, and nobody would find it there again.
  const root = path.join(pulumiHome(), "versions", ofSdk);
  const { command, version } = await PulumiCommand.install({ root }).catch(({ message }: Error) => {
    throw failed("the Pulumi CLI", message);
  });
  return { path: command, version: String(version) };
}

/**
 * Plugins from where Pulumi has them, and through the bridge what runs below it.
 *
 * @throws UserError when that fails
 */
export async function installPlugins(engine: Engine, plugins: readonly Plugin[]): Promise<void> {
  for (const plugin of plugins) {
    const { name, version, server, bridged } = plugin;
    const run = async (args: string[], stdout: NodeJS.WriteStream | "ignore") => {
      const outputs = { stdin: "ignore", stdout, stderr: [process.stderr, "pipe"], reject: false } as const;
      const { failed: hasFailed, stderr } = await execa(engine.path, args, outputs);
      if (hasFailed) throw failed(pluginName(plugin), stderr);
    };
    const from = server === undefined ? [] : ["--server", server];
    await run(["plugin", "install", "resource", name, version, ...from], process.stderr);
    if (bridged === undefined) continue;
    // The schema is not wanted: to give it, the bridge downloads the provider.
    const address = bridged.address.split("/").slice(-2).join("/");
    await run(["package", "get-schema", `${name}@${version}`, address, bridged.version], "ignore");
  }
}

const failed = (what: string, why: string) =>
  new UserError(
    `--download: ${what} could not be downloaded: ${complaintIn(stripVTControlCharacters(why)) || "it ended without an error message"}`,
  );
