import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { settingsOf } from "../tests/helpers/program.ts";
import { readmeOf } from "./readme.ts";
import { placementOf } from "./settings/placement.ts";

const readme = (sections: Record<string, unknown> = {}, stack = "prod") => {
  const settings = settingsOf(sections);
  return readmeOf(stack, settings, placementOf(settings));
};
const postgres = {
  enabled: true,
  name: "kairos-postgres",
  plan: "basic_1gb",
  version: "18",
  database: "a",
  user: "b",
};

describe("the stack's page", () => {
  it("says which databases there are, where, for which services, and what is next", () => {
    const text = readme({ postgres, redis: { provider: "upstash", name: "kairos-redis", budget: 20 } });
    expect(text).toMatch(/^# Kaïros' databases, production \(`prod`\)\n/);
    expect(text).toContain("| MongoDB Atlas | cluster `cluster0` (M10), database `kaïros` | US_WEST_2 |\n");
    expect(text).toContain("| Render Postgres | `kairos-postgres` (basic_1gb, version 18) | oregon |\n");
    expect(text).toContain("| Upstash Redis | `kairos-redis` | us-west-2 |\n");
    expect(text).toContain("variables to `kairos-backend` (Render, oregon)");
    expect(text).toContain("`npx kairos status --stack prod`");
  });

  it("follows the region, and what is off is not on it", () => {
    const text = readme({ region: "frankfurt" }, "pr-7");
    expect(text).toContain("short-lived (`pr-7`)");
    expect(text).toContain("EU_CENTRAL_1");
    expect(text).not.toMatch(/Postgres|Redis/);
  });

  it.each([
    [{ provider: "render", name: "kv", plan: "starter" }, "| Render Key Value | `kv` (starter) | oregon |"],
    [{ provider: "redis-cloud", name: "rc", plan: "30MB" }, "| Redis Cloud | `rc` (30MB) | us-west-2 |"],
  ])("has %j", (redis, row) => {
    expect(readme({ redis })).toContain(row);
  });

  it("is the same for the same settings, and holds nothing of a secret one", () => {
    const password = randomBytes(12).toString("hex");
    const redis = { provider: "external", url: `rediss://default:${password}@redis.example.com:6380` };
    const text = readme({ redis });
    expect(text).toBe(readme({ redis }));
    expect(text).toContain("| Redis | one that this stack does not make | elsewhere |");
    expect(text).not.toContain(password);
  });
});
