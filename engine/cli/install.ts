/** Downloads what is missing, when somebody asked for that. */
import { execa } from "execa";
import type { Engine } from "./find.ts";
import type { Plugin } from "./plugins.ts";

/** The version that the SDK belongs to, where Pulumi's own tools keep it. */
export async function installEngine(): Promise<Engine> {
  const loaded = await import("@pulumi/pulumi/automation/cmd.js");
  // Of what is CommonJS and loaded later the bundle has the default export alone, and tsx has none.
  const { PulumiCommand } = loaded.default ?? loaded;
  const { command, version } = await PulumiCommand.install();
  return { path: command, version: String(version) };
}

/** Plugins from where Pulumi has them, and through the bridge what runs below it. */
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
