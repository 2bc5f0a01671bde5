import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, opened } from "../tests/helpers/program.ts";
import { contract, type VariableName } from "./contract.ts";
import { contractValues, withExtras } from "./values.ts";

/** The table of architecture.md. */
const table: [VariableName, owner: string, mandatory: string, secret: boolean][] = [
  ["MONGODB_URL", "mongodb", "always", true],
  ["MONGODB_DB_NAME", "mongodb", "always", false],
  ["MONGODB_TIMEOUT_MS", "mongodb", "always", false],
  ["MONGODB_MAX_POOL_SIZE", "mongodb", "always", false],
  ["MONGODB_MIN_POOL_SIZE", "mongodb", "always", false],
  ["POSTGRES_HOST", "postgres", "while on", false],
  ["POSTGRES_PORT", "postgres", "while on", false],
  ["POSTGRES_USER", "postgres", "while on", false],
  ["POSTGRES_PASSWORD", "postgres", "while on", true],
  ["POSTGRES_DB", "postgres", "while on", false],
  ["REDIS_URL", "redis", "while on", true],
];
const namesOf = (...owners: string[]) =>
  table.filter(([, owner]) => owners.includes(owner)).map(([name]) => name);
const secretNames = table.filter(([, , , secret]) => secret).map(([name]) => name);

/** Databases as far as the environment reads them. `mark` stands for what a provider says of secrecy. */
function databases(mark: (value: string) => pulumi.Output<string>) {
  const password = newPassword();
  return {
    mongodb: {
      url: mark(`mongodb+srv://kairos:${encodeURIComponent(password)}@host/ka%C3%AFros`),
      database: "kaïros",
      driver: { timeout: 5000, maxPoolSize: 200, minPoolSize: 20 },
    },
    postgres: {
      connection: {
        host: mark("dpg-x-a"),
        port: mark("5432"),
        user: mark("kairos"),
        password: mark(password),
        database: mark("kairos_b34d"),
      },
    },
    redis: { url: mark(`rediss://default:${encodeURIComponent(password)}@host:6379`) },
    password,
  };
}
const marks = [
  ["nothing as secret", pulumi.output<string>],
  ["everything as secret", pulumi.secret<string>],
] as [string, (value: string) => pulumi.Output<string>][];

describe("the contract", () => {
  it("has the variables of the architecture's table, in its order, and no other", () => {
    expect(Object.keys(contract)).toEqual(table.map(([name]) => name));
  });

  it.each(table)("says of %s: owner %s, mandatory %s, secret %s", (name, owner, mandatory, secret) => {
    expect(contract[name]).toMatchObject({ owner, mandatory, secret });
  });

  it("is data: it survives JSON, and describes each variable in both languages", () => {
    expect(JSON.parse(JSON.stringify(contract))).toEqual(contract);
    for (const { description } of Object.values(contract)) {
      expect(description.en).toMatch(/\w/);
      expect(description.fr).toMatch(/\w/);
    }
  });
});

describe("environmentOf", () => {
  const all = databases((value) => pulumi.output(value));
  it.each([
    ["MongoDB alone", { postgres: undefined, redis: undefined }, ["mongodb"]],
    ["Postgres on", { redis: undefined }, ["mongodb", "postgres"]],
    ["Redis on", { postgres: undefined }, ["mongodb", "redis"]],
    ["everything on", {}, ["mongodb", "postgres", "redis"]],
  ])("has exactly the variables of the databases that are on: %s", (_, off, owners) => {
    expect(Object.keys(contractValues({ ...all, ...off }))).toEqual(namesOf(...owners));
  });

  it.each(marks)("marks what the contract calls secret when the providers mark %s", async (_, mark) => {
    const environment = contractValues(databases(mark));
    const marked = await Promise.all(
      Object.entries(environment).map(async ([name, value]) =>
        (await pulumi.isSecret(value)) ? [name] : [],
      ),
    );
    expect(marked.flat()).toEqual(secretNames);
  });

  it.each(marks)("gives the values as text when the providers mark %s", async (_, mark) => {
    const { password, ...on } = databases(mark);
    const entries = Object.entries(contractValues(on)).map(async ([name, value]) => [
      name,
      (await opened(value)).value,
    ]);
    expect(Object.fromEntries(await Promise.all(entries))).toEqual({
      MONGODB_URL: `mongodb+srv://kairos:${encodeURIComponent(password)}@host/ka%C3%AFros`,
      MONGODB_DB_NAME: "kaïros",
      MONGODB_TIMEOUT_MS: "5000",
      MONGODB_MAX_POOL_SIZE: "200",
      MONGODB_MIN_POOL_SIZE: "20",
      POSTGRES_HOST: "dpg-x-a",
      POSTGRES_PORT: "5432",
      POSTGRES_USER: "kairos",
      POSTGRES_PASSWORD: password,
      POSTGRES_DB: "kairos_b34d",
      REDIS_URL: `rediss://default:${encodeURIComponent(password)}@host:6379`,
    });
  });
});

describe("withExtras", () => {
  const environment = { MONGODB_DB_NAME: pulumi.output("kaïros"), MONGODB_URL: pulumi.secret("opaque") };
  const token = newPassword();
  const extended = withExtras(environment, { LOG_LEVEL: "info" }, { SENTRY_TOKEN: token });

  it.each([
    ["a plain variable stays readable", "LOG_LEVEL", "info", false],
    ["a secret variable is marked", "SENTRY_TOKEN", token, true],
    ["the contract's plain variable is as it was", "MONGODB_DB_NAME", "kaïros", false],
    ["the contract's secret variable is as it was", "MONGODB_URL", "opaque", true],
  ])("%s", async (_, name, value, isSecret) => {
    expect(await opened(extended[name] as pulumi.Output<string>)).toEqual({ value, isSecret });
  });

  it("adds to a copy: another service's environment does not change", () => {
    expect(Object.keys(extended)).toHaveLength(4);
    expect(Object.keys(environment)).toEqual(["MONGODB_DB_NAME", "MONGODB_URL"]);
  });
});
