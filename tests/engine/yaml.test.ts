/** Stack files as the real engine hands them to a program, and as we read them, value by value. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readYaml } from "../../engine/yaml.ts";
import { stackFileOf } from "../../ops/plan/stack-file.ts";
import { yamlDocuments, yamlValues } from "../helpers/yaml-values.ts";
import { engineWith } from "./harness.ts";
import { TestStack } from "./program-stack.ts";

const found = await engineWith([]);
if ("reason" in found) console.log(`skipped: YAML through the real engine (${found.reason})`);

const isTaken = ([, value]: readonly [string, unknown]) => value !== undefined;
const file = (config: string) => `config:\n${config.replace(/^(?=.)/gm, "  ")}\n`;

/** All values at once: as they are, in a list and in a group. */
const everything = file(
  yamlValues
    .filter(isTaken)
    .map(
      ([source], index) =>
        `v:top${index}: ${source}\nv:list${index}:\n  - ${source}\nv:group${index}:\n  k: ${source}`,
    )
    .join("\n"),
);

describe.skipIf("reason" in found)("the real engine", () => {
  let stack: TestStack;
  let folder: string;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    folder = await mkdtemp(path.join(os.tmpdir(), "kairos-yaml-"));
    stack = await TestStack.create(found.engine, {});
    await stack.program(`
      import { writeFileSync } from "node:fs";
      import * as pulumi from "@pulumi/pulumi";
      writeFileSync(${JSON.stringify(path.join(folder, "read.json"))}, JSON.stringify(pulumi.runtime.allConfig()));
    `);
  });
  afterAll(async () => {
    await stack?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(text: string, ...command: string[]): Promise<string | undefined> {
    const stackFile = path.join(folder, "Pulumi.test.yaml");
    await writeFile(stackFile, text);
    const { exitCode, stdout } = await stack.pulumi(...command, "--config-file", stackFile);
    return exitCode === 0 ? stdout : undefined;
  }

  /** What the CLI has of each key; undefined where it refuses the file. */
  async function configOf(text: string): Promise<Record<string, string> | undefined> {
    const printed = await run(text, "config", "--json");
    if (printed === undefined) return undefined;
    const settings = JSON.parse(printed) as Record<string, { value: string }>;
    return Object.fromEntries(Object.entries(settings).map(([key, { value }]) => [key, value]));
  }

  it("hands each value to the program as we read it", async () => {
    await run(everything, "preview");
    const theirs = JSON.parse(await readFile(path.join(folder, "read.json"), "utf8")) as Record<
      string,
      string
    >;
    const { values } = stackFileOf("sandbox-test", "test", readYaml(everything, "x.yaml"));
    expect(Object.keys(theirs)).toHaveLength(3 * yamlValues.filter(isTaken).length);
    const parsed = (all: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(all).map(([key, text]) => [key, key.startsWith("v:top") ? text : JSON.parse(text)]),
      );
    expect(parsed(values)).toEqual(parsed(theirs));
  });

  it.each(yamlValues.filter((one) => !isTaken(one)))("refuses %s, as we do", async (source) => {
    expect(await configOf(file(`v:k: ${source}`))).toBeUndefined();
  });

  it.each(yamlDocuments)("reads %j as we do", async (document, expected) => {
    const text = file(document);
    const read = () => stackFileOf("sandbox-test", "test", readYaml(text, "x.yaml")).values;
    const theirs = await configOf(text);
    if (expected === undefined) {
      expect(theirs).toBeUndefined();
      expect(read).toThrow(/yaml: /);
    } else expect(read()).toEqual(theirs);
  });

  it("keeps the first line, by which editors check a stack file, when it writes settings", async () => {
    const first = "# yaml-language-server: $schema=docs/reference/stack-file.schema.json\n";
    expect(await run(`${first}# about it\n${file("v:k: 1")}`, "config", "set", "v:other", "2")).toBeDefined();
    const written = await readFile(path.join(folder, "Pulumi.test.yaml"), "utf8");
    expect(written.startsWith(first)).toBe(true);
    expect(written).toContain("v:other:");
  });
});
