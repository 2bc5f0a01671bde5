/** The command `plan` as people run it: what it shows of production, and what changed since another version. */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { contract } from "../infra/contract.ts";
import type { Comparison } from "../ops/plan/comparison.ts";
import type { Plan } from "../ops/plan/model.ts";
import { Checkout } from "./checkout.ts";

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

const redis = "    provider: upstash\n    name: kairos-redis\n    eviction: true";
const postgres = `    enabled: true
    name: kairos-postgres
    plan: basic_1gb
    version: "18"
    database: kairos_db
    user: kairos`;

describe("plan of production", () => {
  it("lists the databases, the service and every variable of the contract", async () => {
    const { resources, services } = await planJson();
    const types = resources.map(({ type }) => type);
    expect(types).toContain("mongodbatlas:index/advancedCluster:AdvancedCluster");
    expect(types).toContain("render:index/postgres:Postgres");
    expect(types).toContain("upstash:index/redisDatabase:RedisDatabase");
    expect(types).toContain("render:index/envGroupLink:EnvGroupLink");
    expect(services).toHaveLength(1);
    expect(services[0]?.variables.map(({ name }) => name)).toEqual(Object.keys(contract));
  });

  it("protects everything that holds data", async () => {
    const { resources } = await planJson();
    const data = resources.filter(({ holdsData }) => holdsData);
    expect(data.map(({ name }) => name)).toEqual(["mongodb-cluster", "postgres-database", "redis-upstash"]);
    expect(data.every(({ protect }) => protect)).toBe(true);
  });

  it("marks what holds data and may go", async () => {
    await checkout.edit("Pulumi.prod.yaml", "    tier: M10", "    tier: M10\n    mayBeDestroyed: cluster0");
    expect((await plan()).stdout).toContain(
      "mongodb-cluster  AdvancedCluster (mongodbatlas)  not protected\n",
    );
    expect((await plan("--markdown")).stdout).toMatch(/`mongodb-cluster` .*\*\*not protected\*\* \|/);
  });

  it("shows secrets as [secret], kaïros as it is, and where each value comes from", async () => {
    const { stdout } = await plan();
    expect(stdout).toMatch(/MONGODB_URL +\[secret\] +mongodb-password, mongodb-cluster/);
    expect(stdout).toMatch(/MONGODB_DB_NAME +kaïros +settings/);
    expect(stdout).toMatch(/POSTGRES_HOST +‹postgres-database: private host› +postgres-database/);
    expect(stdout).toMatch(/POSTGRES_PASSWORD +\[secret\] +postgres-database/);
    expect(stdout).toMatch(/REDIS_URL +\[secret\] +redis-upstash/);
  });

  it("names every id and credential that only the owner has, and where to find it", async () => {
    const { needed } = await planJson();
    const keys = needed.map((line) => /^[^ ]+(?=: )/.exec(line)?.[0]);
    expect(keys).toEqual([
      "kairos:mongodb.project.id",
      "kairos:mongodb.accessList[0].cidr",
      "kairos:backend[0].link",
      "mongodbatlas:publicKey",
      "mongodbatlas:privateKey",
      "render:apiKey",
      "render:ownerId",
      "upstash:email",
      "upstash:apiKey",
    ]);
    for (const line of needed) expect(line).toContain("Where: ");
  });

  it.each([
    ["text", []],
    ["Markdown", ["--markdown"]],
    ["JSON", ["--json"]],
  ])("says each risk once, by its policy, in %s", async (format, args) => {
    await checkout.edit("Pulumi.prod.yaml", "    tier: M10", "    tier: M10\n    region: EU_WEST_3");
    await checkout.edit(
      "Pulumi.prod.yaml",
      "    accessList:\n",
      "    accessList:\n      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true\n",
    );
    await checkout.edit(
      "Pulumi.prod.yaml",
      "    - name: kairos-backend\n      link: <render-service-id>\n",
      "    - name: kairos-backend\n      type: web\n      plan: starter\n      source: { image: registry.example/kairos, tag: a }\n",
    );
    const { stdout } = await plan(...args);
    const said = [
      ["access-list-open", "mongodb-access-0.0.0.0/0", "0.0.0.0/0 lets the whole internet in"],
      ["region-beside-backend", "mongodb-cluster", "in EU_WEST_3, not beside the backend"],
      ["health-check", "kairos-backend", "no health check path"],
    ] as const;
    // Underscores are escaped in Markdown.
    const text = stdout.replaceAll("\\_", "_");
    for (const [policy, resource, message] of said) {
      expect(text.split(message), message).toHaveLength(2);
      const line = text.split("\n").find((one) => one.includes(message)) ?? "";
      if (format !== "JSON") expect([line.includes(policy), line.includes(resource)]).toEqual([true, true]);
    }
    expect(text).not.toMatch(
      /opens the database to the world|not set: Render takes|is not beside the backend/,
    );
    if (format !== "JSON") {
      expect(text).toContain("Set healthCheck to a path");
      expect(text).not.toContain("Warnings");
      return;
    }
    const { warnings, policies } = JSON.parse(stdout) as Plan;
    expect(warnings).toEqual([]);
    expect(policies?.violations).toMatchObject(
      said.map(([policy, resource, message]) => ({
        policy,
        resource,
        message: expect.stringContaining(message),
      })),
    );
  });

  it("keeps the warnings that no policy can give", async () => {
    await checkout.edit("Pulumi.prod.yaml", redis, "    provider: redis-cloud\n    plan: 30MB");
    await checkout.edit("Pulumi.prod.yaml", "    plan: basic_1gb", "    plan: free");
    const { warnings } = await planJson();
    expect(warnings.map((line) => line.split(": ")[0])).toEqual([
      "kairos:postgres.plan",
      "kairos:redis.provider",
      "kairos:redis.tls",
    ]);
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

  it("with Redis and Postgres off: exactly theirs are gone, and nothing else changed", async () => {
    await checkout.edit("Pulumi.prod.yaml", redis, "    provider: none");
    await checkout.edit("Pulumi.prod.yaml", postgres, "    enabled: false");
    const { resources, variables } = await against("HEAD");
    const named = (action: string) =>
      resources.filter((change) => change.action === action).map(({ resource }) => resource.name);
    expect(named("delete").sort()).toEqual(["postgres-database", "redis-upstash"]);
    expect(named("create")).toEqual([]);
    expect(named("replace")).toEqual([]);
    // What carries the variables, and what deploys the service because of them.
    expect(named("update").every((name) => name.startsWith("kairos-backend-"))).toBe(true);
    const theirs = Object.entries(contract).filter(([, { owner }]) => owner !== "mongodb");
    expect(variables.map(({ name }) => name).sort()).toEqual(theirs.map(([name]) => name).sort());
    expect(variables.every(({ after }) => after === undefined)).toBe(true);
    const { stdout, exitCode } = await plan("--against", "HEAD", "--exit-code");
    expect(stdout).toContain(
      "its data is deleted; refused while it is protected: set mayBeDestroyed: kairos-redis and run pulumi up first",
    );
    expect(exitCode).toBe(3);
  });

  it("with another Redis provider: only Redis and REDIS_URL change", async () => {
    await checkout.edit("Pulumi.prod.yaml", redis, "    provider: render\n    plan: starter");
    const { resources, variables } = await against("HEAD");
    const others = resources.filter(({ resource }) => !/^(redis-|kairos-backend-)/.test(resource.name));
    expect(others).toEqual([]);
    expect(variables.map(({ name }) => name)).toEqual(["REDIS_URL"]);
    expect((await plan("--against", "HEAD")).stdout).toContain("~ REDIS_URL: [secret] (changed)");
  });

  it("shows a changed plan as old → new, with exit code 2", async () => {
    await checkout.edit("Pulumi.prod.yaml", "plan: basic_1gb", "plan: basic_4gb");
    const { stdout, exitCode } = await plan("--against", "HEAD", "--exit-code");
    expect(stdout).toContain(
      "~ change postgres-database  Postgres (render)\n    plan: basic_1gb → basic_4gb\n",
    );
    expect(exitCode).toBe(2);
  });

  it("flags a rename that replaces a database, before anything else", async () => {
    await checkout.edit("Pulumi.prod.yaml", "    database: kairos_db\n", "    database: kairos_2\n");
    const { stdout, exitCode } = await plan("--against", "HEAD", "--exit-code");
    const [, , first, fate] = stdout.split("\n");
    expect(first).toBe("± REPLACE postgres-database  Postgres (render)");
    expect(fate).toContain(
      "deleted with its data and created empty; refused until its section says mayBeDestroyed: kairos-postgres",
    );
    expect(exitCode).toBe(3);
    const { stdout: markdown } = await plan("--against", "HEAD", "--markdown");
    expect(markdown).toContain("> [!CAUTION]\n> **REPLACE postgres-database**");
  });

  it("takes ids that are filled in for what they are: nothing is lost", async () => {
    await checkout.edit("Pulumi.prod.yaml", "<atlas-project-id>", "0123456789abcdef01234567");
    await checkout.edit("Pulumi.prod.yaml", "<render-outbound-cidr>", "203.0.113.0/24");
    await checkout.edit("Pulumi.prod.yaml", "<render-service-id>", "srv-01234567890123456789");
    const { resources } = await against("HEAD");
    expect(resources.filter(({ losesData }) => losesData)).toEqual([]);
    expect(new Set(resources.map(({ action }) => action))).toEqual(new Set(["update"]));
  });

  it("an entry added to an access list is created, whatever becomes of the placeholder, and deploys nothing", async () => {
    const entry = "        comment: Render Oregon, outbound";
    const world = "      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true";
    await checkout.edit("Pulumi.prod.yaml", entry, `${entry}\n${world}`);
    const named = (comparison: Comparison) =>
      comparison.resources.map(({ action, resource }) => `${action} ${resource.name}`);
    expect(named(await against("HEAD"))).toEqual(["create mongodb-access-0.0.0.0/0"]);
    await checkout.edit("Pulumi.prod.yaml", "<render-outbound-cidr>", "203.0.113.0/24");
    expect(named(await against("HEAD"))).toEqual([
      "create mongodb-access-0.0.0.0/0",
      "update mongodb-access-203.0.113.0/24",
    ]);
  });

  it("another user of Postgres: refused, and no variable, deploy or data with it", async () => {
    await checkout.edit("Pulumi.prod.yaml", postgres, postgres.replace("user: kairos", "user: app"));
    const { stdout, exitCode } = await plan("--against", "HEAD", "--exit-code");
    const [first, , second, third] = stdout.split("\n");
    expect([first, second]).toEqual([
      "Against HEAD: 1 refused",
      "! REFUSED postgres-database  Postgres (render)",
    ]);
    expect(third).toContain("nothing is replaced or changed for it. Set it back, unless app is the user");
    expect(stdout).not.toContain("POSTGRES_USER");
    expect(exitCode).toBe(2);
  });

  it("tells two entries with the same placeholder apart", async () => {
    const entry = "      - cidr: <render-outbound-cidr>\n        comment: Render Oregon, outbound\n";
    await checkout.edit("Pulumi.prod.yaml", entry, entry + entry);
    const { resources } = await planJson();
    const names = resources.map(({ name }) => name).filter((name) => name.startsWith("mongodb-access-"));
    expect(names).toEqual([
      "mongodb-access-<render-outbound-cidr 2>",
      "mongodb-access-<render-outbound-cidr>",
    ]);
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

  it("shows an encrypted setting that was encrypted anew as changed, and neither value", async () => {
    const external = (ciphertext: string) => `    provider: external\n    url:\n      secure: ${ciphertext}`;
    await checkout.edit("Pulumi.prod.yaml", redis, external("v1:AAAA:first"));
    await checkout.commit("An external Redis");
    await checkout.edit("Pulumi.prod.yaml", "v1:AAAA:first", "v1:BBBB:second");
    const { stdout } = await plan("--against", "HEAD");
    expect(stdout).toContain("~ REDIS_URL: [secret] (changed)");
    expect(stdout).not.toMatch(/AAAA|BBBB|first|second/);
    await checkout.git("reset", "--quiet", "--hard", "HEAD~1");
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
      ["--against", `${import.meta.dirname}/plan.test.ts`],
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
