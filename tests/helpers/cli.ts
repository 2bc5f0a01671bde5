/** For tests: a program in place of the Pulumi CLI, which answers as told and writes down what it was asked. */
import { chmod, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Workspace } from "../../engine/cli/workspace.ts";

/** What it answers to one call; the last answer holds for all later ones. */
export interface CliAnswer {
  stdout?: string;
  stderr?: string;
  code?: number;
}

/** One call of it. */
export interface CliCall {
  args: string[];
  input: string;
  environment: Record<string, string>;
}

/** @param answers by the first words of the command, such as `stack export` */
export async function cliIn(folder: string, answers: Record<string, CliAnswer[]>) {
  const file = path.join(folder, "pulumi");
  const calls = path.join(folder, "calls.jsonl");
  await writeFile(calls, "");
  await writeFile(
    file,
    `#!${process.execPath}
const { appendFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
const calls = readFileSync(${JSON.stringify(calls)}, "utf8").split("\\n").filter(Boolean).map((line) => JSON.parse(line));
const input = args[0] === "config" && args[1] === "set" ? readFileSync(0, "utf8") : "";
appendFileSync(${JSON.stringify(calls)}, JSON.stringify({ args, input, environment: process.env }) + "\\n");
const all = ${JSON.stringify(answers)};
const key = Object.keys(all).find((words) => args.join(" ").startsWith(words)) ?? "";
const before = calls.filter((call) => call.args.join(" ").startsWith(key)).length;
const { stdout = "", stderr = "", code = 0 } = all[key]?.[Math.min(before, all[key].length - 1)] ?? {};
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = code;
`,
  );
  await chmod(file, 0o755);
  const said: string[] = [];
  const workspace = new Workspace({ path: file, version: "3.255.0" }, folder, {
    environment: { PATH: process.env.PATH, GIVEN: "yes" },
    say: (text) => said.push(text),
  });
  const asked = async () =>
    (await readFile(calls, "utf8"))
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as CliCall);
  return { workspace, stack: workspace.stack("test"), said, asked };
}
