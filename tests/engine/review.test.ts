/**
 * What is merged, on the real engine: deploy.yml's own steps with its own commands, staging first, then production by
 * an approved plan. Whatever is not what was approved is refused before anything is changed. Skipped without an engine.
 */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { leaks } from "../canaries.ts";
import type { Need, Ran } from "../review/github/jobs.ts";
import { Ground } from "../review/ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: a deploy by its workflow, on the real engine (${found.reason})`);

const access = "203.0.113.0/24";

describe.skipIf("reason" in found)("deploy.yml", { timeout: 600_000 }, () => {
  let ground: Ground;
  let before = 0;
  const token = randomBytes(18).toString("hex");
  const other = randomBytes(18).toString("hex");
  beforeAll(async () => {
    if ("engine" in found) ground = await Ground.create(found.engine);
  });
  beforeEach(() => {
    before = ground.changes();
  });
  afterAll(() => ground?.remove());

  const summaries: string[] = [];
  const succeeded = (ran: Ran) => {
    summaries.push(ran.summary);
    expect(ran.result === "success" ? "" : ran.log).toBe("");
    return ran;
  };
  const failed = (ran: Ran) => {
    summaries.push(ran.summary);
    expect(ran.result).toBe("failure");
    return ran;
  };
  const last = ({ steps }: Ran) => steps.at(-1);
  const postgres = (name = "kairos-postgres") => {
    const one = Object.values(ground.clouds.render.state.postgres).find((each) => each.name === name);
    if (one === undefined) throw new Error(`there is no ${name}`);
    return one;
  };
  const project = () => ground.clouds.atlas.projects.list().find(({ name }) => name === "Kairos")?.id ?? "";
  const accessList = () => ground.clouds.atlas.accessList.list(project()).map(({ cidrBlock }) => cidrBlock);
  /** Production's access list, emptied by somebody. */
  const closed = () =>
    ground.atlas("DELETE", `/groups/${project()}/accessList/${encodeURIComponent(access)}`);
  const edit = (from: string, to: string) => ground.checkout.edit("Pulumi.prod.yaml", from, to);

  /** Up to the approval. What comes before production's plan is in the first test, and left out here. */
  const planned = async () => {
    const stacks: Need = { result: "success", outputs: { stacks: '["staging","prod"]' } };
    const staging: Need = { result: "success", outputs: {} };
    const plan = await ground.deploy("plan-prod", { stacks, staging });
    const approve = (between?: (what: string) => Promise<unknown>) =>
      ground.deploy("prod", { "plan-prod": plan }, between);
    return { plan, approve };
  };

  it("makes both stacks: staging first, production as it was approved", async () => {
    const stacks = succeeded(await ground.deploy("stacks"));
    expect(stacks.outputs).toEqual({ stacks: '["staging","prod"]' });
    const staging = succeeded(await ground.deploy("staging", { stacks }));
    expect(postgres("kairos-postgres-staging").name).toBe("kairos-postgres-staging");
    const made = ground.changes();
    const plan = succeeded(await ground.deploy("plan-prod", { stacks, staging }));
    expect(ground.changes()).toBe(made);
    expect(plan.outputs.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(plan.summary).toMatch(/^### 🔷 prod: \d+ created, 1 deployed\n/);
    expect(plan.summary).toMatch(/\| created +\| `postgres-database` +\| Postgres \(render\)/);
    const again = succeeded(await ground.deploy("plan-prod", { stacks, staging }));
    expect(again.outputs).toEqual(plan.outputs);
    const prod = succeeded(await ground.deploy("prod", { "plan-prod": plan }));
    expect(postgres().plan).toBe("basic_1gb");
    expect(prod.summary).toContain("as approved");
  });

  it("asks nobody to approve nothing", async () => {
    const { plan, approve } = await planned();
    expect(succeeded(plan).outputs.changes).toBe("0");
    expect(plan.summary).toMatch(/^### ✅ prod: nothing to do\n/);
    expect((await approve()).result).toBe("skipped");
    expect(ground.changes()).toBe(before);
  });

  it("refuses other settings than those that were approved", async () => {
    await edit("plan: basic_1gb", "plan: basic_4gb");
    const { plan, approve } = await planned();
    // Until Render has answered nobody knows whether the new plan has other variables.
    expect(succeeded(plan).summary).toMatch(/^### 🔷 prod: 2 changed, perhaps 1 deployed\n/);
    expect(plan.summary).toMatch(/changed +\| `postgres-database` +\| Postgres \(render\) +\| `plan`/);
    await edit("plan: basic_4gb", "plan: pro_4gb");
    const ran = failed(await approve());
    expect(last(ran)).toContain("review preview");
    expect(ran.log).toMatch(
      /error: prod: the plan is no longer the one that was approved .* nothing was changed/,
    );
    expect(ran.summary).toContain("### 🛑 prod: not what was approved; nothing is changed");
    expect([ground.changes(), postgres().plan]).toEqual([before, "basic_1gb"]);
    await edit("plan: pro_4gb", "plan: basic_4gb");
  });

  it("refuses what somebody changed by hand between the approval and the up, and shows it in the next plan", async () => {
    const { plan, approve } = await planned();
    succeeded(plan);
    await ground.render("PATCH", `/postgres/${postgres().id}`, { plan: "pro_8gb" });
    before = ground.changes();
    expect(last(failed(await approve()))).toContain("review preview");
    expect([ground.changes(), postgres().plan]).toEqual([before, "pro_8gb"]);
    const { plan: next } = await planned();
    expect(succeeded(next).summary).toContain("overwritten by this one: `postgres-database`.");
  });

  it("does nothing that was not approved, whatever somebody changes even after that look", async () => {
    const { plan, approve } = await planned();
    succeeded(plan);
    let steps = 0;
    const ran = failed(
      await approve(async (what) => {
        if (what.startsWith("pulumi/actions") && ++steps === 2) await closed();
      }),
    );
    expect(last(ran)).toMatch(/^pulumi\/actions/);
    expect(ran.log).toMatch(/mongodb-access-203\.0\.113\.0\/24 violates plan/);
    expect(accessList()).toEqual([]);
  });

  const setSecret = (value: string) =>
    ground.succeeds(
      ...["config", "set", "--stack", "prod", "--secret", "--path", "kairos:backend[0].secrets.JWT", value],
    );

  it("applies what was approved, drift and a new secret with it, and then has nothing to do", async () => {
    await setSecret(token);
    const { plan, approve } = await planned();
    expect(succeeded(plan).summary).toMatch(/created +\| `mongodb-access-203\.0\.113\.0\/24`/);
    succeeded(await approve());
    expect([postgres().plan, accessList()]).toEqual(["basic_4gb", [access]]);
    expect(succeeded((await planned()).plan).outputs.changes).toBe("0");
  });

  it("tells that a secret changes, and never its value", async () => {
    await setSecret(other);
    const { plan } = await planned();
    expect(succeeded(plan).summary).toMatch(/^### 🔷 prod: 1 changed, 1 deployed\n/);
    expect(plan.summary).toMatch(/changed +\| `[^`]+` \| EnvGroup \(render\) \| `envVars` \(secret\)/);
    await setSecret(token);
  });

  it("stops at a policy before anything, in production and in staging", async () => {
    const entry = "        comment: Render Oregon, outbound";
    const open = `${entry}\n      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true`;
    for (const stack of ["prod", "staging"]) await ground.checkout.edit(`Pulumi.${stack}.yaml`, entry, open);
    const { plan, approve } = await planned();
    failed(plan);
    expect(plan.log).toMatch(
      /error: pulumi preview of prod: access-list-open, mongodb-access-0\.0\.0\.0\/0: /,
    );
    expect(plan.summary).toMatch(
      /^### ⛔ prod: 1 policy violation; nothing is changed\n\n- ⛔ `access-list-open`/,
    );
    expect((await approve()).result).toBe("skipped");
    const stacks = succeeded(await ground.deploy("stacks"));
    const staging = failed(await ground.deploy("staging", { stacks }));
    expect(staging.log).toContain("access-list-open");
    const next = await ground.deploy("plan-prod", { stacks, staging });
    expect([next.result, (await ground.deploy("prod", { "plan-prod": next })).result]).toEqual([
      "skipped",
      "skipped",
    ]);
    expect(ground.changes()).toBe(before);
  });

  it("showed no secret, in summaries, logs and outputs of jobs", async () => {
    const { state } = ground.clouds.render;
    const passwords = Object.values(state.postgres).map(({ password }) => password);
    const redis = ground.clouds.upstash.list().map(({ password }) => password);
    const secrets = [...ground.secrets, ...passwords, ...redis, token, other];
    expect(leaks(`${await ground.printed()}${summaries.join("\n")}`, secrets)).toEqual([]);
    expect(ground.clouds.refused).toEqual([]);
  });
});
