/** A copy of this checkout in a temporary folder, as a git repository of its own, for tests that change files. */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { root } from "../ops/bundle.mjs";

/** What a command printed. */
export interface Run {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export class Checkout {
  private constructor(readonly folder: string) {}

  /** Copies what git would see of this checkout, commits it, and links the installed packages. */
  static async create(): Promise<Checkout> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-checkout-"));
    const checkout = new Checkout(folder);
    for (const entry of [
      "infra",
      "engine",
      "vendors",
      "ops",
      "sandbox",
      "sdks",
      "package.json",
      "package-lock.json",
      "Pulumi.yaml",
      "Pulumi.prod.yaml",
    ])
      await cp(path.join(root, entry), path.join(folder, entry), {
        recursive: true,
        filter: (source) => !source.endsWith(".test.ts"),
      });
    await symlink(path.join(root, "node_modules"), path.join(folder, "node_modules"));
    await writeFile(path.join(folder, ".gitignore"), "node_modules\n");
    await checkout.git("init", "--quiet", "--initial-branch", "main");
    await checkout.commit("The checkout");
    return checkout;
  }

  /** A clone of the last commit alone, as CI makes them; its own folder, to be removed. */
  async shallowClone(): Promise<Checkout> {
    const clone = new Checkout(await mkdtemp(path.join(os.tmpdir(), "kairos-clone-")));
    await this.git("clone", "--quiet", "--depth", "1", `file://${this.folder}`, clone.folder);
    await symlink(path.join(root, "node_modules"), path.join(clone.folder, "node_modules"));
    return clone;
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git(
      "-c",
      "user.name=Test",
      "-c",
      "user.email=test@example.com",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      message,
    );
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.folder })).stdout;
  }

  /** Replaces a text in a file; the text has to be there. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const whole = path.join(this.folder, file);
    const text = await readFile(whole, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not contain ${from}`);
    await writeFile(whole, text.replace(from, to));
  }

  async restore(): Promise<void> {
    await this.git("checkout", "--quiet", "--", ".");
  }

  /** Runs one of the checkout's commands; never throws. */
  async kairos(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [path.join(this.folder, "ops", "kairos.mjs"), ...args],
      { cwd: os.tmpdir(), env: { ...env, NO_COLOR: "1" }, reject: false, stripFinalNewline: false },
    );
    return { exitCode: exitCode ?? 1, stdout, stderr };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
