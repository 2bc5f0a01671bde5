/** What people wrote against the code: what it tells others to type, set and look up exists. */
import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import { expiryTag } from "../../ops/env/stacks.ts";
import { provenanceTags } from "../../ops/review/provenance.ts";
import { commands, problemOf } from "./commands.ts";
import { commandLines, parse, words } from "./markdown.ts";
import { settingExists } from "./settings.ts";

const read = (file: string) => readFile(path.join(root, file), "utf8");
const markdownIn = async (folder: string) =>
  (await readdir(path.join(root, folder)))
    .filter((file) => file.endsWith(".md"))
    .map((file) => `${folder}/${file}`);

const pages = { en: await markdownIn("docs/en"), fr: await markdownIn("docs/fr") };
const decisions = await markdownIn("docs/decisions");
const references = await markdownIn("docs/reference");
/** What people wrote; the reference is written by npm run docs. */
const files = ["README.md", "CONTRIBUTING.md", ...pages.en, ...pages.fr, ...decisions];
const texts = new Map(
  await Promise.all([...files, ...references].map(async (file) => [file, await read(file)] as const)),
);
const document = (file: string) => parse(texts.get(file) ?? "");
const typedLines = (file: string) =>
  ["npm", "npx"]
    .flatMap((program) => commandLines(document(file), program))
    .filter((line) => /^(npm run|npx kairos) /.test(line));
const pulumiLines = new Set(files.flatMap((file) => commandLines(document(file), "pulumi")));

describe.each(files)("%s", (file) => {
  const { links, spans } = document(file);

  it("names only command lines that the commands take as they stand", async () => {
    const problems = typedLines(file).map(async (line) => [line, await problemOf(line)] as const);
    expect((await Promise.all(problems)).filter(([, problem]) => problem !== undefined)).toEqual([]);
  });

  it("names no option by itself that neither a command nor Pulumi has", () => {
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const known = new Set([
      ...[...commands.values()].flatMap(all).flatMap(({ options }) => options.map(({ long }) => long)),
      ...[...pulumiLines].flatMap((line) => words(line)),
      // Of its export, which the search for secrets reads.
      "--show-secrets",
      // Of a version after the pinned one; the guide says what still guards.
      "--ignore-protect",
    ]);
    const alone = spans.filter((span) => /^--[a-z]/.test(span)).map((span) => words(span)[0]);
    expect(alone.filter((option) => !known.has(option ?? ""))).toEqual([]);
  });

  it("names only settings that exist", () => {
    const named = spans
      // A tag of the stack looks like one.
      .filter((span) => ![expiryTag, ...Object.values<string>(provenanceTags)].includes(span))
      .flatMap((span) => /^kairos:([a-z][\w.[\]]*)$/i.exec(span)?.[1] ?? []);
    expect(named.filter((setting) => !settingExists(setting))).toEqual([]);
  });

  it("names only files and folders that exist", () => {
    const rooms = /^(?:\.ci|\.github|docs|engine|infra|ops|sandbox|sdks|tests|vendors)\/[\w./-]*$/;
    const named = spans.filter((span) => rooms.test(span));
    expect(named.filter((span) => !existsSync(path.join(root, span)))).toEqual([]);
  });

  it("has no link that leads nowhere in this checkout", () => {
    expectLinks(file, links);
  });
});

describe.each(references)("%s", (file) => {
  it("has no link that leads nowhere in this checkout", () => {
    expectLinks(file, document(file).links);
  });
});

function expectLinks(file: string, links: readonly string[]): void {
  for (const link of links.filter((one) => !one.startsWith("https://"))) {
    const [target = "", fragment] = link.split("#");
    const whole = target === "" ? path.join(root, file) : path.join(root, path.dirname(file), target);
    expect(existsSync(whole), link).toBe(true);
    if (fragment === undefined) continue;
    const { anchors } = parse(readFileSync(whole, "utf8"));
    expect(anchors, link).toContain(decodeURIComponent(fragment));
  }
}

it("all together they name many commands", () => {
  expect(files.flatMap(typedLines).length).toBeGreaterThan(100);
});

describe("the task pages", () => {
  it("are the same in both languages", () => {
    const names = (of: readonly string[]) => of.map((file) => path.basename(file));
    expect(pages.en.length).toBeGreaterThan(15);
    expect(names(pages.fr)).toEqual(names(pages.en));
  });

  it.each(["en", "fr"] as const)("in %s are all in their index", (language) => {
    const { links } = document(`docs/${language}/README.md`);
    const others = pages[language].map((file) => path.basename(file)).filter((name) => name !== "README.md");
    expect(links).toEqual(expect.arrayContaining(others));
  });
});

describe.each(pages.en.map((file) => path.basename(file)))("%s in English and French", (name) => {
  const [english, french] = [document(`docs/en/${name}`), document(`docs/fr/${name}`)];

  it("has the same headings, one below the other", () => {
    const levels = ({ headings }: typeof english) => headings.map(({ level }) => level);
    expect(levels(french)).toEqual(levels(english));
  });

  it("has the same blocks of code, comments aside", () => {
    const code = ({ blocks }: typeof english) => blocks.map((block) => block.replaceAll(/\s+# .*$/gm, ""));
    expect(code(french)).toEqual(code(english));
  });

  it("leads to the same pages, and to the other language", () => {
    // Headings differ, and so do the fragments made of them.
    const targets = ({ links }: typeof english) =>
      links
        .filter((link) => !link.startsWith("#") && !/^\.\.\/(?:en|fr)\//.test(link))
        .map((link) => (link.startsWith("https://") ? link : link.replace(/#.*/, "")))
        .sort();
    expect(targets(french)).toEqual(targets(english));
    expect(english.links).toContain(`../fr/${name}`);
    expect(french.links).toContain(`../en/${name}`);
  });

  it("names the same settings, options, variables and files", () => {
    const names = ({ spans }: typeof english) =>
      [...new Set(spans.filter((span) => /^[\w:.[\]/-]+$/.test(span)))].sort();
    expect(names(french)).toEqual(names(english));
  });
});

it.each(["en", "fr"])(
  "docs/%s/keys.md names every credential, and the variable that it can stand in",
  async (language) => {
    const source = await read("infra/settings/credentials.ts");
    const credentials = [...source.matchAll(/credential\(\s*"([^"]+)",\s*\[\s*"([^"]+)"/g)];
    expect(credentials.length).toBeGreaterThan(8);
    const { spans } = document(`docs/${language}/keys.md`);
    for (const [, key, variable] of credentials)
      expect(spans).toEqual(expect.arrayContaining([key, variable]));
  },
);

it("README.md is at most 120 lines", () => {
  expect(texts.get("README.md")?.trimEnd().split("\n").length).toBeLessThanOrEqual(120);
});

describe("the decisions", () => {
  const records = decisions.filter((file) => !file.endsWith("README.md"));

  it("are all in their index, in order", () => {
    expect(records.length).toBeGreaterThanOrEqual(10);
    expect(document("docs/decisions/README.md").links).toEqual(records.map((file) => path.basename(file)));
  });

  it.each(records)("%s says context, decision, consequences and alternatives on half a page", (file) => {
    const text = texts.get(file) ?? "";
    const parts = [...text.matchAll(/^\*\*(\w+)\.\*\* /gm)].map(([, part]) => part);
    expect(parts).toEqual(["Context", "Decision", "Consequences", "Alternatives"]);
    expect(text.split("\n").length).toBeLessThan(30);
  });
});

describe("what they say of Pulumi", async () => {
  const engine = await findEngine();
  if (engine === undefined)
    console.log("skipped: Pulumi's own options (no pulumi on the PATH or in ~/.pulumi)");

  it.skipIf(engine === undefined)("names only commands and options of the CLI", async () => {
    expect(pulumiLines.size).toBeGreaterThan(15);
    const helps = new Map<string, Promise<string>>();
    const help = (command: string) => {
      const known = helps.get(command) ?? helpOf(engine?.path ?? "", command);
      helps.set(command, known);
      return known;
    };
    const problems: string[] = [];
    for (const line of pulumiLines) {
      const [, first = "", second = "", ...rest] = words(line);
      const isGroup = ["config", "stack", "state"].includes(first);
      const text = await help(isGroup ? `${first} ${second}` : first);
      const names = /Usage:[\s\S]*?(?=\n\n)(?:\n\nAliases:[^\n]*\n[^\n]*)?/.exec(text)?.[0] ?? "";
      if (!new RegExp(`\\b${isGroup ? second : first}\\b`).test(names))
        problems.push(`${line}: no such command`);
      for (const word of isGroup ? rest : [second, ...rest]) {
        const option = /^--[a-z-]+/.exec(word)?.[0];
        if (option !== undefined && !new RegExp(`${option}\\b(?!-)`).test(text))
          problems.push(`${line}: no option ${option}`);
      }
    }
    expect(problems).toEqual([]);
  });
});

async function helpOf(pulumi: string, command: string): Promise<string> {
  const { stdout } = await execa(pulumi, [...command.split(" "), "--help"], {
    env: { PULUMI_SKIP_UPDATE_CHECK: "true" },
    reject: false,
  });
  return stdout;
}

describe("these tests", () => {
  it.each([
    ["npm run nothing", "no script"],
    ["npm run plan --stack prod", "needs --"],
    ["npx kairos plan --stak prod", "unknown option '--stak'"],
    ["npx kairos rotate mysql", "'mysql' is invalid"],
    ["npx kairos rotate --leaked", "missing required argument"],
    ["npx kairos review plan", "required option '--base <ref>' not specified"],
    ["npx kairos sandbox --redis valkey", "'valkey' is invalid"],
    ["npx kairos status --env-file a --from-env", "cannot be used with"],
    ["npx kairos sandbox exec npx kairos status --nothing", "unknown option '--nothing'"],
    ["npx kairos sandbox operate npx kairos env pr-1 up --frm sandbox", "unknown option '--frm'"],
    ["npx kairos env pr-1 destroy", "'destroy' is invalid"],
    ["npx kairos env sweep --for 1d", "unknown option '--for'"],
    ["npm run docs -- --chek", "does not take --chek"],
  ])("find what is wrong with %s", async (line, problem) => {
    expect(await problemOf(line)).toContain(problem);
  });

  it.each([["redis.nothing"], ["nothing"], ["mongodb.driver.nothing"], ["backend[0].nothing"]])(
    "find that there is no kairos:%s",
    (name) => {
      expect(settingExists(name)).toBe(false);
    },
  );

  it.each([
    ["redis.url"],
    ["redis.budget"],
    ["backend[0].link"],
    ["backend[0].source"],
    ["backend[0].secrets.NAME"],
  ])("find kairos:%s", (name) => {
    expect(settingExists(name)).toBe(true);
  });
});
