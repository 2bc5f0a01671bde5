import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createClient } from "@redis/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { namespace } from "../../ops/status/look/redis/throw-away.ts";
import { canary, leaks } from "../canaries.ts";
import { middleman } from "./middleman.ts";
import { type Peers, startPeers } from "./peers.ts";

let peers: Peers;
let ca: string;
beforeAll(async () => {
  peers = await startPeers();
  ca = path.join(peers.folder, "authority.pem");
});
afterAll(() => peers?.close());

/** Of a test that fails, nothing goes on beside the next one. */
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The command in a process of its own, as `npx kairos status` starts it. */
function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["--", path.join(root, "ops", "kairos.mjs"), "status", ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NO_COLOR: "1", ...env },
  });
  children.push(child);
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    said.stderr += text;
  });
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, ...said }));
  return { child, said, ended };
}

const run = (args: readonly string[], env?: NodeJS.ProcessEnv) => start(args, env).ended;
const defined = (variables: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );

describe("npx kairos status", () => {
  it("takes the environment of the process, and ends with 0 when all is well", async () => {
    const again = () => run(["--from-env", "--ca", ca, "--strict"], defined(peers.variables()));
    let ended = await again();
    // A busy machine may hold up the answers.
    for (let left = 5; left > 0 && /takes \d+ ms to answer/.test(ended.stdout); left--) ended = await again();
    const { code, stdout, stderr } = ended;
    expect(stderr).toBe("");
    expect(stdout).toContain("Everything that was checked is well.");
    expect(code).toBe(0);
    for (const line of stdout.split("\n")) expect([...line].length, line).toBeLessThanOrEqual(80);
  });

  it("takes a file, in French, and ends with 1 when MongoDB fails; no secret in what it says", async () => {
    const wrong = canary();
    const file = path.join(peers.folder, ".env");
    const variables = {
      ...peers.variables(),
      MONGODB_URL: peers.mongodbUrl({ user: "kairos", password: wrong }),
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}="${value}"`);
    writeFileSync(file, `${lines.join("\n")}\n`);
    for (const format of [[], ["--markdown"], ["--json"]]) {
      const { code, stdout, stderr } = await run(["--env-file", file, "--ca", ca, "--lang", "fr", ...format]);
      expect(stderr).toBe("");
      expect(stdout).toMatch(format[0] === "--json" ? /"login-refused"/ : /mot de passe est refusé/);
      expect(code).toBe(1);
      expect(leaks(stdout, [...peers.secrets, wrong])).toEqual([]);
    }
  });

  it("says in one line what is wrong with what it was given", async () => {
    const { code, stderr } = await run(["--env-file", "/nowhere/.env"]);
    expect([code, stderr]).toEqual([
      1,
      "error: --env-file: got /nowhere/.env, which cannot be read (ENOENT); expected a file of lines NAME=value\n",
    ]);
    expect((await run(["--from-env", "--ca", "/nowhere/ca.pem"])).stderr).toMatch(/^error: --ca: got /);
    expect((await run(["--from-env", "--stack", "prod"])).stderr).toMatch(/cannot be used with/);
    expect((await run(["--from-env", "--watch", "0"])).stderr).toMatch(/from 1 to 86400/);
  });

  it("watches in plain lines where nobody looks at a terminal, until it is interrupted", async () => {
    const { child, said, ended } = start(
      ["--from-env", "--ca", ca, "--watch", "1"],
      defined(peers.variables()),
    );
    // Well, or a warning where a busy machine makes it slow.
    const line = /^\d{4}-\d\d-\d\dT[\d:.]+Z (✓ MongoDB: well$|! MongoDB: )/gm;
    await until(() => (said.stdout.match(line) ?? []).length >= 2);
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toContain("\u001b");
  });

  it("takes its key away from Redis, also when it is interrupted in the middle", async () => {
    // Slow enough that the interrupt comes while the key is there.
    const slow = await middleman({ to: peers.redis.port, delay: 700 });
    const variables = {
      ...defined(peers.variables()),
      MONGODB_TIMEOUT_MS: "60000",
      REDIS_URL: peers.redisUrl(peers.redisPassword, slow.port),
    };
    const { child, ended } = start(["--from-env", "--ca", ca], variables);
    await until(async () => (await keys()).length > 0);
    const since = performance.now();
    child.kill("SIGINT");
    const { code } = await ended;
    expect(code).toBe(130);
    // Long before its timeout, and before the key would expire by itself.
    expect(performance.now() - since).toBeLessThan(10_000);
    await until(async () => (await keys()).length === 0, 8000);
    await slow.close();
  });

  it("leaves no key behind", async () => {
    await run(["--from-env", "--ca", ca], defined(peers.variables()));
    expect(await keys()).toEqual([]);
  });
});

async function keys(): Promise<string[]> {
  const client = createClient({
    url: peers.redisUrl(peers.redisPassword),
    socket: { tls: true, ca: peers.authority.certificate, reconnectStrategy: false },
  });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await client.keys(`${namespace}*`);
  } finally {
    client.destroy();
  }
}

/** @throws when it does not come to pass in time */
async function until(condition: () => boolean | Promise<boolean>, milliseconds = 90_000): Promise<void> {
  for (const end = Date.now() + milliseconds; !(await condition()); )
    if (Date.now() > end) throw new Error(`it did not come to pass within ${milliseconds} ms`);
    else await new Promise((resolve) => setTimeout(resolve, 30));
}
