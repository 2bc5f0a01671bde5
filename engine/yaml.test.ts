import { describe, expect, it } from "vitest";
import { yamlDocuments, yamlValues } from "../tests/helpers/yaml-values.ts";
import { documentOf, readYaml, yamlIn, yamlOf } from "./yaml.ts";

const json = (value: unknown) =>
  JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? Number(inner) : inner));
/** As a program parses it. */
const same = (text: string) => JSON.stringify(JSON.parse(text));

describe("YAML as the engine reads it", () => {
  it.each(yamlValues)("%s is %s", (source, expected) => {
    const read = () => yamlIn(`config:\n  a:b:\n    k: ${source}\n`, "x.yaml");
    if (expected === undefined) expect(read).toThrow("put it in quotes");
    else expect(json(read())).toBe(same(`{"config":{"a:b":{"k":${expected}}}}`));
  });

  it.each(yamlDocuments.filter(([document, values]) => values === undefined && !document.includes("b:c:")))(
    "refuses %j",
    (document) => {
      expect(() => readYaml(document, "x.yaml")).toThrow(/^x\.yaml: /);
    },
  );

  it.each([["a: !other 1"], ["a: !!binary aGk="], ["a: 1\n---\nb: 2\n"]])(
    "refuses %j, which Pulumi reads in a way of its own",
    (text) => {
      expect(() => readYaml(text, "x.yaml")).toThrow(/^x\.yaml: [^\n]*$/);
    },
  );

  it("says what is no text for want of quotes, also by alias and by merge", () => {
    const text = "a: &a {b: 0x10, c: '5'}\nd: *a\ne: {<<: *a, f: [1.50]}\ng: '007'\nh: 2026-12-31\ni: true\n";
    expect(readYaml(text, "x.yaml").resolved).toEqual([
      { path: ["a", "b"], source: "0x10", made: "16" },
      { path: ["d", "b"], source: "0x10", made: "16" },
      { path: ["e", "b"], source: "0x10", made: "16" },
      { path: ["e", "f", 0], source: "1.50", made: "1.5" },
      { path: ["h"], source: "2026-12-31", made: "2026-12-31 00:00:00 +0000 UTC" },
      { path: ["i"], source: "true", made: "true" },
    ]);
  });
});

describe("YAML that the engine reads back", () => {
  it.each(yamlValues)("the text %j stays one", (source) => {
    expect(yamlIn(yamlOf({ k: source }), "x.yaml")).toEqual({ k: source });
  });

  it("a document keeps what it does not change as it was written", () => {
    const text = "a: 2026-12-31 # the last day\nb: 0x10\nc: 1.50\n";
    const document = documentOf(text, "x.yaml");
    document.set("d", "2026-12-31");
    expect(document.toString()).toBe(`${text}d: "2026-12-31"\n`);
  });
});
