/**
 * What established linters say of the workflows, and that they would see what must not be there: GitHub's own checks,
 * from npm; zizmor, for security; actionlint. The last two run where they are on the PATH, as in .ci/run.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle, root } from "../../ops/bundle.mjs";
import { named, workflows } from "./github/jobs.ts";

const { lint } = (await import(await bundle({ entry: "tests/review/github/lint.ts" }))) as {
  lint: (text: string) => Promise<string[]>;
};
const expression = (text: string) => ["$", "{{ ", text, " }}"].join("");
/** A workflow of pull requests with a text in it replaced; the text has to be there. */
const changed = (from: string, to: string) => {
  const { text } = named("pr.yml");
  if (!text.includes(from)) throw new Error(`pr.yml does not contain ${from}`);
  return text.replace(from, to);
};

const mistakes: [what: string, from: string, to: string][] = [
  ["a key that does not exist", "timeout-minutes:", "time-out:"],
  ["a context that does not exist", "github.event.pull_request.head", "gihub.event.pull_request.head"],
  ["a permission that does not exist", "contents: read", "contents: reed"],
  ["an expression that does not end", "github.repository &&", "github.repository && ("],
];

describe("GitHub's own checks", () => {
  it.each(workflows.map((one) => [one.file, one] as const))("%s: no complaint", async (_, { text }) => {
    expect(await lint(text)).toEqual([]);
  });

  it.each(mistakes)("find %s", async (_, from, to) => {
    expect(await lint(changed(from, to))).not.toEqual([]);
  });
});

// actionlint 1.7 does not know an action of the same commit yet:
// https://github.blog/changelog/2026-07-30-reference-same-repository-actions-with-self-repository-syntax/
const actionlint = ["-ignore", String.raw`specifying action "\$/\.github/actions/`];
const zizmor = ["--offline", "--quiet", "--persona", "auditor", "--min-severity", "medium"];

describe.each([
  {
    tool: "actionlint",
    run: (folder: string) => [...actionlint, ...workflows.map(({ file }) => path.join(folder, file))],
    found: mistakes,
  },
  {
    tool: "zizmor",
    run: (folder: string) => [...zizmor, folder],
    found: [
      ["code of somebody else's that runs with secrets", "pull_request:", "pull_request_target:"],
      ["a token that may write anything", "permissions: {}", "permissions: write-all"],
      ["an expression inside of run", "'HEAD^1' --out", `'${expression("github.head_ref")}' --out`],
      ["a token that stays behind", "persist-credentials: false", "persist-credentials: true"],
      ["an action that can move", "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "v7"],
    ] satisfies typeof mistakes,
  },
])("$tool", async ({ tool, run, found }) => {
  const { failed: isMissing } = await execa(tool, ["--version"], { reject: false });
  if (isMissing) console.log(`skipped: what ${tool} says of the workflows (it is not on the PATH)`);
  let folder: string;
  beforeAll(async () => {
    folder = path.join(await mkdtemp(path.join(os.tmpdir(), "kairos-lint-")), ".github", "workflows");
    await mkdir(folder, { recursive: true });
    for (const { file, text } of workflows) await writeFile(path.join(folder, file), text);
  });
  afterAll(() => rm(path.join(folder, "..", ".."), { recursive: true }));
  const complaints = async (where: string) => {
    const { all, exitCode } = await execa(tool, run(where), { all: true, reject: false });
    return exitCode === 0 ? "" : all || `it ended with ${exitCode}`;
  };

  it.skipIf(isMissing)("has no complaint", async () => {
    const where = tool === "zizmor" ? path.join(root, ".github") : path.join(root, ".github", "workflows");
    expect(await complaints(where)).toBe("");
  });

  it.skipIf(isMissing).each(found)("finds %s", async (_, from, to) => {
    await writeFile(path.join(folder, "pr.yml"), changed(from, to));
    expect(await complaints(folder)).toContain("pr.yml");
  });
});
