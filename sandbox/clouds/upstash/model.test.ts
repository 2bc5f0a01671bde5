import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UpstashError } from "./index.ts";
import { UpstashCloud } from "./model.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "kairos-upstash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wanted = { database_name: "kairos-redis", region: "global", primary_region: "us-west-2" };

describe("an Upstash account", () => {
  it("keeps its databases across a restart, with the same passwords", () => {
    const file = path.join(folder, "state", "upstash.json");
    const before = new UpstashCloud({ file });
    const { database_id } = before.create({ ...wanted, eviction: true });
    before.change(database_id, { budget: 30 });
    const after = new UpstashCloud({ file });
    expect(after.list()).toEqual(before.list());
    expect(after.get(database_id)).toMatchObject({ budget: 30, eviction: true });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    after.delete(database_id);
    expect(new UpstashCloud({ file }).list()).toEqual([]);
  });

  it("makes up passwords and tokens, different each time", () => {
    const cloud = new UpstashCloud();
    const one = cloud.create(wanted);
    const other = cloud.create({ ...wanted, database_name: "other" });
    const secrets = [one, other].flatMap((db) => [db.password, db.rest_token, db.read_only_rest_token]);
    expect(new Set(secrets).size).toBe(6);
    expect(Math.min(...secrets.map((secret) => secret.length))).toBeGreaterThan(30);
    expect(cloud.resetPassword(one.database_id).password).not.toBe(one.password);
  });

  it("says where a database is reached now, not where it was", () => {
    let port = 6400;
    const cloud = new UpstashCloud({ endpoint: () => ({ host: "127.0.0.1", port }) });
    const { database_id } = cloud.create(wanted);
    expect(cloud.get(database_id)).toMatchObject({ endpoint: "127.0.0.1", port: 6400 });
    port = 6401;
    expect(cloud.get(database_id).port).toBe(6401);
    expect(new UpstashCloud().create(wanted).endpoint).toMatch(/^[a-z]+-[a-z]+-\d{5}\.upstash\.io$/);
  });

  it("hands out copies, which change nothing when they are changed", () => {
    const cloud = new UpstashCloud();
    const database = cloud.create(wanted);
    database.read_regions.push("nowhere");
    database.tls = false;
    expect(cloud.get(database.database_id)).toMatchObject({ read_regions: [], tls: true });
  });

  it("refuses what cannot be", () => {
    const cloud = new UpstashCloud();
    cloud.create(wanted);
    const refusal = (request: object) => {
      try {
        cloud.create({ ...wanted, database_name: "next", ...request });
      } catch (error) {
        return (error as UpstashError).body;
      }
      return undefined;
    };
    expect(refusal({ region: "us-west-2" })).toBe("regional db creation is deprecated");
    expect(refusal({ read_regions: ["us-west-2"] })).toContain("us-west-2");
    expect(refusal({ database_name: " " })).toContain("name");
    expect(refusal({ database_name: "kairos-redis" })).toContain("already exists");
    expect(refusal({ budget: -1 })).toContain("budget");
    expect(cloud.list()).toHaveLength(1);
    expect(() => cloud.get("missing")).toThrow(UpstashError);
  });
});
