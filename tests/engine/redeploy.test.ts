/**
 * Redeploying a service, on the real engine: once for each change, what is live and not what is configured, waited for
 * until it is live, and again after a deploy that could not be started, that failed, or that nobody lived to see live.
 * A stand-in of a few lines plays Render.
 */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { findEngine } from "../../engine/cli/find.ts";
import { EngineStack } from "./harness.ts";

const engine = await findEngine();
if (engine === undefined) console.log("skipped: redeploys with the real engine (no pulumi found)");

const project = path.join(path.dirname(fileURLToPath(import.meta.url)), "redeploy-program");
const service = "/v1/services/srv-01234567890123456789";

interface Deploy {
  id: string;
  status: string;
  createdAt: string;
  commit: { id: string };
}

describe.skipIf(engine === undefined)("pulumi up", () => {
  let stack: EngineStack;
  /** What was asked for, each time. */
  let asked: unknown[] = [];
  /** Every call that Render gets. */
  let calls: string[] = [];
  let own: string[] = [];
  let refuse = false;
  /** What becomes of the next deploys; undefined: each is under way until it is told otherwise. */
  let outcome: string | undefined = "live";
  const deploys: Deploy[] = [];
  let log: string[] = [];
  const begin = (status: string) =>
    deploys.unshift({
      id: `dep-${deploys.length}`,
      status,
      createdAt: new Date(Date.now() + deploys.length).toISOString(),
      commit: { id: "c0ffee" },
    });
  begin("live");

  beforeAll(async () => {
    if (engine === undefined) return;
    stack = await EngineStack.create(engine, project, (method, pathname, body) => {
      calls.push(`${method} ${pathname}`);
      if (pathname === `${service}/env-vars`)
        return { status: 200, body: own.map((key) => ({ cursor: key, envVar: { key, value: "unread" } })) };
      if (pathname === "/v1/logs")
        return { status: 200, body: { logs: log.map((message, i) => ({ message, timestamp: `${i}` })) } };
      if (pathname !== `${service}/deploys`) return undefined;
      if (method === "GET") return { status: 200, body: deploys.map((deploy) => ({ deploy })) };
      if (refuse) return { status: 500, body: { message: "try later" } };
      asked.push(JSON.parse(body));
      begin(outcome ?? "build_in_progress");
      // Queued: Render says nothing of it.
      return { status: 202, body: undefined };
    });
  });
  afterAll(() => stack?.remove());
  beforeEach(() => {
    asked = [];
    calls = [];
    outcome = "live";
    log = [];
  });

  const configured = async (value: string, settings: Record<string, unknown> = {}) => {
    await stack.configure(settings);
    await stack.setSecret("test:variable", value);
  };
  const run = (...more: string[]) =>
    stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test", ...more);
  const up = async (value: string, settings?: Record<string, unknown>) => {
    await configured(value, settings);
    return run();
  };

  it("deploys the live commit the first time", async () => {
    const { exitCode, all } = await up("first-canary");
    expect([exitCode, all]).toEqual([0, expect.stringContaining("service: live")]);
    expect(asked).toEqual([{ commitId: "c0ffee" }]);
  });

  it("deploys nothing when nothing changed, and asks nothing", async () => {
    const { exitCode, all } = await up("first-canary");
    expect([exitCode, all]).toEqual([0, expect.not.stringContaining("service: ")]);
    // An up that changes nothing takes no time for deploys.
    expect(calls).toEqual([]);
  });

  it("deploys once when a variable changed", async () => {
    expect((await up("second-canary")).exitCode).toBe(0);
    expect(asked).toEqual([{ commitId: "c0ffee" }]);
  });

  it("fails when the deploy cannot be started, and the next up starts it", async () => {
    refuse = true;
    const failed = await up("third-canary");
    expect(failed.exitCode).not.toBe(0);
    expect(failed.all).toContain(
      `Render: POST /services/srv-01234567890123456789/deploys answered 500 (try later)`,
    );
    refuse = false;
    expect((await up("third-canary")).exitCode).toBe(0);
    expect(asked).toEqual([{ commitId: "c0ffee" }]);
  });

  it("is red when the deploy fails, with the last words but no secret, and the next up deploys again", async () => {
    outcome = "update_failed";
    log = ["starting", "password failing-canary refused"];
    const failed = await up("failing-canary");
    expect(failed.exitCode).not.toBe(0);
    expect(failed.all).toMatch(
      /service: Render's deploy dep-\d is update_failed; expected live\. Its last words: starting \/ password \[secret\] refused\. dep-\d of .* still runs/,
    );
    expect(failed.all).not.toContain("failing-canary");
    outcome = "live";
    expect((await run()).exitCode).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it("gives up on a deploy that takes too long, or does not wait at all where the stack says so", async () => {
    outcome = undefined;
    const late = await up("late-canary", { "test:limit": "2000" });
    expect([late.exitCode === 0, late.all]).toEqual([
      false,
      expect.stringContaining("its deploy is build_in_progress after"),
    ]);
    expect((await up("late-canary", { "test:wait": "false" })).exitCode).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it("goes on in the next up when it is killed while it waits", async () => {
    outcome = undefined;
    await configured("killed-canary");
    const killed = new AbortController();
    const ended = stack.killable(killed.signal, "up", "--yes", "--skip-preview", "--stack", "test");
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 100));
    killed.abort();
    await ended;
    outcome = "live";
    await stack.pulumi("cancel", "--yes", "--stack", "test");
    const { exitCode, all } = await run();
    expect([exitCode, all]).toEqual([0, expect.stringContaining("service: live")]);
    expect(asked).toHaveLength(2);
  });

  it("refuses to deploy a service whose own variable wins over the env group's", async () => {
    own = ["OTHER", "VARIABLE"];
    const failed = await up("fourth-canary");
    own = [];
    expect(failed.exitCode).not.toBe(0);
    expect(failed.all).toContain("sets VARIABLE itself");
    expect(asked).toEqual([]);
  });

  it("keeps the variables out of everything that it prints and stores", async () => {
    const { all } = await up("fifth-canary");
    const { stdout: state } = await stack.pulumi("stack", "export", "--stack", "test");
    for (const secret of stack.secrets) {
      expect(all).not.toContain(secret);
      expect(state).not.toContain(secret);
    }
  });
});
