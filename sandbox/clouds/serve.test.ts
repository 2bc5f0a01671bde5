import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Hono } from "hono";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { faultsOf } from "../../tests/helpers/faults.ts";
import { serve } from "./serve.ts";

describe("the log of calls", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "kairos-serve-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const app = () => {
    const hono = new Hono();
    hono.post("/databases/:name", async (context) => context.json(await context.req.json(), 201));
    return hono;
  };
  const lines = (file: string) =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  it("has method, path, status and time of each call, and no header, query or body", async () => {
    const log = path.join(folder, "calls.jsonl");
    const secret = randomBytes(18).toString("base64url");
    const served = await serve(app(), { log });
    const start = Date.now();
    await fetch(`${served.url}/databases/kairos?token=${secret}`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}` },
      body: JSON.stringify({ password: secret }),
    });
    await fetch(`${served.url}/unknown`);
    await served.close();
    expect(lines(log)).toEqual(served.calls);
    expect(lines(log)).toEqual([
      {
        time: expect.any(String),
        method: "POST",
        path: "/databases/kairos",
        status: 201,
        ms: expect.any(Number),
      },
      { time: expect.any(String), method: "GET", path: "/unknown", status: 404, ms: expect.any(Number) },
    ]);
    expect(Date.parse(lines(log)[0].time)).toBeGreaterThanOrEqual(start);
    expect(readFileSync(log, "utf8")).not.toContain(secret);
  });

  it("is readable by its owner only, and goes on after a restart", async () => {
    const log = path.join(folder, "calls.jsonl");
    for (const name of ["first", "second"]) {
      const served = await serve(app(), { log });
      await fetch(`${served.url}/databases/${name}`, { method: "POST", body: "{}" });
      await served.close();
    }
    expect(statSync(log).mode & 0o777).toBe(0o600);
    expect(lines(log).map((call) => call.path)).toEqual(["/databases/first", "/databases/second"]);
  });

  it("keeps calls whose connection was cut", async () => {
    const served = await serve(app());
    faultsOf(served).add({ fault: "reset" });
    await fetch(`${served.url}/databases/a`, { method: "POST" }).catch(() => undefined);
    await served.close();
    expect(served.calls).toMatchObject([{ method: "POST", path: "/databases/a", status: 499 }]);
  });

  it("leaves it to the client to close a connection that is idle", async () => {
    const served = await serve(app());
    const { headers } = await fetch(`${served.url}/unknown`);
    await served.close();
    // In seconds; Go's clients let go after 90.
    expect(Number(/^timeout=(\d+)$/.exec(headers.get("keep-alive") ?? "")?.[1])).toBeGreaterThan(90);
  });

  it("refuses to start with a log that cannot be written", async () => {
    const log = path.join(folder, "missing", "calls.jsonl");
    await expect(serve(app(), { log })).rejects.toThrow("ENOENT");
  });
});
