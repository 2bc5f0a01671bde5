/** Redis at Upstash can only cut over: it is asked first, then short; the database itself refuses the old password. */
import { readFile } from "node:fs/promises";
import { createClient } from "@redis/client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: rotations of Redis on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("Redis at Upstash", () => {
  let ground: RotationGround;
  let before: string;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    ground = await RotationGround.create(found.engine, { postgres: { enabled: false } });
    before = ground.variables().REDIS_URL ?? "";
  });
  afterAll(() => ground?.remove());

  async function ping(url: string): Promise<string> {
    const ca = await readFile(ground.sandbox.authorityFile);
    const client = createClient({ url, socket: { tls: true, ca, reconnectStrategy: false } });
    client.on("error", () => undefined);
    await client.connect();
    try {
      return await client.ping();
    } finally {
      await client.close();
    }
  }

  it("is not cut over unasked: how long it takes is said, and nothing is changed", async () => {
    const { code, stderr } = await ground.rotate("redis");
    expect(code).toBe(1);
    const line = stderr.trim().split("\n").at(-1);
    expect(line).toMatch(/^error: redis: the vendor can only cut over, .*until each service is live again/);
    expect(line).toContain("Nothing was changed");
    expect(await ping(before)).toBe("PONG");
  });

  it("gets another password, and the services with it", async () => {
    const { code, stderr, stdout } = await ground.rotate("redis", "--yes", "--json");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout).rotations).toMatchObject([{ result: "rotated", from: 1, to: 2 }]);
    const after = ground.variables().REDIS_URL ?? "";
    expect(await ping(after)).toBe("PONG");
    await expect(ping(before)).rejects.toThrow(/WRONGPASS|invalid|auth/i);
    // What its provider still believes, and learns with a refresh, changes nothing.
    await ground.succeeds("preview", "--expect-no-changes");
    await ground.succeeds("refresh", "--yes", "--skip-preview");
    await ground.succeeds("preview", "--expect-no-changes");
    const secrets = [before, after].map((url) => new URL(url).password);
    expect(leaks(ground.printed, secrets)).toEqual([]);
  });

  it("is left out where there is nothing to rotate", async () => {
    const { code, stderr } = await ground.rotate("postgres");
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining("nothing to rotate: this stack has no Postgres"),
    ]);
  });
});
