/** docs/reference/command-lines.md: every command line that this repository tells people or CI to type, and what runs it. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import { said } from "../helpers/command-line.ts";
import { elsewhere, runs } from "../runs.ts";
import { argumentsOf } from "./commands.ts";
import { commandLines, parse } from "./markdown.ts";
import { table } from "./markers.ts";

/** Where people read, and what CI runs. */
const places = [
  "README.md",
  "CONTRIBUTING.md",
  "docs/en",
  "docs/fr",
  "docs/decisions",
  ".github",
  ".ci",
  "ops",
  "infra",
];

/** Lines by what is typed, each with the files that say so. */
async function linesOfThisCheckout(): Promise<Map<string, Set<string>>> {
  const { stdout } = await execa("git", ["ls-files", ...places], { cwd: root });
  const files = stdout.split("\n").filter((file) => !file.endsWith(".test.ts"));
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const text = await readFile(path.join(root, file), "utf8");
    for (const line of file.endsWith(".md") ? inMarkdown(text) : inSource(text))
      found.set(line, (found.get(line) ?? new Set()).add(file));
  }
  return found;
}

const inMarkdown = (text: string) =>
  ["npm", "npx"].flatMap((program) => commandLines(parse(text), program)).filter((line) => ours.test(line));

/** Hints and steps: up to what no command line has. What a variable completes is left out. */
const inSource = (text: string) =>
  [...text.matchAll(/\b(?:npx kairos|npm run(?: --silent)?) [a-z][^\n"'`;,()|>]*/g)]
    .map(([line]) =>
      line
        .replace(/ --silent/, "")
        .replace(/(?:[.:?] .*|[.:]|\s+(?:\\|&&).*)$/, "")
        .trim(),
    )
    .filter((line) => ours.test(line) && !/[${<…]/.test(line));

const ours =
  /^(?:npx kairos|npm run) (?:sandbox|plan|status|recap|adopt|env|review|rotate|backups|secrets:scan)\b/;

/** The tests that run a command with these options, through ops/kairos.mjs. */
async function runners(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const [file, names] of Object.entries(elsewhere)) for (const name of names) found.set(name, file);
  for (const [line] of runs) {
    const one = await said(line.split(" "));
    if ("problem" in one) continue;
    for (const name of [one.command, ...one.options.map((option) => `${one.command} ${option}`)])
      found.set(name, "tests/commands.test.ts");
  }
  return found;
}

export async function commandLinesReference(): Promise<string> {
  const by = await runners();
  const rows: string[][] = [];
  for (const [line, files] of [...(await linesOfThisCheckout())].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const one = await said(argumentsOf(line) ?? []);
    // Words of a sentence that only begins like a command line.
    if ("problem" in one) continue;
    const names = [one.command, ...one.options.map((option) => `${one.command} ${option}`)];
    const tests = new Set(names.map((name) => by.get(name) ?? "none"));
    rows.push([`\`${line}\``, [...files].sort().join(", "), [...tests].sort().join(", ")]);
  }
  const introduction =
    "Every command line that documents, hints and workflows tell to type, and the tests that run its command and its options. The lines of the documents are checked word for word by `tests/docs/documents.test.ts`.";
  return ["# Command lines", introduction, table(["line", "where it stands", "run by"], rows)].join("\n\n");
}
