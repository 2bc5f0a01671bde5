/**
 * `status --stack` where nobody outside can resolve the names of the private network: the command as it is typed, on a stack
 * that the real engine has brought up. It needs an engine, and Python with the packages of tests/backend/requirements.txt.
 */
import path from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { root } from "../../ops/bundle.mjs";
import type { Status } from "../../ops/status/model.ts";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
const python = process.env.KAIROS_PYTHON;
const reason = "reason" in found ? found.reason : python ? undefined : "KAIROS_PYTHON names no Python";
if (reason !== undefined) console.log(`skipped: status from inside on the real engine (${reason})`);

describe.skipIf(reason !== undefined)("status --stack", () => {
  let ground: RotationGround;

  beforeAll(async () => {
    if (!("engine" in found)) return;
    // Jobs find the Python that has the drivers.
    vi.stubEnv("PATH", `${path.dirname(python ?? "")}${path.delimiter}${process.env.PATH}`);
    const redis = { provider: "render", plan: "starter", mayBeDestroyed: "kairos-redis" };
    ground = await RotationGround.create(found.engine, { redis }, { privateNetwork: true });
  });
  afterAll(async () => {
    await ground?.remove();
    vi.unstubAllEnvs();
  });

  const status = async (...args: string[]) => {
    const { stdout, all, exitCode } = await execa(
      process.execPath,
      [path.join(root, "ops", "kairos.mjs"), "status", "--stack", "test", "--json", ...args],
      {
        env: {
          ...ground.stack.environment,
          KAIROS_PROJECT: path.dirname(ground.stack.stateFolder),
          NODE_EXTRA_CA_CERTS: ground.sandbox.authorityFile,
        },
        extendEnv: false,
        all: true,
        reject: false,
      },
    );
    ground.printed += all;
    return { exitCode, status: JSON.parse(stdout) as Status };
  };
  const places = ({ databases }: Status) =>
    Object.fromEntries(
      Object.entries(databases).map(([name, { state, from }]) => [name, [state, from?.service]]),
    );

  it("is blind from here for what only the private network resolves", async () => {
    const { databases } = (await status("--from", "here")).status;
    expect(databases.postgres.problem?.kind).toBe("host-not-found");
    expect(databases.redis.problem?.kind).toBe("host-not-found");
  });

  it("asks a service of the backend about it by itself", async () => {
    const { status: seen } = await status();
    expect(seen.notInside).toBeUndefined();
    expect(places(seen)).toMatchObject({
      mongodb: ["well", undefined],
      postgres: [expect.stringMatching(/well|warning/), "kairos-backend"],
      redis: [expect.stringMatching(/well|warning/), "kairos-backend"],
    });
  });

  it("asks about all three from inside, with Python's drivers, where that is wanted", async () => {
    const { exitCode, status: seen } = await status("--from", "backend");
    expect(exitCode).toBe(0);
    const { mongodb, postgres, redis } = seen.databases;
    expect([mongodb, postgres, redis].map(({ from }) => from?.driver?.split(" ")[0])).toEqual([
      "pymongo",
      "psycopg",
      "redis",
    ]);
    for (const { facts, state } of [mongodb, postgres, redis])
      expect([facts.connected, state]).not.toContain("failed");
    // It knows the age of each credential from the stack's state; a Key Value has none.
    expect([mongodb, postgres, redis].map(({ credential }) => credential?.days)).toEqual([0, 0, undefined]);
  });

  it("has put no secret into a log, an output or the state", async () => {
    const { render } = ground.sandbox.clouds;
    const logs = render.state.jobs.flatMap(({ id }) => ground.sandbox.deploys.lines(id));
    expect(logs.length).toBeGreaterThan(0);
    const { MONGODB_URL = "", POSTGRES_PASSWORD = "" } = ground.variables();
    const secrets = [POSTGRES_PASSWORD, /:([^:@]*)@/.exec(MONGODB_URL)?.[1] ?? "", ...ground.stack.secrets];
    const state = await ground.stack.pulumi("stack", "export", "--stack", "test");
    expect(leaks(JSON.stringify(logs) + ground.printed + state.all, secrets)).toEqual([]);
  });
});
