import { describe, expect, it } from "vitest";
import { stageDefaults } from "../../infra/settings/stages.ts";
import { stagesTable } from "./stages.ts";

describe("the table of defaults", () => {
  const lines = stagesTable("en").split("\n");
  const lineOf = (setting: string) => lines.find((line) => line.startsWith(`| \`${setting}\``));

  it("has each row of the program's, in its order", () => {
    expect(lines.slice(2).map((line) => /`([^`]+)`/.exec(line)?.[1])).toEqual(
      stageDefaults.map(({ setting }) => setting),
    );
    expect(stagesTable("fr").split("\n").slice(1)).toEqual(lines.slice(1));
  });

  it("shows values as they come out, names with the stack's ending, and what has no default", () => {
    expect(lineOf("mongodb.tier")).toBe("| `mongodb.tier` | — | `M10` | `M0` |");
    expect(lineOf("mongodb.driver.minPoolSize")).toBe("| `mongodb.driver.minPoolSize` | `20` | `5` | `0` |");
    expect(lineOf("redis.name")).toBe(
      "| `redis.name` (upstash, render, redis-cloud) | `kairos-redis` | `kairos-redis-staging` | `kairos-redis-pr-123` |",
    );
    expect(lineOf("postgres.mayBeDestroyed")).toBe(
      "| `postgres.mayBeDestroyed` | — | — | `kairos-postgres-pr-123` |",
    );
  });

  it("differs when a default does, when a row goes and when one comes", () => {
    const [first, ...rest] = stageDefaults;
    if (first === undefined) throw new Error("there are defaults");
    const tables = [
      stageDefaults,
      [{ ...first, staging: "other" }, ...rest],
      rest,
      [...stageDefaults, { ...first, setting: "a.b" }],
    ];
    expect(new Set(tables.map((rows) => stagesTable("en", rows))).size).toBe(tables.length);
  });
});
