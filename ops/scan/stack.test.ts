/** A stack of the real engine: its secrets, its state, its outputs, and what is remembered of it. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findEngine } from "../../engine/cli/find.ts";
import { canary, leaks } from "../../tests/canaries.ts";
import { TestRepository } from "../../tests/helpers/repository.ts";

const engine = await findEngine();
if (engine === undefined) console.log("skipped: secrets of a stack (no pulumi on the PATH or in ~/.pulumi)");

const password = () => createHash("sha256").update(randomBytes(16)).digest("hex").slice(0, 32);

describe.skipIf(engine === undefined)("a stack", () => {
  let repository: TestRepository;
  let environment: Record<string, string>;
  const [variable, forgotten, key, nested] = [password(), password(), canary(), password()];
  const secrets = [variable, forgotten, key, nested];

  const pulumi = async (...args: string[]) => {
    const run = await repository.run(engine?.path ?? "", [...args, "--non-interactive"], environment);
    if (run.exitCode !== 0) throw new Error(`pulumi ${args[0]}: exit code ${run.exitCode}`);
  };

  beforeAll(async () => {
    repository = await TestRepository.create();
    await mkdir(path.join(repository.folder, ".state"));
    environment = {
      PULUMI_BACKEND_URL: `file://${path.join(repository.folder, ".state")}`,
      PULUMI_CONFIG_PASSPHRASE: password(),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // The program gets it out of sight of the repository.
      TEST_VARIABLE: variable,
      TEST_FORGOTTEN: forgotten,
    };
    await repository.write(
      "Pulumi.yaml",
      "name: scanned\nmain: program\nruntime:\n  name: nodejs\n  options: { typescript: false }\n",
    );
    await repository.write(
      "program/index.mjs",
      `import * as pulumi from "@pulumi/pulumi";
export const environment = pulumi.secret({ POSTGRES_PASSWORD: process.env.TEST_VARIABLE, POSTGRES_DB: "kairos_database" });
export const forgotten = { password: process.env.TEST_FORGOTTEN };
`,
    );
    await repository.write("program/package.json", '{ "type": "module", "main": "index.mjs" }');
    await pulumi("stack", "init", "test");
    await pulumi("config", "set", "--secret", "scanned:key", key);
    await pulumi("config", "set", "--secret", "--path", "scanned:backend[0].secrets.TOKEN", nested);
    await pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  });
  afterAll(() => repository?.remove());

  it("finds the stack's secrets by value, and what its state and outputs show in clear", async () => {
    await repository.write("notes.md", `${Buffer.from(variable).toString("base64")}\nkairos_database\n`);
    await repository.write("other.md", `\n${JSON.stringify(key)}\n${nested}\n`);
    const { found, report, all } = await repository.findings(["--stack", "test"], environment);
    expect(found.filter((one) => one.includes(".md"))).toEqual([
      "known-secret notes.md:1",
      "known-secret other.md:2",
      "known-secret other.md:3",
    ]);
    expect(new Set(report.findings.map(({ kind }) => kind))).toEqual(
      new Set(["working tree", "state", "outputs"]),
    );
    expect(found.filter((one) => !one.includes(".md"))).toEqual([
      expect.stringMatching(/^secret-by-name \.state\/\.pulumi\/backups\/.+:\d+$/),
      expect.stringMatching(/^secret-by-name \.state\/\.pulumi\/history\/.+:\d+$/),
      expect.stringMatching(/^secret-by-name \.state\/\.pulumi\/stacks\/.+:\d+$/),
      expect.stringMatching(/^secret-by-name outputs of test \(pulumi stack output\):\d+$/),
      expect.stringMatching(/^secret-by-name state of test \(pulumi stack export\):\d+$/),
    ]);
    expect(leaks(all, [...secrets, environment.PULUMI_CONFIG_PASSPHRASE ?? ""])).toEqual([]);
  });

  it("remembers them for a machine without access", async () => {
    const run = await repository.scan(["--remember", "--stack", "test"], environment);
    expect(run.exitCode).toBe(0);
    const file = await readFile(path.join(repository.folder, ".secrets-remembered.json"), "utf8");
    expect(leaks(run.all + file, secrets)).toEqual([]);
    await repository.write("notes.md", `${variable}\n${nested}\n`);
    const { found, all } = await repository.findings();
    expect(found.filter((one) => one.includes("notes.md"))).toEqual([
      "known-secret notes.md:1",
      "known-secret notes.md:2",
    ]);
    expect(all).toContain("POSTGRES_PASSWORD of test");
    expect(leaks(all, secrets)).toEqual([]);
  });

  it("says in one line which stack it does not know", async () => {
    const { all, exitCode } = await repository.scan(["--stack", "tset"], environment);
    expect(exitCode).toBe(1);
    expect(all).toMatch(
      /^error: pulumi [a-z -]+ of tset failed: there is no such stack; expected [^\n]+\n?$/,
    );
  });
});
