/** Every command, subcommand and option, through ops/kairos.mjs: none crashes, and each mistake is one line. */
import { readFileSync } from "node:fs";
import { chown, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../ops/bundle.mjs";
import { Checkout } from "./checkout.ts";
import { everyCommand, said } from "./helpers/command-line.ts";
import { elsewhere, runs } from "./runs.ts";

const mistakes: readonly [line: string, output: string][] = [
  ["stats", "unknown command 'stats' (did you mean status?)"],
  [
    "sandbox statsu",
    "unknown command 'statsu'; did you mean status? There are status, pulumi, operate, exec, down, reset",
  ],
  [
    "env lst",
    "missing required argument 'what'; did you mean list?; expected one of plan, up, down; usage: npx kairos env [options] [command] <name> <what>",
  ],
  [
    "rotate",
    "missing required argument 'database'; expected one of mongodb, postgres, redis, all, or --status; usage: npx kairos rotate [options] [database]",
  ],
  [
    "rotate mysql",
    "command-argument value 'mysql' is invalid for argument 'database'. Allowed choices are mongodb, postgres, redis, all",
  ],
  ["review plan", "required option '--base <ref>' not specified; usage: npx kairos review plan [options]"],
  ["help backups dril", 'help: got "dril"; expected one of drill, restore'],
  ["plan --stak prod", "unknown option '--stak' (did you mean --stack?)"],
  [
    "sandbox --name other status",
    "--name: got it in front of status; expected it behind: npx kairos sandbox status --name",
  ],
  ["env --json list", "--json: got it in front of list; expected it behind: npx kairos env list --json"],
];

/** Without an engine, a MongoDB or an account. */
let home: string;
const surroundings = () => ({
  cwd: root,
  extendEnv: false,
  reject: false as const,
  env: {
    PATH: [path.dirname(process.execPath), "/usr/bin", "/bin"].join(path.delimiter),
    HOME: home,
    NO_COLOR: "1",
  },
});
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "kairos-home-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

it("each does what it says, and each mistake on a command line is one line", async () => {
  const wrong = mistakes.map(([line, output]) => [line, 1, `error: ${output}\n`] as const);
  const lines = [...runs, ...wrong];
  const { stdout, stderr } = await execa(process.execPath, ["tests/helpers/run-all.mjs"], {
    ...surroundings(),
    input: JSON.stringify(lines.map(([line]) => line.split(" "))),
  });
  expect(stderr).toBe("");
  const answers = JSON.parse(stdout) as { code: number; stdout: string; stderr: string }[];
  for (const [index, [line, code, output]] of lines.entries()) {
    const { code: ended, ...printed } = answers[index] as (typeof answers)[0];
    const text = printed.stdout + printed.stderr;
    expect({ line, code: ended }).toEqual({ line, code });
    if (typeof output === "string") expect(text).toBe(output);
    else expect({ line, text }).toEqual({ line, text: expect.stringMatching(output) });
    if (code === 1)
      expect({ line, lines: text.trim().split("\n") }).toEqual({ line, lines: [expect.any(String)] });
  }
});

it("none is without a run", async () => {
  const covered = new Set<string>();
  for (const [line] of runs) {
    const found = await said(line.split(" "));
    if ("problem" in found) throw new Error(`${line}: ${found.problem}`);
    covered.add(found.command);
    for (const option of found.options) covered.add(`${found.command} ${option}`);
  }
  for (const [file, names] of Object.entries(elsewhere)) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const name of names) {
      expect(text, `${file} runs ${name}`).toContain(`"${name.split(" ").at(-1)}"`);
      covered.add(name);
    }
  }
  const all = [...everyCommand()].flatMap(([command, options]) => [
    command,
    ...options.map((option) => `${command} ${option}`),
  ]);
  expect(all.length).toBeGreaterThan(90);
  expect(all.filter((one) => !covered.has(one))).toEqual([]);
  // Nothing stands there that has gone.
  expect([...covered].filter((one) => !all.includes(one))).toEqual([]);
});

describe("what the commands cannot start without is said in one line", () => {
  const kairos = (args: string[], more: object = {}, entry = "ops/kairos.mjs") => {
    const { env, ...options } = surroundings();
    return execa(process.execPath, [entry, ...args], { ...options, env: { ...env, ...more } });
  };

  it.each<[string, string, string[], object, RegExp]>([
    [
      "a folder for temporary files",
      "ops/kairos.mjs",
      ["plan", "--against", "HEAD"],
      { TMPDIR: "/nowhere" },
      /^error: \/nowhere: there is no such folder for temporary files; set TMPDIR to one$/,
    ],
    ["git", "ops/kairos.mjs", ["plan", "--against", "HEAD"], { PATH: "/nowhere" }, /^error: .*\bgit\b/],
    [
      "a repository of one's own",
      "ops/kairos.mjs",
      ["plan", "--against", "HEAD"],
      { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" },
      /^error: .*dubious ownership/,
    ],
  ])("%s", async (_, entry, args, more, expected) => {
    const { stderr, exitCode } = await kairos(args, more, entry);
    expect([exitCode, stderr.split("\n")]).toEqual([1, [expect.stringMatching(expected)]]);
  });

  it("a Node that is new enough, and the packages", async () => {
    const copy = path.join(home, "checkout");
    await execa("mkdir", ["-p", path.join(copy, "ops")]);
    await execa("cp", ["ops/kairos.mjs", "ops/bundle.mjs", path.join(copy, "ops")], { cwd: root });
    const entry = path.join(copy, "ops", "kairos.mjs");
    const text = await readFile(entry, "utf8");
    expect(text).toContain('least = "20.19"');
    await writeFile(entry, text.replace('least = "20.19"', 'least = "99.1"'));
    expect((await kairos(["plan"], {}, entry)).stderr).toBe(
      `error: Node: got ${process.versions.node}; expected 99.1 or newer, from https://nodejs.org`,
    );
    await writeFile(entry, text);
    expect((await kairos(["plan"], {}, entry)).stderr).toBe(
      `error: the packages of package-lock.json are not installed here; run npm ci in ${copy}`,
    );
  });

  it("a folder that can be written: there is a temporary one, or one line says that there is none", async () => {
    const checkout = await Checkout.create();
    const temporary = await mkdtemp(path.join(home, "tmp-"));
    const entry = path.join(checkout.folder, "ops", "kairos.mjs");
    const help = () => kairos(["plan", "--help"], { TMPDIR: temporary }, entry);
    // To the superuser nothing is read-only: a file in the place of a folder is, for everybody.
    const packages = path.join(checkout.folder, "node_modules");
    await rm(packages);
    await mkdir(packages);
    for (const name of await readdir(path.join(root, "node_modules")))
      if (name !== ".cache") await symlink(path.join(root, "node_modules", name), path.join(packages, name));
    await writeFile(path.join(packages, ".cache"), "");
    expect((await help()).stdout).toMatch(/^Usage: node .*kairos\.mjs plan/);
    const [cache = "", ...others] = await readdir(temporary);
    expect([cache, others]).toEqual([expect.stringMatching(/^kairos-cache-/), []]);
    await rm(path.join(temporary, cache), { recursive: true });
    await writeFile(path.join(temporary, cache), "");
    expect(await help()).toMatchObject({
      exitCode: 1,
      stderr: `error: no folder to keep the commands in: neither ${packages}/.cache/kairos nor ${temporary} can be written; set TMPDIR to one that can`,
    });
    await checkout.remove();
  });

  it.skipIf(process.getuid?.() !== 0)(
    "nor can somebody write who may only read, which costs a plan nothing",
    async () => {
      // Only the superuser can be somebody else.
      const [uid, temporary] = [65534, await mkdtemp(path.join(os.tmpdir(), "kairos-nobody-"))];
      await chown(temporary, uid, uid);
      const { env, ...options } = surroundings();
      const as = (...args: string[]) =>
        execa(process.execPath, ["ops/kairos.mjs", ...args], {
          ...options,
          uid,
          env: { ...env, HOME: temporary, TMPDIR: temporary },
        });
      expect(await as("plan")).toMatchObject({ exitCode: 0, stderr: "" });
      const file = path.join(root, "docs", "recap.html");
      expect(await as("recap", "--no-status", "--out", file)).toMatchObject({
        exitCode: 1,
        stderr: `error: --out: cannot write ${file} (EACCES); expected a file in a folder that is there`,
      });
      await rm(temporary, { recursive: true });
    },
  );

  it("somebody who reads: it ends quietly when nobody does any more", async () => {
    const { env, cwd } = surroundings();
    const command = `"${process.execPath}" ops/kairos.mjs plan --json | head -c 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await execa("bash", ["-c", command], { env, cwd, extendEnv: false });
    expect([stdout, stderr]).toEqual([expect.stringMatching(/^\{(0|141)$/), ""]);
  });
});
