/**
 * The night, on the real engine: nightly.yml's own steps on a stack that is up, with its databases and its backend.
 * What somebody changed by hand, and what is not well, stand in one issue, until there is nothing left to say. Skipped
 * where there is no engine.
 */
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "../../ops/bundle.mjs";
import { leaks, plainCanary } from "../canaries.ts";
import * as events from "../review/github/events.ts";
import { type Machine, named, type Ran, run } from "../review/github/jobs.ts";
import { GitHubStandIn } from "../review/github/stand-in.ts";
import { engineOrReason } from "./harness.ts";
import { RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the night on the real engine (${found.reason})`);

describe.skipIf("reason" in found)("nightly.yml", () => {
  let ground: RotationGround;
  let there: GitHubStandIn;
  let machine: Machine;
  const canary = plainCanary();
  let seen = "";

  beforeAll(async () => {
    if (!("engine" in found)) return;
    ground = await RotationGround.create(found.engine);
    there = new GitHubStandIn();
    const url = await there.start();
    const {
      PULUMI_CONFIG_PASSPHRASE = "",
      RENDER_API_KEY = "",
      PATH,
      ...environment
    } = ground.stack.environment;
    const { PULUMI_BACKEND_URL: _, ...vendors } = environment;
    const project = path.dirname(ground.stack.stateFolder);
    machine = {
      workspace: root,
      folder: path.join(project, "jobs"),
      environment: {
        ...vendors,
        PATH: [path.dirname(found.engine.path), path.dirname(process.execPath), PATH].join(path.delimiter),
        KAIROS_PROJECT: project,
        // The databases here have certificates of the sandbox's own authority.
        NODE_EXTRA_CA_CERTS: ground.sandbox.authorityFile,
      },
      secrets: { PULUMI_CONFIG_PASSPHRASE, RENDER_API_KEY },
      api: { url, token: there.token },
    };
  });
  afterAll(async () => {
    there?.stop();
    await ground?.remove();
  });

  const watch = async (secrets: Record<string, string> = {}): Promise<Ran> => {
    const job = named("nightly.yml").jobs.watch;
    if (job === undefined) throw new Error("nightly.yml has no job watch");
    const happening = {
      github: events.github("schedule", events.schedule()),
      vars: { PULUMI_BACKEND_URL: ground.stack.environment.PULUMI_BACKEND_URL ?? "" },
      matrix: { stack: "test" },
    };
    const stacks = { result: "success" as const, outputs: { stacks: '["test"]' } };
    const own = { ...machine.secrets, ...secrets };
    const ran = await run(job, happening, { ...machine, secrets: own }, { stacks });
    seen += ran.log + ran.summary;
    return ran;
  };
  const fate = ({ log }: Ran) => /^(no issue: .*|issue: .*)$/m.exec(log)?.[0] ?? log;
  const issues = () => there.issues.map(({ state, title }) => [state, title]);
  const title = "test: not as Pulumi left it, or not well";

  /** One call of Render's API, as somebody's own script makes it. */
  const render = async <T>(method: string, route: string, body?: unknown): Promise<T> => {
    const { RENDER_HOST, RENDER_API_KEY } = ground.stack.environment;
    const response = await fetch(`${RENDER_HOST}${route}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${RENDER_API_KEY}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status}`);
    return (await response.json()) as T;
  };
  const postgres = () => Object.keys(ground.sandbox.clouds.render.state.postgres)[0] ?? "";
  /** Gives the service another value of a variable, as the dashboard does; it is not deployed. */
  const setVariable = async (name: string, value: string) => {
    const route = `/services/${ground.serviceId}/env-vars`;
    const known = await render<{ envVar: { key: string; value: string } }[]>("GET", `${route}?limit=100`);
    const others = known.map(({ envVar }) => envVar).filter(({ key }) => key !== name);
    await render("PUT", route, [...others, { key: name, value }]);
  };

  it("has nothing to say of a stack that is as Pulumi left it, and well", async () => {
    const ran = await watch();
    expect([ran.result, fate(ran), ran.summary]).toEqual([
      "success",
      "issue: nothing",
      "### ✅ test: no drift, all well\n",
    ]);
    expect(there.issues).toEqual([]);
  });

  it("opens one issue on what was changed by hand, and on what is not well because of it", async () => {
    await render("PATCH", `/postgres/${postgres()}`, { plan: "pro_4gb" });
    await setVariable("MONGODB_URL", `mongodb://somebody:${canary}@127.0.0.1:1/`);
    const ran = await watch();
    expect([ran.result, fate(ran)]).toEqual(["success", "issue: created"]);
    expect(issues()).toEqual([["open", title]]);
    const [{ body, labels } = { body: "", labels: [] }] = there.issues;
    expect(labels).toEqual(["infrastructure"]);
    expect(body).toContain("### ⚠️ Drift: 2 resources are not as Pulumi left them");
    expect(body).toMatch(/\| `kairos-backend` +\|(?:.*\n)*?.*`envVars`/);
    expect(body).toMatch(
      /\| `postgres-database` +\| `plan` `basic_256mb → pro_4gb` +\| its last change was at .* \| up sets it back +\| `pulumi config set --stack test --path 'kairos:postgres\.plan' pro_4gb`/,
    );
    expect(body).toContain("To undo: `pulumi up --refresh --stack test`.");
    expect(body).toMatch(/### ⚠️ Not all well\n\n- ⚠️ Services at Render: .*\n {2}- differ: MONGODB\\_URL/);
  });

  it("leaves the issue alone while nothing changes, and brings it up to date when something does", async () => {
    expect(fate(await watch())).toBe("issue: unchanged");
    const [redis] = ground.sandbox.clouds.upstash.list();
    if (redis === undefined) throw new Error("there is no Redis");
    ground.sandbox.clouds.upstash.change(redis.database_id, { eviction: !redis.eviction });
    expect(fate(await watch())).toBe("issue: updated");
    expect(issues()).toEqual([["open", title]]);
    expect(there.issues[0]?.body).toContain("### ⚠️ Drift: 3 resources");
  });

  it("tells what could not be looked at, fails, and takes nothing unseen for well", async () => {
    const closed = await watch({ PULUMI_CONFIG_PASSPHRASE: "another" });
    expect([closed.result, fate(closed)]).toEqual(["failure", "issue: updated"]);
    const [{ body, state } = { body: "", state: "" }] = there.issues;
    expect(state).toBe("open");
    expect(body).toContain("### ❔ Drift could not be looked for");
    expect(body).toMatch(/### ❔ Status could not be asked\n\n.*passphrase is missing or wrong/);
    expect(there.issues).toHaveLength(1);
  });

  it("closes it with a farewell once an up has healed the stack, and says no more", async () => {
    await ground.succeeds("up", "--yes", "--skip-preview", "--refresh");
    await ground.live();
    const ran = await watch();
    expect([ran.result, fate(ran)]).toEqual(["success", "issue: closed"]);
    expect(issues()).toEqual([["closed", title]]);
    expect(there.issues[0]?.body).toMatch(
      /Gone: \[the last look\]\(https:.*\) found no drift, and all well\.$/,
    );
    expect(fate(await watch())).toBe("issue: nothing");
  });

  it("says what a policy forbids of what is there, although nothing has changed", async () => {
    await ground.succeeds("config", "set", "kairos:budget", "1");
    expect(fate(await watch())).toBe("issue: created");
    const { body = "" } = there.issues.at(-1) ?? {};
    expect(body).toMatch(
      /### ⛔ Policies: 1 violation by what is there\n\n- `budget`, `.*`: .*costs at least/,
    );
    await ground.succeeds("config", "rm", "kairos:budget");
    expect(fate(await watch())).toBe("issue: closed");
  });

  it("fails where the token may not write: the issue would be missed", async () => {
    there.readOnly = true;
    await render("PATCH", `/postgres/${postgres()}`, { plan: "pro_4gb" });
    const ran = await watch();
    expect([ran.result, fate(ran)]).toEqual([
      "failure",
      "no issue: the token may not write (permission issues: write)",
    ]);
    expect(ran.summary).toContain("### ⚠️ Drift: 1 resource is not as Pulumi left it");
  });

  it("showed no secret, in issues, summaries and logs", () => {
    const values = Object.entries(ground.variables()).filter(([name]) => /URL|PASSWORD/.test(name));
    const secrets = [canary, there.token, ...ground.stack.secrets, ...values.map(([, value]) => value)];
    for (const [, value] of values) {
      const password = /:\/\/[^:]*:([^@]+)@/.exec(value)?.[1];
      if (password) secrets.push(password);
    }
    expect(secrets.length).toBeGreaterThan(10);
    expect(leaks(seen + JSON.stringify(there.issues), secrets)).toEqual([]);
  });
});
