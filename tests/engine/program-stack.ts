/** For tests with the real engine: a program of a few lines, its stack, and nothing of the user's own. */
import { randomBytes } from "node:crypto";
import { access, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { type Engine, findEngine, installedPlugins } from "../../ops/engine/find.ts";

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), "..", "..");

/**
 * The engine, or why a test that needs it is skipped.
 *
 * @param plugins such as `upstash@0.5.0`
 * @param bridged providers that the Terraform bridge must already have, such as `redislabs/rediscloud/2.11.0`
 */
export async function engineWith(
  plugins: string[],
  bridged: string[] = [],
): Promise<{ engine: Engine } | { reason: string }> {
  const engine = await findEngine();
  if (engine === undefined) return { reason: "no pulumi found" };
  const installed = await installedPlugins();
  const lacking = plugins.filter((plugin) => !installed.includes(plugin));
  const home = process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
  for (const provider of bridged) {
    const folder = path.join(home, "dynamic_tf_plugins", "registry.opentofu.org", provider);
    if (
      !(await access(folder)
        .then(() => true)
        .catch(() => false))
    )
      lacking.push(provider);
  }
  return lacking.length > 0 ? { reason: `pulumi lacks ${lacking.join(", ")}` } : { engine };
}

/** What a run of the CLI ended with. */
export interface Outcome {
  exitCode: number;
  /** Output and errors, as a person would see them. */
  all: string;
}

/** A stack named `test` in a project of its own. */
export class TestStack {
  private constructor(
    private readonly engine: Engine,
    private readonly folder: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** @param environment credentials and addresses; the rest of this process' environment stays out */
  static async create(engine: Engine, environment: Record<string, string>): Promise<TestStack> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-sandbox-engine-"));
    for (const entry of ["node_modules", "sdks"])
      await symlink(path.join(root, entry), path.join(folder, entry));
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module", main: "index.ts" }));
    await writeFile(
      path.join(folder, "Pulumi.yaml"),
      "name: sandbox-test\nruntime: {name: nodejs, options: {typescript: false, nodeargs: --import=tsx}}\n",
    );
    const stack = new TestStack(engine, folder, {
      PATH: process.env.PATH ?? "",
      HOME: os.homedir(),
      ...(process.env.PULUMI_HOME !== undefined && { PULUMI_HOME: process.env.PULUMI_HOME }),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: randomBytes(18).toString("base64url"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...environment,
    });
    const made = await stack.pulumi("stack", "init", "test");
    if (made.exitCode !== 0) throw new Error(made.all);
    return stack;
  }

  /** Replaces the program. */
  async program(text: string): Promise<void> {
    await writeFile(path.join(this.folder, "index.ts"), text);
  }

  /** Runs the CLI; never throws. */
  async pulumi(...args: string[]): Promise<Outcome> {
    const options = ["--non-interactive", "--color", "never"];
    const { all, exitCode } = await execa(this.engine.path, [...args, ...options], {
      cwd: this.folder,
      env: this.environment,
      extendEnv: false,
      all: true,
      reject: false,
      timeout: 280_000,
    });
    return { all, exitCode: exitCode ?? 1 };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
