/** README and the guides against the code: what they tell people to type exists. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Command } from "commander";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { findEngine } from "../../engine/cli/find.ts";
import { root } from "../bundle.mjs";
import { expiryTag } from "../env/expiry.ts";
import { commandLines, parse, words } from "./docs.ts";
import { commands, problemsOf } from "./docs-commands.ts";
import { settingExists } from "./docs-settings.ts";

const read = (file: string) => readFile(path.join(root, file), "utf8");
const guides = ["docs/operator-guide.md", "docs/guide-de-l-operateur.md"] as const;
const files = ["README.md", ...guides];
const documents = new Map(
  await Promise.all(files.map(async (file) => [file, parse(await read(file))] as const)),
);
const document = (file: string) => documents.get(file) ?? parse("");

describe.each(files)("%s", (file) => {
  const { links, anchors, spans } = document(file);

  it("names only scripts and options that exist", () => {
    const lines = commandLines(document(file), "npm").filter((line) => line.startsWith("npm run "));
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.flatMap((line) => problemsOf(line).map((problem) => `${line}: ${problem}`))).toEqual([]);
  });

  it("names no option by itself that neither a command nor Pulumi has", () => {
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const known = new Set([
      ...[...commands.values()].flatMap(all).flatMap(({ options }) => options.map(({ long }) => long)),
      ...commandLines(document(file), "pulumi").flatMap((line) => words(line)),
    ]);
    const alone = spans.filter((span) => /^--[a-z]/.test(span)).map((span) => words(span)[0]);
    expect(alone.filter((option) => !known.has(option ?? ""))).toEqual([]);
  });

  it("names only settings that exist", () => {
    const named = spans
      // A tag of the stack looks like one.
      .filter((span) => span !== expiryTag)
      .flatMap((span) => /^kairos:([a-z][\w.[\]]*)$/i.exec(span)?.[1] ?? []);
    expect(named.filter((setting) => !settingExists(setting))).toEqual([]);
  });

  it("has no link that leads nowhere in this checkout", async () => {
    const local = links.filter((link) => !link.startsWith("https://"));
    expect(local.length).toBeGreaterThan(3);
    for (const link of local) {
      const [target = "", fragment] = link.split("#");
      const whole = path.join(root, path.dirname(file), target);
      expect(target === "" || existsSync(whole), link).toBe(true);
      if (fragment === undefined) continue;
      const there = target === "" ? anchors : parse(await readFile(whole, "utf8")).anchors;
      expect(there).toContain(decodeURIComponent(fragment));
    }
  });
});

describe("the two guides", () => {
  const [english, french] = guides.map(document);
  if (english === undefined || french === undefined) throw new Error("there are two guides");

  it("have the same headings, one below the other", () => {
    const levels = ({ headings }: typeof english) => headings.map(({ level }) => level);
    expect(english.headings.length).toBeGreaterThan(20);
    expect(levels(french)).toEqual(levels(english));
  });

  it("have the same blocks of code", () => {
    expect(french.blocks).toEqual(english.blocks);
  });

  it("lead to the same pages", () => {
    const others = guides.map((guide) => path.basename(guide));
    const targets = ({ links }: typeof english) =>
      links.filter((link) => !link.startsWith("#") && !others.includes(link)).sort();
    expect(targets(french)).toEqual(targets(english));
    expect(english.links).toContain(others[1]);
    expect(french.links).toContain(others[0]);
  });

  it("name the same settings, options, variables and files", () => {
    const names = ({ spans }: typeof english) =>
      [...new Set(spans.filter((span) => /^[\w:.[\]/-]+$/.test(span)))].sort();
    expect(names(french)).toEqual(names(english));
  });

  it("name every credential, and the variable that it can stand in", async () => {
    const source = await read("infra/settings/credentials.ts");
    const credentials = [...source.matchAll(/credential\(\s*"([^"]+)",\s*\[\s*"([^"]+)"/g)];
    expect(credentials.length).toBeGreaterThan(8);
    for (const { spans } of [english, french])
      for (const [, key, variable] of credentials)
        expect(spans).toEqual(expect.arrayContaining([key, variable]));
  });
});

describe("what they say of Pulumi", async () => {
  const engine = await findEngine();
  if (engine === undefined)
    console.log("skipped: Pulumi's own options (no pulumi on the PATH or in ~/.pulumi)");

  it.skipIf(engine === undefined)("names only commands and options of the CLI", async () => {
    const lines = new Set(files.flatMap((file) => commandLines(document(file), "pulumi")));
    expect(lines.size).toBeGreaterThan(15);
    const helps = new Map<string, Promise<string>>();
    const help = (command: string) => {
      const known = helps.get(command) ?? helpOf(engine?.path ?? "", command);
      helps.set(command, known);
      return known;
    };
    const problems: string[] = [];
    for (const line of lines) {
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
    ["npm run plan -- --stak prod", "no option --stak"],
    ["npm run rotate -- mysql", "does not take mysql"],
    ["npm run sandbox -- --redis valkey", "--redis does not take valkey"],
    ["npm run sandbox -- exec npm run status -- --nothing", "no option --nothing"],
    ["npm run sandbox -- operate npm run env -- pr-1 up --frm sandbox", "no option --frm"],
    ["npm run env -- pr-1 destroy", "does not take destroy"],
    ["npm run env -- sweep --for 1d", "no option --for"],
  ])("find what is wrong with %s", (line, problem) => {
    expect(problemsOf(line).join()).toContain(problem);
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
