/** The real engine on a program of a few lines that a test writes. */
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Engine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import { EngineStack, type Outcome } from "./harness.ts";

/** A stack named `test` whose program can be replaced. */
export class TestStack {
  private constructor(
    private readonly stack: EngineStack,
    private readonly folder: string,
  ) {}

  /** @param environment credentials and addresses, over those of {@link EngineStack} */
  static async create(engine: Engine, environment: Record<string, string>): Promise<TestStack> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-program-"));
    for (const entry of ["node_modules", "sdks"])
      await symlink(path.join(root, entry), path.join(folder, entry));
    await writeFile(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
    await writeFile(path.join(folder, "index.ts"), "");
    await writeFile(
      path.join(folder, "Pulumi.yaml"),
      "name: sandbox-test\nruntime: {name: nodejs, options: {typescript: false, nodeargs: --import=tsx}}\n",
    );
    const stack = await EngineStack.create(engine, folder);
    Object.assign(stack.environment, environment);
    return new TestStack(stack, folder);
  }

  /** Replaces the program. */
  async program(text: string): Promise<void> {
    await writeFile(path.join(this.folder, "index.ts"), text);
  }

  /** Runs the CLI; never throws. */
  pulumi(...args: string[]): Promise<Outcome> {
    return this.stack.pulumi(...args, "--stack", "test");
  }

  async remove(): Promise<void> {
    await this.stack.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}
