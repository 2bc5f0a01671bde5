/**
 * Redeploying a service, on the real engine: once for each change, what is live and not what is configured, and
 * again after a deploy that could not be started. A stand-in of four lines plays Render.
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

describe.skipIf(engine === undefined)("pulumi up", () => {
  let stack: EngineStack;
  let deploys: unknown[] = [];
  let own: string[] = [];
  let refuse = false;
  beforeAll(async () => {
    if (engine === undefined) return;
    stack = await EngineStack.create(engine, project, (method, pathname, body) => {
      if (pathname === `${service}/env-vars`)
        return { status: 200, body: own.map((key) => ({ cursor: key, envVar: { key, value: "unread" } })) };
      if (pathname !== `${service}/deploys`) return undefined;
      if (method === "GET")
        return { status: 200, body: [{ deploy: { id: "dep-1", status: "live", commit: { id: "c0ffee" } } }] };
      if (refuse) return { status: 500, body: { message: "try later" } };
      deploys.push(JSON.parse(body));
      return { status: 201, body: { id: "dep-2" } };
    });
  });
  afterAll(() => stack?.remove());
  beforeEach(() => {
    deploys = [];
  });

  const up = async (value: string) => {
    await stack.configure({});
    await stack.setSecret("test:variable", value);
    return stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  };

  it("deploys the live commit the first time", async () => {
    expect((await up("first-canary")).exitCode).toBe(0);
    expect(deploys).toEqual([{ commitId: "c0ffee" }]);
  });

  it("deploys nothing when nothing changed", async () => {
    expect((await up("first-canary")).exitCode).toBe(0);
    expect(deploys).toEqual([]);
  });

  it("deploys once when a variable changed", async () => {
    expect((await up("second-canary")).exitCode).toBe(0);
    expect(deploys).toEqual([{ commitId: "c0ffee" }]);
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
    expect(deploys).toEqual([{ commitId: "c0ffee" }]);
  });

  it("refuses to deploy a service whose own variable wins over the env group's", async () => {
    own = ["OTHER", "VARIABLE"];
    const failed = await up("fourth-canary");
    own = [];
    expect(failed.exitCode).not.toBe(0);
    expect(failed.all).toContain("sets VARIABLE itself");
    expect(deploys).toEqual([]);
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
