import { describe, expect, it } from "vitest";
import { canary, leaks } from "../../tests/canaries.ts";
import { configurationFrom, type Variables } from "./variables.ts";

const mongodb = {
  MONGODB_URL: "mongodb+srv://user:secret@host.example/db",
  MONGODB_DB_NAME: "kaïros",
  MONGODB_TIMEOUT_MS: "5000",
  MONGODB_MAX_POOL_SIZE: "200",
  MONGODB_MIN_POOL_SIZE: "20",
};
const mistakesOf = (variables: Variables, owner: "mongodb" | "postgres" | "redis" = "mongodb") => {
  const configured = configurationFrom(variables)[owner];
  return configured !== undefined && "mistakes" in configured ? configured.mistakes : [];
};

describe("the variables of the contract", () => {
  it("are settings when they are complete; an empty value counts as none", () => {
    const {
      timeout,
      postgres,
      redis,
      mongodb: own,
      contract,
    } = configurationFrom({ ...mongodb, REDIS_URL: "" });
    expect({ timeout, postgres, redis }).toEqual({ timeout: 5000, postgres: undefined, redis: undefined });
    expect(own).toEqual({
      settings: { url: mongodb.MONGODB_URL, database: "kaïros", maxPoolSize: 200, minPoolSize: 20 },
    });
    expect(contract.find(({ name }) => name === "REDIS_URL")).toEqual({
      name: "REDIS_URL",
      state: "unset",
      secret: true,
    });
  });

  it("are all missing where there are none, for MongoDB alone", () => {
    expect(mistakesOf({}).map(({ kind }) => kind)).toEqual(Array(5).fill("missing"));
    expect(configurationFrom({})).toMatchObject({ postgres: undefined, redis: undefined, timeout: 5000 });
  });

  it("contradict each other: one of a database's is set, another is not", () => {
    expect(mistakesOf({ ...mongodb, POSTGRES_HOST: "h", POSTGRES_PORT: "5432" }, "postgres")).toEqual([
      { variable: "POSTGRES_USER", kind: "missing", beside: ["POSTGRES_HOST", "POSTGRES_PORT"] },
      { variable: "POSTGRES_PASSWORD", kind: "missing", beside: ["POSTGRES_HOST", "POSTGRES_PORT"] },
      { variable: "POSTGRES_DB", kind: "missing", beside: ["POSTGRES_HOST", "POSTGRES_PORT"] },
    ]);
  });

  it.each([
    ["MONGODB_TIMEOUT_MS", "5s", "not-a-number"],
    ["MONGODB_TIMEOUT_MS", "0", "out-of-range"],
    ["MONGODB_TIMEOUT_MS", "99999999", "out-of-range"],
    ["MONGODB_MAX_POOL_SIZE", "-1", "not-a-number"],
    ["MONGODB_MIN_POOL_SIZE", "201", "above-maximum"],
    ["MONGODB_URL", "https://host.example", "not-a-url"],
    ["REDIS_URL", "host:6379", "not-a-url"],
    ["POSTGRES_HOST", "postgres://somebody:something@host.example/db", "not-a-host"],
    ["REDIS_URL", "https://host.example", "not-a-url"],
    ["POSTGRES_PORT", "70000", "out-of-range"],
  ])("%s=%s is %s", (variable, value, kind) => {
    const owner = variable.startsWith("REDIS")
      ? "redis"
      : variable.startsWith("POSTGRES")
        ? "postgres"
        : "mongodb";
    const mistakes = mistakesOf({ ...mongodb, [variable]: value }, owner);
    expect(mistakes.find((one) => one.variable === variable)?.kind).toBe(kind);
  });

  it("never show a value that is secret, or in the wrong place", () => {
    const secret = canary();
    const { contract } = configurationFrom({
      ...mongodb,
      MONGODB_URL: `mongodb://u:${encodeURIComponent(secret)}@h`,
      MONGODB_TIMEOUT_MS: secret,
      POSTGRES_PASSWORD: secret,
    });
    expect(leaks(JSON.stringify(contract), [secret])).toEqual([]);
    expect(contract.find(({ name }) => name === "MONGODB_DB_NAME")?.value).toBe("kaïros");
  });
});
