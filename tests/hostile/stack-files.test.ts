/** Stack files that nobody wrote by accident: each is read, or refused in plain lines, at once. */
import { readFileSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { readYaml } from "../../engine/yaml.ts";
import { checkSettings } from "../../infra/settings/index.ts";
import { root } from "../../ops/bundle.mjs";
import { stackFileOf } from "../../ops/plan/stack-file.ts";
import { expectPlainLines, json, runs, spoiled, text, truncated } from "../helpers/hostile.ts";

const name = "Pulumi.prod.yaml";
const good = readFileSync(path.join(root, name), "utf8");

/** What is wrong with a stack file, in the lines that its author gets. */
function problemsOf(content: string): string[] {
  try {
    const { values, secretKeys } = stackFileOf("kairos", "prod", readYaml(content, name));
    const isSecret = (key: string) => secretKeys.includes(key);
    return checkSettings({ stack: "prod", values, isSecret }, {}).problems.map(({ line }) => line);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [error.message];
  }
}

function expectAnswer(content: string): void {
  const start = performance.now();
  const problems = problemsOf(content);
  expect(performance.now() - start).toBeLessThan(10_000);
  for (const line of problems) {
    expectPlainLines(line);
    expect(line).not.toContain("\n");
  }
  expect(Object.prototype).not.toHaveProperty("polluted");
}

/** Nine aliases of nine aliases of …: a few lines, and more values than a memory holds. */
const laughs = (levels: number): string =>
  Array.from({ length: levels }, (_, level) => {
    const one = level === 0 ? "x" : `*a${level - 1}`;
    return `a${level}: &a${level} [${Array(9).fill(one).join(", ")}]\n`;
  }).join("");

describe("a stack file that was found to do harm", () => {
  it.each<[what: string, content: string, problem: string]>([
    ["a list that contains itself", "config: &a [*a]", "got *a inside of &a; expected no such circle"],
    [
      "a group that contains itself",
      "config: &a\n  b:c: *a\n",
      "got *a inside of &a; expected no such circle",
    ],
    [
      "a group that is merged into itself",
      "config: &a\n  <<: *a\n",
      "got *a inside of &a; expected no such circle",
    ],
    [
      "a billion values in nine lines",
      laughs(9),
      "got more than 100000 values, with aliases; expected fewer",
    ],
    [
      "lists in lists",
      `config: ${"[".repeat(20_000)}`,
      "got values nested more than 100 deep; expected fewer",
    ],
    [
      "lists in lists that end",
      `config: ${"[".repeat(300)}${"]".repeat(300)}`,
      "got values nested more than 100 deep; expected fewer",
    ],
    ["a megabyte", "#".repeat(1_000_001), "got 1000001 characters; expected at most 1000000"],
    ["a list as a key", "config:\n  ? [a, b]\n  : 1\n", "got a list or a group as a key; expected a text"],
    ["a list of settings", "config: [1]", "got no group of settings; expected them below config:"],
    ["a text of settings", "config", "got no group of settings; expected them below config:"],
  ])("%s", (_, content, problem) => {
    expect(problemsOf(content)).toEqual([`${name}: ${problem}`]);
  });

  it.each([
    ["a line break", "a\nkairos:redis: got", '["a\\nkairos:redis: got"]'],
    ["a terminal's escape", "\u001b[2Ja", '["\\u001b[2Ja"]'],
    ["another direction", "\u202ea", '["\\u202ea"]'],
    ["the name of JavaScript's own", "__proto__", ".__proto__"],
  ])("a setting whose name has %s", (_, key, shown) => {
    const content = `config:\n  kairos:mongodb: {${JSON.stringify(key)}: 1}\n`;
    expect(problemsOf(content).join("\n")).toContain(`kairos:mongodb${shown}: unknown setting; expected`);
  });

  it("a setting whose name has no end", () => {
    const [line = ""] = problemsOf(`config:\n  kairos:mongodb: {${"k".repeat(100_000)}: 1}\n`).filter((one) =>
      one.includes("kkk"),
    );
    expect(line).toMatch(/^kairos:mongodb\["k{78}…\]: unknown setting; expected one of /);
  });
});

describe("any stack file", () => {
  it("of any text", () => {
    fc.assert(fc.property(text(), expectAnswer), runs(300));
  });

  it("that ends early", () => {
    fc.assert(fc.property(truncated(good), expectAnswer), runs(100));
  });

  it("with something in it that does not belong there", () => {
    const yaml = fc.oneof(
      text(),
      fc.constantFrom(
        "&a ",
        "*a",
        "<<: *a\n",
        "!x ",
        "? ",
        "- ",
        "{",
        "[",
        "\t",
        ": ",
        "|\n",
        "---\n",
        "%YAML 9\n",
      ),
    );
    fc.assert(fc.property(spoiled(good, yaml), expectAnswer), runs(200));
  });

  it("with settings of any form", () => {
    const keys = fc.constantFrom(
      "mongodb",
      "postgres",
      "redis",
      "backend",
      "region",
      "deploys",
      "alerts",
      "budget",
      "shares",
      "policies",
      "known",
      "imported",
      "rotation",
      "__proto__",
    );
    const config = fc.dictionary(
      fc.oneof(keys, text()).map((key) => `kairos:${key}`),
      json(),
      { maxKeys: 6 },
    );
    fc.assert(
      fc.property(config, (values) => expectAnswer(JSON.stringify({ config: values }))),
      runs(300),
    );
  });
});
