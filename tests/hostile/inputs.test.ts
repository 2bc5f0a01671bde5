/** Files that somebody hands over: .env files in and out, and whatever the search for secrets looks into. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseEnv } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { contract, type VariableName } from "../../infra/contract.ts";
import { dotenv } from "../../ops/contract/dotenv.ts";
import { ofEveryStack } from "../../ops/contract/groups.ts";
import { Allowances } from "../../ops/scan/allow.ts";
import { inspect } from "../../ops/scan/inspect.ts";
import { knownOf } from "../../ops/scan/known.ts";
import { remembered } from "../../ops/scan/remembered.ts";
import { reportText } from "../../ops/scan/report.ts";
import { environmentFrom } from "../../ops/status/sources.ts";
import { configurationFrom } from "../../ops/status/variables.ts";
import { harmless } from "../../ops/terminal/output.ts";
import { expectPlainLines, json, runs, spoiled, text, unseen } from "../helpers/hostile.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "kairos-inputs-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fileOf = (content: string | Uint8Array) => {
  const file = path.join(folder, String(count++));
  writeFileSync(file, content);
  return file;
};

const names = Object.keys(contract) as VariableName[];

describe("a .env file", () => {
  const secret = randomBytes(16).toString("hex");
  const good = names.map((name) => `${name}="${contract[name].secret ? secret : "1"}"\n`).join("");

  it("of any text is read, and nothing of what is secret in it is told", async () => {
    const pieces = fc.oneof(
      text(),
      fc.constantFrom(
        "=",
        '"',
        "'",
        "`",
        "\\",
        "#",
        "export ",
        "\r\n",
        "$(id)",
        "MONGODB_URL=mongodb://%:%@",
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(text(), spoiled(good, pieces)), async (content) => {
        const { variables } = await environmentFrom({ kind: "file", file: fileOf(content) });
        const { contract: told } = configurationFrom(variables);
        expect(JSON.stringify(told)).not.toContain(secret);
        expect(Object.prototype).not.toHaveProperty("polluted");
      }),
      runs(150),
    );
  });

  it("with any values has the variables of the contract, and no other", () => {
    const values = fc.array(
      fc.oneof(text(), fc.constantFrom("a b", "#", 'a"b', "a'b", "a\\nb", "\n#", "a\nX=1")),
      {
        minLength: names.length,
        maxLength: names.length,
      },
    );
    fc.assert(
      fc.property(values, (values) => {
        const { groups, ...subject } = ofEveryStack();
        const valued = groups.map((group) => ({
          ...group,
          items: group.items.map((item) => ({ ...item, value: values[names.indexOf(item.name)] })),
        }));
        const written = dotenv({ ...subject, groups: valued }, "x");
        expect(Object.keys(parseEnv(written)).sort()).toEqual([...names].sort());
      }),
      runs(100),
    );
  });
});

describe("what is searched for secrets", () => {
  const secret = randomBytes(16).toString("hex");
  const known = [knownOf([{ name: "the secret", value: secret }])];
  const matchesIn = async (name: string, bytes: Buffer) => {
    async function* contents() {
      yield { kind: "working tree" as const, name, bytes };
    }
    for await (const { matches } of inspect(contents(), known)) return matches;
    return [];
  };
  const file = fc.constantFrom("notes.md", "Pulumi.prod.yaml", ".env", "a.json");

  it("may be any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.oneof(
          text().map((some) => Buffer.from(some)),
          fc.uint8Array({ maxLength: 400 }).map((some) => Buffer.from(some)),
          json().map((value) => Buffer.from(JSON.stringify(value))),
        ),
        async (name, bytes) => {
          for (const { line } of await matchesIn(name, bytes)) expect(line).toBeGreaterThan(0);
        },
      ),
      runs(200),
    );
  });

  it("shows a known secret wherever it stands, in each encoding", async () => {
    const encodings: ((value: string) => string)[] = [
      (value) => value,
      (value) => Buffer.from(value).toString("base64"),
      (value) => Buffer.from(value).toString("hex"),
      (value) => [...Buffer.from(value)].map((byte) => `%${byte.toString(16)}`).join(""),
      (value) => [...value].map((one) => `\\u00${one.charCodeAt(0).toString(16)}`).join(""),
    ];
    await fc.assert(
      fc.asyncProperty(
        file,
        text(),
        text(),
        fc.constantFrom(...encodings),
        async (name, before, after, encode) => {
          const bytes = Buffer.from(
            `${before.replaceAll("\0", "")}\n ${encode(secret)} \n${after.replaceAll("\0", "")}`,
          );
          expect((await matchesIn(name, bytes)).map(({ rule }) => rule)).toContain("known-secret");
        },
      ),
      runs(150),
    );
  });

  it.each<[what: string, content: string]>([
    ["one line without an end", "a".repeat(2_000_000)],
    ["percent signs", "%41".repeat(300_000)],
    ["backslashes", "\\".repeat(1_000_000)],
    ["a URL without an end", `mongodb://${"a:".repeat(300_000)}`],
    ["lists in lists", "[".repeat(100_000)],
    ["blanks", " ".repeat(1_000_000)],
    ["equal signs", "password=".repeat(100_000)],
    ["the secret, again and again", `${secret}\n`.repeat(20_000)],
  ])("takes no endless time over %s", async (_, content) => {
    for (const name of ["notes.md", "Pulumi.prod.yaml"]) {
      const start = performance.now();
      await matchesIn(name, Buffer.from(content));
      expect(performance.now() - start).toBeLessThan(20_000);
    }
  });

  it("is named in lines that a terminal shows as they are", () => {
    fc.assert(
      fc.property(text(), (name) => {
        const match = { rule: "known-secret", what: name, line: 1, length: 9 };
        const findings = [{ ...match, kind: "working tree" as const, file: name, show: name }];
        const report = { contents: 1, bytes: 1, knownSecrets: 1, seconds: 1, notes: [name], unused: [name] };
        const written = harmless(reportText({ findings, ...report })).replaceAll("\n", "");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
        expect(written.replaceAll(/\u001b\[(0|1|2|22|3[0-79])m/g, "")).not.toMatch(unseen);
      }),
      runs(50),
    );
  });

  it("may come with any file of what is allowed or remembered", async () => {
    const entries = fc.array(fc.dictionary(fc.constantFrom("object", "rule", "reason", "__proto__"), json()));
    const good = { about: "", version: 1, salt: "", stacks: { prod: [] } };
    const content = fc.oneof(
      text(),
      json().map((value) => JSON.stringify(value)),
      entries.map((value) => JSON.stringify(value)),
      json().map((stacks) => JSON.stringify({ ...good, stacks })),
      fc.constantFrom("&a [*a]", "[".repeat(3000), "? {a: &a}\n: *a"),
    );
    await fc.assert(
      fc.asyncProperty(content, async (content) => {
        for (const read of [Allowances.read, remembered]) {
          const error = await read(fileOf(content)).then(
            () => undefined,
            (error: Error) => error,
          );
          if (error === undefined) continue;
          expect(error).toBeInstanceOf(UserError);
          expectPlainLines(error.message);
        }
      }),
      runs(150),
    );
  });
});
