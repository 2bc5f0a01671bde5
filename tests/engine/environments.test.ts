/** Short-lived environments on a sandbox, with the real engine: side by side, swept, killed half-way. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expiryTag } from "../../ops/env/stacks.ts";
import type { Status } from "../../ops/status/model.ts";
import { leaks } from "../canaries.ts";
import { engineOrReason } from "./harness.ts";
import { KeptSandbox, succeeds } from "./kept.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: short-lived environments on the real engine (${found.reason})`);

const past = "2026-01-01T00:00:00.000Z";

describe.skipIf("reason" in found)("two environments side by side", () => {
  const kept = new KeptSandbox(`env-${process.pid}`);
  const env = (...args: string[]) => succeeds(kept.npm("env", ...args));
  const secrets: string[] = [];

  beforeAll(() => kept.keep());
  afterAll(async () => {
    await kept.reset();
    // An engine that was killed leaves the plugins that wait for it.
    for (const pid of await processes((command) => command.includes(kept.folder)))
      process.kill(pid, "SIGKILL");
  });

  /** Everything that the vendors have, as text. */
  async function vendors(): Promise<string> {
    const files = ["atlas.json", "render.json", "upstash.json"];
    const all = await Promise.all(files.map((file) => readFile(path.join(kept.folder, file), "utf8")));
    // What happened stays on record, of what is gone too.
    return all.map((text) => JSON.stringify({ ...JSON.parse(text), events: [] })).join("\n");
  }

  /** How often a stack's ending stands in the vendors' names: each has a name that no other stack's could be. */
  const traces = async (stack: string) =>
    (await vendors()).match(new RegExp(`-${stack}(?![0-9])`, "g"))?.length ?? 0;

  const exported = async (stack: string) =>
    JSON.parse(await succeeds(kept.operate("pulumi", "stack", "export", "--stack", stack))) as object;

  async function url(stack: string): Promise<string> {
    const shown = ["stack", "output", "environment", "--show-secrets", "--json", "--stack", stack];
    const { stdout } = await kept.sandbox("operate", "--name", kept.name, "pulumi", ...shown);
    const { MONGODB_URL = "" } = JSON.parse(stdout) as Record<string, string>;
    secrets.push(new URL(MONGODB_URL).password);
    return MONGODB_URL;
  }

  /** As the backend of a stack would. */
  async function notes<T>(url: string, ask: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = new MongoClient(url, {
      tlsCAFile: path.join(kept.folder, "certificate-authority.pem"),
      serverSelectionTimeoutMS: 5000,
    });
    return ask(client).finally(() => client.close());
  }

  it("are made at the same time, each with everything of its own", async () => {
    // A secret of the services that the first one asks for, and the second does not.
    const setting = "kairos:backend[0].secrets.JWT_SECRET";
    const jwt = randomBytes(18).toString("hex");
    secrets.push(jwt);
    await succeeds(
      kept.operate("pulumi", "config", "set", "--secret", "--path", setting, jwt, "--stack", "sandbox"),
    );
    const up = (name: string, ...more: string[]) =>
      env(name, "up", "--from", "sandbox", "--for", "12h", "--json", ...more);
    const both = await Promise.all([up("pr-1", "--copy-secrets"), up("pr-2")]);
    for (const [index, text] of both.entries())
      expect(JSON.parse(text)).toMatchObject({
        name: `pr-${index + 1}`,
        created: true,
        changes: { create: 10 },
        urls: [`https://kairos-backend-pr-${index + 1}.onrender.com`],
        notes:
          index === 0
            ? []
            : [expect.stringMatching(/^without the secrets JWT_SECRET that sandbox's services have/)],
      });
    const { services, databases } = await kept.state();
    const withJwt = services.filter(({ variables }) => variables.some(({ name }) => name === "JWT_SECRET"));
    expect(withJwt.map(({ name }) => name)).toEqual(["kairos-backend-pr-1"]);
    expect(await readFile(path.join(kept.project, "Pulumi.pr-1.yaml"), "utf8")).toMatch(
      /JWT_SECRET:\n +secure: v1:/,
    );
    expect(services.map(({ name, status, deploys }) => [name, status, deploys]).sort()).toEqual([
      ["kairos-backend", "live", 1],
      ["kairos-backend-pr-1", "live", 1],
      ["kairos-backend-pr-2", "live", 1],
    ]);
    expect(databases.map(({ name }) => name).sort()).toEqual([
      ...["kairos-postgres", "kairos-postgres-pr-1", "kairos-postgres-pr-2", "kairos-pr-1", "kairos-pr-2"],
      ...["kairos-redis", "kairos-redis-pr-1", "kairos-redis-pr-2", "kairos-sandbox"],
    ]);
  });

  it("say where they are and when they end, of their state and tags alone", async () => {
    const shown = await succeeds(
      kept.operate(
        "env",
        "-u",
        "PULUMI_CONFIG_PASSPHRASE",
        "npm",
        "run",
        "--silent",
        "review",
        "--",
        "environments",
      ),
    );
    for (const stack of ["pr-1", "pr-2"]) {
      expect(shown).toContain(`### 🌱 Environment ${stack}\n`);
      expect(shown).toContain(`[https://kairos-backend-${stack}.onrender.com]`);
    }
    expect(shown).toMatch(/\| costs \| .*\$\d+\.\d\d since .*; .*\$\d+\.\d\d a month/);
    const tags = await succeeds(kept.operate("pulumi", "stack", "tag", "ls", "--json", "--stack", "pr-1"));
    expect(JSON.parse(tags)).toMatchObject({
      [expiryTag]: expect.any(String),
      "kairos:owner": expect.any(String),
    });
  });

  it("have logins that are good for one of them only", async () => {
    const [one, two] = [await url("pr-1"), await url("pr-2")];
    const crossed = new URL(two);
    Object.assign(crossed, { username: new URL(one).username, password: new URL(one).password });
    await expect(notes(crossed.href, (client) => client.db().command({ ping: 1 }))).rejects.toThrow(/auth/i);
  });

  it("are the least there is, and may go: the policies have nothing against it", async () => {
    const { stdout } = await kept.operate(
      ...["pulumi", "preview", "--stack", "pr-1", "--policy-pack", "infra/policies"],
      "--expect-no-changes",
    );
    expect(stdout).toMatch(/kairos@v/);
    expect(stdout).not.toMatch(/mandatory|advisory/);
    const { deployment } = (await exported("pr-1")) as { deployment: { resources: { protect?: boolean }[] } };
    expect(deployment.resources.filter(({ protect }) => protect)).toEqual([]);
  });

  it("one swept, the other untouched, and so is what stays", async () => {
    await notes(await url("pr-2"), (client) => client.db().collection("notes").insertOne({ kept: true }));
    // Set by mistake on a stack that stays: the sweep does not even look at it.
    for (const stack of ["pr-1", "sandbox"])
      await succeeds(kept.operate("pulumi", "stack", "tag", "set", expiryTag, past, "--stack", stack));
    const before = {
      two: await exported("pr-2"),
      stays: await exported("sandbox"),
      state: await kept.state(),
    };

    expect(await env("list")).toMatch(/pr-1 +over, .* ago .*\n *pr-2 +in 11 h/);
    expect(await env("sweep", "--dry-run")).toMatch(
      /^pr-1: over, .*; would go\npr-2: stays, ends in 11 h .*\n$/,
    );
    expect(await exported("pr-1")).toMatchObject({ deployment: { resources: expect.any(Array) } });

    expect(await env("sweep")).toMatch(
      /^pr-1 is gone: 10 resources deleted, .* s\npr-2: stays, ends in .*\n$/,
    );
    expect(await traces("pr-1")).toBe(0);
    expect(await traces("pr-2")).toBeGreaterThan(5);
    const stacks = JSON.parse(await succeeds(kept.operate("pulumi", "stack", "ls", "--json"))) as {
      name: string;
    }[];
    expect(stacks.map(({ name }) => name).sort()).toEqual(["pr-2", "sandbox"]);
    await expect(readFile(path.join(kept.project, "Pulumi.pr-1.yaml"))).rejects.toThrow(/ENOENT/);

    expect(await exported("pr-2")).toEqual(before.two);
    expect(await exported("sandbox")).toEqual(before.stays);
    const others = ({ services }: typeof before.state) =>
      services.filter(({ name }) => name !== "kairos-backend-pr-1").map(({ log: _, ...service }) => service);
    expect(others(await kept.state())).toEqual(others(before.state));
    const found = await notes(await url("pr-2"), (client) => client.db().collection("notes").findOne({}));
    expect(found).toMatchObject({ kept: true });
    const status = JSON.parse(await succeeds(kept.npm("status", "--stack", "pr-2", "--json"))) as Status;
    expect(status).toMatchObject({ ok: true, allWell: true });
    expect(
      await succeeds(
        kept.operate("pulumi", "refresh", "--preview-only", "--expect-no-changes", "--stack", "pr-2"),
      ),
    ).toContain("unchanged");
  });

  it("whose engine was killed is finished first when it goes, also on a machine without its stack file", async () => {
    // The provider waits for the cluster, half a minute; Atlas has it by then.
    const { up } = await upUntil("pr-3", async () => /kairos-pr-3/.test(await clusters()));
    // The command, and the engine, which is apart from it.
    const engine = await engines("pr-3");
    expect(engine.length).toBeGreaterThan(0);
    for (const pid of [-(up.pid as number), ...engine]) process.kill(pid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const left = await traces("pr-3");
    expect(left).toBeGreaterThan(2);
    expect(JSON.stringify(await exported("pr-3"))).toContain("pending_operations");
    await rm(path.join(kept.project, "Pulumi.pr-3.yaml"));

    const { code, stdout, stderr } = await kept.npm("env", "pr-3", "down", "--from", "sandbox");
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stderr).toMatch(
      /pr-3: pulumi was stopped while it made .*mongodb-cluster.*: finishing that first/,
    );
    expect(stdout).toMatch(/^pr-3 is gone: 10 resources deleted/);
    expect(await traces("pr-3")).toBe(0);
    expect(await env("pr-3", "down")).toBe("pr-3: there is no such stack; nothing to do\n");
  });

  it("cannot take over what is another stack's: it would go with them", async () => {
    const { stdout } = await kept.operate("pulumi", "stack", "output", "--json", "--stack", "sandbox");
    const { postgres } = JSON.parse(stdout) as { postgres: { id: string } };
    const file = path.join(kept.project, "Pulumi.pr-5.yaml");
    const other = await readFile(path.join(kept.project, "Pulumi.pr-2.yaml"), "utf8");
    const text = other.replaceAll("-pr-2", "-pr-5").replace(/^encryptionsalt.*$/m, "");
    await writeFile(file, `${text}  kairos:import:\n    postgres: ${postgres.id}\n`);
    const { code, stderr } = await kept.npm("env", "pr-5", "up", "--from", "sandbox");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /kairos:import\.postgres: got the id of something that exists; expected nothing/,
      ),
    });
    expect((await kept.state()).databases.map(({ name }) => name)).toContain("kairos-postgres");
    expect(await traces("pr-5")).toBe(0);
    await rm(file);
  });

  it("are stopped in good order by a Ctrl-C, and go also when something of them has gone before", async () => {
    const { up, said } = await upUntil("pr-6", (text) => /create postgres-database/.test(text));
    // To the whole group, as a terminal does.
    process.kill(-(up.pid as number), "SIGINT");
    const [code] = (await once(up, "close")) as [number | null];
    expect(code).toBe(130);
    expect(said()).toContain("stopping in good order");
    expect(said()).toMatch(/error: env up: .*What was made stays until/);
    const left = (await exported("pr-6")) as { deployment: { pending_operations?: unknown[] } };
    expect(left.deployment.pending_operations ?? []).toEqual([]);

    await succeeds(
      kept.operate(process.execPath, "--input-type=module", "-e", deletePostgres("kairos-postgres-pr-6")),
    );
    expect(await env("pr-6", "down")).toMatch(/^pr-6 is gone/);
    expect(await traces("pr-6")).toBe(0);
  });

  it("refuse what is not theirs, and what is not well, before anything is made", async () => {
    for (const name of ["sandbox", "prod", "staging"]) {
      const { code, stderr } = await kept.npm("env", name, "down");
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: env: got/) });
    }
    const { code, stderr } = await kept.npm("env", "pr-4", "up", "--from", "nowhere");
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'error: --from: got "nowhere"; there is no Pulumi.nowhere.yaml here\n',
    });
  });

  it("go when they are told to, and show no secret", async () => {
    expect(await env("pr-2", "down", "--json")).toContain('"deleted": 10');
    expect(await env("list")).toBe("no short-lived environments\n");
    expect(await traces("pr-2")).toBe(0);
    expect(secrets.length).toBeGreaterThan(3);
    expect(leaks(kept.printed.join("\n"), secrets)).toEqual([]);
    expect((await kept.state()).refused).toEqual([]);
  });

  /** A script of somebody who tidies up by hand at Render. */
  const deletePostgres = (name: string) => `
    const { RENDER_HOST, RENDER_API_KEY } = process.env;
    const headers = { authorization: "Bearer " + RENDER_API_KEY };
    const list = await (await fetch(RENDER_HOST + "/postgres?limit=100", { headers })).json();
    const { postgres } = list.find(({ postgres }) => postgres.name === ${JSON.stringify(name)});
    const { status } = await fetch(RENDER_HOST + "/postgres/" + postgres.id, { method: "DELETE", headers });
    if (status !== 204) throw new Error(String(status));`;

  /** `env up` in a process of its own, once something is so while it runs. */
  async function upUntil(name: string, isSo: (said: string) => boolean | Promise<boolean>) {
    const command = ["npm", "run", "--silent", "env", "--", name, "up", "--from", "sandbox"];
    const up = kept.start("operate", "--name", kept.name, ...command);
    let said = "";
    up.stderr.on("data", (chunk) => {
      said += chunk;
    });
    while (!(await isSo(said))) {
      if (up.exitCode !== null) throw new Error(said);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return { up, said: () => said };
  }

  async function processes(of: (command: string) => boolean): Promise<number[]> {
    const pids = (await readdir("/proc")).filter((entry) => /^\d+$/.test(entry));
    const commands = await Promise.all(
      pids.map(async (pid) => [pid, await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")] as const),
    );
    return commands.filter(([, command]) => of(command)).map(([pid]) => Number(pid));
  }

  /** Processes of the CLI that work on a stack. */
  const engines = (stack: string) =>
    processes((command) => command.includes(kept.project) && command.includes(`--stack\0${stack}\0`));

  async function clusters(): Promise<string> {
    const { databases } = await kept.state();
    return databases.map(({ name }) => name).join(" ");
  }
});
