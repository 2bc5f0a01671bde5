import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type VariableName, contract as variables } from "../../infra/contract.ts";
import { root } from "../bundle.mjs";
import { contract } from "./actions.ts";
import { differences } from "./differences.ts";
import { dotenv } from "./dotenv.ts";
import { ofEveryStack, ofStack } from "./groups.ts";
import { jsonSchema } from "./json-schema.ts";
import { python } from "./python.ts";

const names = Object.keys(variables) as VariableName[];
const secrets = names.filter((name) => variables[name].secret);
const sandbox = await ofStack(root, "sandbox");
const production = await ofStack(root, "prod");

describe.each([
  ["python", python],
  ["json-schema", jsonSchema],
  ["dotenv", dotenv],
])("in %s", (lang, written) => {
  it("has each variable of the contract once, and the command that wrote it", () => {
    const text = written(ofEveryStack(), `npx kairos contract --lang ${lang}`);
    expect(text).toContain(`npx kairos contract --lang ${lang}`);
    for (const name of names) expect(text).toContain(name);
    expect(text).toMatch(/[^\n]\n$/);
  });

  it("has of a stack only what that stack has", () => {
    const { groups, ...rest } = sandbox;
    const text = written({ ...rest, groups: groups.filter(({ owner }) => owner !== "redis") }, "x");
    expect(text).not.toMatch(/redis/i);
    expect(text).toContain("POSTGRES_HOST");
  });
});

describe("in Python", () => {
  it("keeps secrets as such, and checks numbers", () => {
    const text = python(ofEveryStack(), "x");
    const types = [...text.matchAll(/: (\w+) = Field\(\s*validation_alias="(\w+)"/g)];
    expect(Object.fromEntries(types.map(([, type, name]) => [name, type]))).toEqual(
      Object.fromEntries(
        names.map((name) => [
          name,
          variables[name].secret ? "SecretStr" : variables[name].range ? "int" : "str",
        ]),
      ),
    );
  });

  it("is laid out for 88 columns", () => {
    const long = [python(ofEveryStack(), "npx kairos contract --lang python"), python(production, "x")];
    expect(long.flatMap((text) => text.split("\n")).filter((line) => line.length > 88)).toEqual([]);
  });

  it("makes optional what not every stack has, and of one stack nothing", () => {
    expect(python(ofEveryStack(), "x")).toContain(
      "postgres: Postgres | None = Field(default_factory=Postgres.given)",
    );
    expect(python(production, "x")).toContain("postgres: Postgres = Field(default_factory=Postgres)");
  });

  it("names the package that the URL's compressor needs", () => {
    const needs = (...compressors: string[]) => python({ ...production, compressors }, "x");
    expect(needs("zstd")).toContain("\nIt needs pymongo[zstd].\n");
    expect(needs("zlib")).not.toContain("It needs");
  });
});

describe("as JSON Schema", () => {
  it("asks for all variables of a database or none, and for MongoDB's always", () => {
    const { required, dependentRequired, properties } = JSON.parse(jsonSchema(ofEveryStack(), "x"));
    expect(required).toEqual(names.filter((name) => variables[name].owner === "mongodb"));
    expect(dependentRequired.POSTGRES_DB).toEqual([
      "POSTGRES_HOST",
      "POSTGRES_PORT",
      "POSTGRES_USER",
      "POSTGRES_PASSWORD",
    ]);
    expect(names.filter((name) => properties[name].writeOnly)).toEqual(secrets);
    expect(JSON.parse(jsonSchema(production, "x")).required).toEqual(names);
  });
});

describe("as a .env file", () => {
  it("has the values that a stack's settings give, and nothing in the place of a secret or of what a vendor says", () => {
    const text = dotenv(production, "x");
    expect(text).toContain("\nMONGODB_DB_NAME=kaïros\n");
    expect(text).toContain("\nMONGODB_TIMEOUT_MS=5000\n");
    for (const name of [...secrets, "POSTGRES_HOST"]) expect(text).toContain(`\n${name}=\n`);
  });
});

describe("the differences of a file", () => {
  const wanted = "a\nb\nc\nd\n";

  it.each([
    ["is the same", "a\nb\nc\nd\n", []],
    ["has other ends of lines", "a\r\nb\r\nc\r\nd", []],
    ["lacks lines", "a\nd\n", ["  before line 2: expected\n    b\n    c"]],
    ["lacks the last one", "a\nb\nc\n", ["  before line 4: expected\n    d"]],
    ["has more", "a\nb\nx\ny\nc\nd\n", ["  lines 3 to 4: expected nothing"]],
    ["has another one", "a\nx\nc\nd\n", ["  line 2: expected\n    b"]],
    ["differs twice", "x\nb\nc\ny\n", ["  line 1: expected\n    a", "  line 4: expected\n    d"]],
  ])("that %s", (_, found, expected) => {
    expect(differences(found, wanted)).toEqual(expected);
  });
});

describe("--check", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kairos-contract-"));
  const file = path.join(folder, "databases.py");
  const said = vi.fn();
  const checked = async (text: string) => {
    writeFileSync(file, text);
    vi.spyOn(process.stdout, "write").mockImplementation(((words: string, done: () => void) => {
      said(words);
      done();
      return true;
    }) as never);
    await contract({ lang: "python", check: file });
    return said.mock.calls.flat().join("");
  };
  afterEach(() => {
    vi.restoreAllMocks();
    said.mockClear();
    process.exitCode = undefined;
    rmSync(file, { force: true });
  });
  const current = python(ofEveryStack(), "npx kairos contract --lang python");

  it("says that a file is current", async () => {
    expect(await checked(current)).toBe(`${file}: current\n`);
    expect(process.exitCode).toBeUndefined();
  });

  it("says what is to be otherwise, ends with 1, and shows nothing of what somebody wrote there", async () => {
    const words = await checked(current.replace("le=65535", "le=80").replace("Redis.", "opaque-password"));
    expect(words).toContain(`${file}: out of step with the contract\n`);
    expect(words).toContain("le=65535");
    expect(words).toContain(`Put right by: npx kairos contract --lang python > ${file}`);
    expect(words).not.toContain("opaque-password");
    expect(process.exitCode).toBe(1);
  });

  it("says which file it cannot read", async () => {
    await expect(contract({ lang: "dotenv", check: path.join(folder, "nothing") })).rejects.toThrow(
      /^--check: cannot read .*nothing \(ENOENT\); expected a file that npx kairos contract --lang dotenv has written$/,
    );
  });
});
