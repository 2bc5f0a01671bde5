import { beforeAll, describe, expect, it } from "vitest";
import { policyIds } from "../../infra/policies/ids.ts";
import { commands } from "./commands.ts";
import { generated, textOf } from "./generated.ts";
import { begin, end, plain, table, withPart } from "./markers.ts";
import { remarks } from "./remarks.ts";

let documents: Map<string, string>;
beforeAll(async () => {
  documents = await generated();
});

describe("what npm run docs writes", () => {
  it("is what the documents say (npm run docs puts it right)", async () => {
    for (const [file, wanted] of documents) expect(await textOf(file), file).toBe(wanted);
  });

  it("is in the README, in both languages and in the reference", () => {
    expect([...documents.keys()]).toEqual(
      expect.arrayContaining(["README.md", "docs/en/stages.md", "docs/fr/policies.md"]),
    );
  });

  it("names every command and each of its options", () => {
    const text = documents.get("docs/reference/commands.md") ?? "";
    expect(commands.size).toBeGreaterThan(7);
    for (const [name, { options }] of commands) {
      expect(text).toContain(`## ${name}\n`);
      for (const { flags } of options) expect(text).toContain(flags.replaceAll("|", "\\|"));
    }
  });

  it("names every setting that has a comment, with the comment", async () => {
    const text = documents.get("docs/reference/settings.md") ?? "";
    const names = [...(await remarks()).keys()]
      .map((name) => name.replace(/ \(.*/, ""))
      // Constants that sections have in common, and the groups that a table's rows stand in.
      .filter((name) => !name.startsWith("*") && name.includes("."));
    expect(names.length).toBeGreaterThan(20);
    const settings = text.replaceAll("[]", "");
    for (const name of names) expect(settings).toMatch(new RegExp(`\`${name}[.\`]`));
  });

  it("says of settings what the program says: words, defaults, what has none", () => {
    const lines = (documents.get("docs/reference/settings.md") ?? "").split("\n");
    const lineOf = (setting: string) => lines.filter((line) => line.startsWith(`| \`${setting}\` |`)).join();
    expect(lineOf("region")).toContain("| `oregon` |");
    expect(lineOf("mongodb.project.id")).toContain("| **must be set** |");
    expect(lineOf("mongodb.driver.timeout")).toContain("| `5000ms` |");
    expect(lineOf("postgres.plan")).toContain("by stage");
    expect(lineOf("redis.readRegions")).toContain("a list: one of us-east-1");
    expect(lineOf("backend[].variables")).toContain("names and texts");
    expect(lineOf("redis.plan")).toContain("such as 30MB");
  });

  it("explains every policy, in the reference and in both pages", () => {
    for (const id of policyIds) {
      expect(documents.get("docs/reference/policies.md")).toContain(`## ${id}\n`);
      for (const language of ["en", "fr"])
        expect(documents.get(`docs/${language}/policies.md`)).toContain(`policies.md#${id})`);
    }
  });
});

describe("a part of a document", () => {
  const [first, last] = [begin("x"), end("x")];

  it("keeps what stands around it", () => {
    expect(withPart(`a\n${first}\nold\n${last}\nb`, "x", "new\n")).toBe(`a\n${first}\n\nnew\n\n${last}\nb`);
  });

  it.each([["a"], [`${first} a`], [`${last} ${first}`], [`${first}${last}${first}${last}`]])(
    "is refused in %j",
    (text) => {
      expect(() => withPart(text, "x", "new")).toThrow("once each");
    },
  );
});

it("says no more in a table than the code's words do", () => {
  expect(table(["a"], [["x | y"]])).toBe("| a |\n| --- |\n| x \\| y |");
  expect(plain("Pulumi.<name>.yaml, `<code>`, 0 3 * * *")).toBe(
    "Pulumi.\\<name>.yaml, `<code>`, 0 3 \\* \\* \\*",
  );
});
