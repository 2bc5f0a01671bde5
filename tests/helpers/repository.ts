/** A repository of its own that holds this command, for tests that commit secrets into it. */
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import type { ScanReport } from "../../ops/scan/report.ts";

/** Only this command, so that nothing else has to be bundled. */
const main = `
import { Command } from "commander";
import { scanCommand } from "./scan/command.ts";
export async function main(argv: string[]) {
  await new Command("kairos").addCommand(scanCommand()).parseAsync(argv).catch((error: Error) => {
    process.stderr.write(\`error: \${error.message}\\n\`);
    process.exitCode = 1;
  });
}
`;

/** How a command ended, and all that it printed. */
export interface Run {
  exitCode: number;
  all: string;
}

export class TestRepository {
  private constructor(readonly folder: string) {}

  static async create(): Promise<TestRepository> {
    const repository = new TestRepository(await mkdtemp(path.join(os.tmpdir(), "kairos-scan-")));
    const files = ["kairos.mjs", "bundle.mjs", "git.ts", "project.ts", "terminal", "scan"].map((one) =>
      path.join("ops", one),
    );
    const others = ["engine", "vendors", "infra", "package.json"];
    for (const file of [...files, ...others, "package-lock.json"])
      await cp(path.join(root, file), path.join(repository.folder, file), {
        recursive: true,
        filter: (source) => !source.endsWith(".test.ts"),
      });
    await symlink(path.join(root, "node_modules"), path.join(repository.folder, "node_modules"));
    await repository.write("ops/main.ts", main);
    await repository.write(".gitignore", "node_modules\n*.ignored.yaml\n.kairos/\n.state/\n");
    await repository.git("init", "--quiet", "--initial-branch", "main");
    await repository.git("config", "user.name", "Test");
    await repository.git("config", "user.email", "test@example.com");
    await repository.commit("The checkout");
    return repository;
  }

  /** @param file relative to the repository */
  async write(file: string, text: string): Promise<void> {
    const whole = path.join(this.folder, file);
    await mkdir(path.dirname(whole), { recursive: true });
    await writeFile(whole, text);
  }

  async commit(message: string): Promise<Run> {
    await this.git("add", "--all");
    return this.run("git", ["commit", "--quiet", "--allow-empty", "-m", message]);
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.folder, env: ownGit })).stdout;
  }

  /** Removes what is not committed, and the commits after the first. */
  async reset(): Promise<void> {
    const [first = ""] = (await this.git("rev-list", "--max-parents=0", "main")).split("\n");
    await this.git("reset", "--quiet", "--hard", first);
    await this.git("clean", "--quiet", "-xdf", "--exclude=node_modules");
    await this.git("reflog", "expire", "--expire=now", "--all");
    await this.git("gc", "--quiet", "--prune=now");
  }

  /** Runs the command; never throws. */
  async scan(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return this.run(process.execPath, ["ops/kairos.mjs", "secrets:scan", ...args], env);
  }

  /** What was found where, such as `secret-by-name notes.md:3`, and all that was printed. */
  async findings(
    args: readonly string[] = [],
    env: Record<string, string> = {},
  ): Promise<{ found: string[]; report: ScanReport; all: string }> {
    const text = await this.scan(args, env);
    const { all, exitCode } = await this.scan([...args, "--json"], env);
    const report = JSON.parse(all) as ScanReport;
    const bad = report.findings.length + report.unused.length > 0 ? 1 : 0;
    if (exitCode !== bad || text.exitCode !== bad)
      throw new Error(`exit codes ${exitCode}, ${text.exitCode}`);
    return {
      found: report.findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`),
      report,
      all: all + text.all,
    };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  async run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    const { exitCode, all } = await execa(command, args, {
      cwd: this.folder,
      env: { ...ownGit, NO_COLOR: "1", INIT_CWD: this.folder, ...env },
      reject: false,
      all: true,
    });
    return { exitCode: exitCode ?? 1, all };
  }
}

/** Neither the settings of the person who runs the tests, nor the repository of a hook that does. */
const ownGit = {
  GIT_CONFIG_GLOBAL: os.devNull,
  GIT_CONFIG_SYSTEM: os.devNull,
  GIT_DIR: undefined,
  GIT_INDEX_FILE: undefined,
};
