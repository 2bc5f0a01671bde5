/** The command `plan` as people run it: its options, its exit codes, git versions, saved plans, mistakes. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../ops/plan/comparison.ts";
import type { Plan } from "../ops/plan/model.ts";
import { Checkout } from "./checkout.ts";
import { Production } from "./production.ts";

let checkout: Checkout;
beforeAll(async () => {
  checkout = await Checkout.create();
});
afterEach(() => checkout.restore());
afterAll(() => checkout.remove());

const plan = (...args: string[]) => checkout.kairos(["plan", ...args]);
const planJson = async (...args: string[]) => JSON.parse((await plan("--json", ...args)).stdout) as Plan;
const against = async (what: string) =>
  JSON.parse((await plan("--json", "--against", what)).stdout) as Comparison;

describe("plan of production", () => {
  it("is what the other tests see in process, in each form", async () => {
    const { text, markdown, json } = await (await Production.read()).plan();
    expect((await plan()).stdout).toBe(text);
    expect((await plan("--markdown")).stdout).toBe(markdown);
    expect((await plan("--json")).stdout).toBe(`${json}\n`);
  });

  it.each([[[]], [["--json"]], [["--markdown"]]])(
    "is the same to the byte in every run (%j)",
    async (args) => {
      const first = await plan(...args);
      const elsewhere = await checkout.kairos(["plan", ...args], {
        RENDER_API_KEY: "x",
        TZ: "Asia/Tokyo",
        LANG: "C",
      });
      expect(elsewhere).toEqual(first);
      expect(first.exitCode).toBe(0);
    },
  );

  it("reaches nobody: not even a name is looked up", async () => {
    // Pulumi's SDK talks to itself over loopback, for hooks.
    const trap = `
      import dns from "node:dns";
      import net from "node:net";
      const caught = (what) => { process.stderr.write(what); process.exit(9); };
      const { connect } = net.Socket.prototype;
      net.Socket.prototype.connect = function (...args) {
        const { host } = args.flat()[0];
        return host === "127.0.0.1" ? connect.apply(this, args) : caught(String(host));
      };
      const { lookup } = dns;
      dns.lookup = (host, ...args) => (host === "127.0.0.1" ? lookup(host, ...args) : caught(host));`;
    const { exitCode, stderr } = await checkout.kairos(["plan"], {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(trap)}`,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  });
});

describe("plan --against", () => {
  it("finds nothing where nothing changed", async () => {
    expect(await against("HEAD")).toMatchObject({ resources: [], variables: [] });
    expect((await plan("--against", "HEAD", "--exit-code")).exitCode).toBe(0);
  });

  it.each([
    ["plan: basic_1gb", "plan: basic_4gb", 2],
    ["    database: kairos_db\n", "    database: kairos_2\n", 3],
  ])("is what the other tests see in process, in each form: %j", async (from, to, code) => {
    const prod = await Production.read();
    prod.edit(from, to);
    await checkout.edit("Pulumi.prod.yaml", from, to);
    const { text, markdown, json, exitCode } = await prod.against();
    expect(exitCode).toBe(code);
    expect(await plan("--against", "HEAD", "--exit-code")).toMatchObject({ stdout: text, exitCode });
    expect(await plan("--against", "HEAD", "--markdown")).toMatchObject({ stdout: markdown, exitCode: 0 });
    expect(await plan("--against", "HEAD", "--json")).toMatchObject({ stdout: `${json}\n`, exitCode: 0 });
  });

  it("refuses a saved plan of another stack, and an exit code without anything to compare with", async () => {
    const file = path.join(checkout.folder, "node_modules", ".cache", "other-plan.json");
    await writeFile(file, JSON.stringify({ ...(await planJson()), stack: "other" }));
    expect((await plan("--against", file)).stderr).toMatch(
      /^error: --against: .* is a plan of .*\/other; expected one of .*\/prod\n$/,
    );
    expect((await plan("--exit-code")).stderr).toBe(
      "error: --exit-code: expected --against beside it: without it nothing is compared\n",
    );
  });

  it("plans the other version with its own program", async () => {
    await checkout.edit("infra/mongodb/index.ts", 'w: "majority"', 'w: "1"');
    const { variables, resources } = await against("HEAD");
    expect(variables.map(({ name }) => name)).toEqual(["MONGODB_URL"]);
    expect(resources.every(({ resource }) => resource.name.startsWith("kairos-backend-"))).toBe(true);
  });

  it("says so when the other version has other packages", async () => {
    await checkout.edit(
      "package-lock.json",
      '"name": "kairos-infrastructure"',
      '"name":  "kairos-infrastructure"',
    );
    const { stderr, exitCode } = await plan("--against", "HEAD");
    expect(stderr).toBe(
      "note: HEAD has another package-lock.json; its plan is made with the packages that are installed here\n",
    );
    expect(exitCode).toBe(0);
  });

  it("leaves no worktree behind, also when this version's settings have a mistake", async () => {
    await plan("--against", "HEAD");
    await checkout.edit("Pulumi.prod.yaml", "tier: M10", "tier: M11");
    expect((await plan("--against", "HEAD")).exitCode).toBe(1);
    expect((await checkout.git("worktree", "list")).split("\n")).toHaveLength(1);
  });

  it("compares with a saved plan", async () => {
    const file = path.join(checkout.folder, "node_modules", ".cache", "saved-plan.json");
    await writeFile(file, (await plan("--json")).stdout);
    await checkout.edit("Pulumi.prod.yaml", "maxPoolSize: 200", "maxPoolSize: 100");
    const { variables } = await against(file);
    expect(variables).toEqual([
      { service: "kairos-backend", name: "MONGODB_MAX_POOL_SIZE", before: "200", after: "100" },
    ]);
  });
});

describe("a mistake on the command line or in a file: one line, no stack trace, exit code 1", () => {
  it.each([
    [
      "a stack that does not exist",
      ["--stack", "pord"],
      /^error: --stack: got "pord"; expected one of prod; did you mean "prod"\?\n$/,
    ],
    [
      "a ref that does not exist",
      ["--against", "nowhere"],
      /^error: --against: got "nowhere"; expected a git ref of this repository, or a file .*\n$/,
    ],
    [
      "a file that is no plan",
      ["--against", `${import.meta.dirname}/plan-command.test.ts`],
      /^error: --against: .* is not a plan; expected .*\n$/,
    ],
    [
      "an option that does not exist",
      ["--agianst", "HEAD"],
      /^error: unknown option '--agianst' \(did you mean --against\?\)\n$/,
    ],
  ])("%s", async (_, args, line) => {
    const { exitCode, stdout, stderr } = await plan(...args);
    expect(stderr).toMatch(line);
    expect(stdout).toBe("");
    expect(exitCode).toBe(1);
  });

  const failing = [
    ["in its body", 'throw new Error("why");'],
    ["in an output that nobody reads", 'mongodb.projectId.apply(() => { throw new Error("why"); });'],
    ["in a promise that nobody waits for", 'void Promise.resolve().then(() => { throw new Error("why"); });'],
    ["between other work", 'setTimeout(() => { throw new Error("why"); });'],
    ["more than once", 'for (const _ of [1, 2]) mongodb.projectId.apply(() => { throw new Error("why"); });'],
  ] as const;

  it("a program that fails, also beside another version", async () => {
    // One program for all of them: each edit of it is another bundle, which takes longer than all plans.
    const chosen = failing.map(
      ([how, statement]) => `if (process.env.FAILS === ${JSON.stringify(how)}) ${statement}`,
    );
    await checkout.edit(
      "infra/index.ts",
      "  const variables =",
      `  ${chosen.join("\n")}\n  const variables =`,
    );
    for (const [how] of failing)
      for (const args of [[], ["--against", "HEAD"]])
        expect([how, await checkout.kairos(["plan", ...args], { FAILS: how })]).toEqual([
          how,
          { exitCode: 1, stdout: "", stderr: "error: why\n" },
        ]);
  });

  it.each([
    [["--json", "--markdown"], "error: option '--json' cannot be used with option '--markdown'\n"],
    [
      ["--diagram", "--json"],
      /^error: option '--(diagram|json)' cannot be used with option '--(json|diagram)'\n$/,
    ],
  ])("two forms at once: %j", async (args, line) => {
    expect((await plan(...args)).stderr).toMatch(line);
  });

  it("a stack file that is not YAML", async () => {
    await checkout.edit("Pulumi.prod.yaml", "kairos:region: oregon", "kairos:region: [oregon");
    const { exitCode, stderr } = await plan();
    expect(stderr).toMatch(/^error: Pulumi\.prod\.yaml: .* at line \d+, column \d+\n$/);
    expect(exitCode).toBe(1);
  });

  it("settings with several problems: a line each", async () => {
    await checkout.edit("Pulumi.prod.yaml", "tier: M10", "tier: M11");
    await checkout.edit("Pulumi.prod.yaml", "plan: basic_1gb", "plan: basic-1gb");
    const { exitCode, stderr } = await plan();
    expect(stderr.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/^error: Pulumi\.prod\.yaml: kairos:mongodb\.tier: got "M11"; expected one of /),
      expect.stringMatching(
        /^Pulumi\.prod\.yaml: kairos:postgres\.plan: got "basic-1gb"; .*did you mean "basic_1gb"\?$/,
      ),
    ]);
    expect(exitCode).toBe(1);
  });
});
