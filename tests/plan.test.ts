/** What `plan` shows of production and of what changes; tests/plan-command.test.ts runs the command itself. */
import { beforeEach, describe, expect, it } from "vitest";
import { contract } from "../infra/contract.ts";
import type { Comparison } from "../ops/plan/comparison.ts";
import type { Plan } from "../ops/plan/model.ts";
import { Production } from "./production.ts";

let prod: Production;
beforeEach(async () => {
  prod = await Production.read();
});

const redis = "    provider: upstash\n    name: kairos-redis\n    eviction: true";
const postgres = `    enabled: true
    name: kairos-postgres
    plan: basic_1gb
    version: "18"
    database: kairos_db
    user: kairos`;

describe("plan of production", () => {
  it("lists the databases, the service and every variable of the contract", async () => {
    const { resources, services } = (await prod.plan()).plan;
    const types = resources.map(({ type }) => type);
    expect(types).toContain("mongodbatlas:index/advancedCluster:AdvancedCluster");
    expect(types).toContain("render:index/postgres:Postgres");
    expect(types).toContain("upstash:index/redisDatabase:RedisDatabase");
    expect(types).toContain("render:index/envGroupLink:EnvGroupLink");
    expect(services).toHaveLength(1);
    expect(services[0]?.variables.map(({ name }) => name)).toEqual(Object.keys(contract));
  });

  it("protects everything that holds data", async () => {
    const { resources } = (await prod.plan()).plan;
    const data = resources.filter(({ holdsData }) => holdsData);
    expect(data.map(({ name }) => name)).toEqual(["mongodb-cluster", "postgres-database", "redis-upstash"]);
    expect(data.every(({ protect }) => protect)).toBe(true);
  });

  it("marks what holds data and may go", async () => {
    prod.edit("    tier: M10", "    tier: M10\n    mayBeDestroyed: cluster0");
    const { text, markdown } = await prod.plan();
    expect(text).toContain("mongodb-cluster  AdvancedCluster (mongodbatlas)  not protected\n");
    expect(markdown).toMatch(/`mongodb-cluster` .*\*\*not protected\*\* \|/);
  });

  it("shows secrets as [secret], kaïros as it is, and where each value comes from", async () => {
    const { text } = await prod.plan();
    expect(text).toMatch(/MONGODB_URL +\[secret\] +mongodb-password, mongodb-cluster/);
    expect(text).toMatch(/MONGODB_DB_NAME +kaïros +settings/);
    expect(text).toMatch(/POSTGRES_HOST +‹postgres-database: private host› +postgres-database/);
    expect(text).toMatch(/POSTGRES_PASSWORD +\[secret\] +postgres-database/);
    expect(text).toMatch(/REDIS_URL +\[secret\] +redis-upstash/);
  });

  it("names every id and credential that only the owner has, and where to find it", async () => {
    const { needed } = (await prod.plan()).plan;
    const keys = needed.map((line) => /^[^ ]+(?=: )/.exec(line)?.[0]);
    expect(keys).toEqual([
      "kairos:mongodb.project.id",
      "kairos:mongodb.accessList[0].cidr",
      "kairos:backend[0].link",
      "mongodbatlas:clientId",
      "mongodbatlas:clientSecret",
      "render:apiKey",
      "render:ownerId",
      "upstash:email",
      "upstash:apiKey",
    ]);
    for (const line of needed) expect(line).toContain("Where: ");
  });

  it.each([
    ["text", "text"],
    ["Markdown", "markdown"],
    ["JSON", "json"],
  ] as const)("says each risk once, by its policy, in %s", async (format, form) => {
    prod.edit("    tier: M10", "    tier: M10\n    region: EU_WEST_3");
    prod.edit(
      "    accessList:\n",
      "    accessList:\n      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true\n",
    );
    prod.edit(
      "    - name: kairos-backend\n      link: <render-service-id>\n",
      "    - name: kairos-backend\n      type: web\n      plan: starter\n      source: { image: registry.example/kairos, tag: a }\n",
    );
    const shown = (await prod.plan())[form];
    const said = [
      ["access-list-open", "mongodb-access-0.0.0.0/0", "0.0.0.0/0 lets the whole internet in"],
      ["region-beside-backend", "mongodb-cluster", "in EU_WEST_3, not beside the backend"],
      ["health-check", "kairos-backend", "no health check path"],
    ] as const;
    // Underscores are escaped in Markdown.
    const text = shown.replaceAll("\\_", "_");
    for (const [policy, resource, message] of said) {
      expect(text.split(message), message).toHaveLength(2);
      const line = text.split("\n").find((one) => one.includes(message)) ?? "";
      if (format !== "JSON") expect([line.includes(policy), line.includes(resource)]).toEqual([true, true]);
    }
    expect(text).not.toMatch(
      /opens the database to the world|not set: Render takes|is not beside the backend/,
    );
    if (format !== "JSON") {
      expect(text).toContain("Set healthCheck of the service in kairos:backend to a path");
      expect(text.split("kairos:redis.accessList: any address may try the password")).toHaveLength(2);
      return;
    }
    const { warnings, policies } = JSON.parse(shown) as Plan;
    expect(warnings).toEqual([expect.stringMatching(/^kairos:redis\.accessList: any address/)]);
    expect(policies?.violations).toMatchObject(
      [...said, ["shared-outbound", "mongodb-cluster", "shared outbound addresses"] as const].map(
        ([policy, resource, message]) => ({
          policy,
          resource,
          message: expect.stringContaining(message),
        }),
      ),
    );
  });

  it.each([
    [
      "    tier: M10",
      "    tier: M10\n    version: 7.0",
      "kairos:mongodb.version: got 7.0, of which YAML makes 7",
    ],
    ['version: "18"', "version: 18", "kairos:postgres.version: got 18, which is no text for YAML;"],
    [
      "link: <render-service-id>",
      "link: <render-service-id>\n      variables: {DAY: 2026-12-31}",
      "kairos:backend[0].variables.DAY: got 2026-12-31, of which YAML makes 2026-12-31 00:00:00 +0000 UTC;",
    ],
    ["kairos:region: oregon", "kairos:region: oregon\n  render:ownerId: 0123", "render:ownerId: got 0123,"],
    [
      "maxPoolSize: 200",
      "maxPoolSize: .inf",
      "kairos:mongodb.driver.maxPoolSize: YAML makes Infinity of .inf,",
    ],
  ])("refuses what lacks its quotes: %j → %j", async (from, to, line) => {
    prod.edit(from, to);
    const refused = prod.plan();
    await expect(refused).rejects.toThrow(`Pulumi.prod.yaml: ${line}`);
    await expect(refused).rejects.toThrow(/put it in quotes: "[^"]+"$/);
  });

  it("takes numbers as YAML has them, and a day without quotes", async () => {
    const { json } = await prod.plan();
    prod.edit("maxPoolSize: 200", "maxPoolSize: 0xC8");
    prod.edit("    enabled: true", "    enabled: True");
    expect((await prod.plan()).json).toBe(json);
    const exception = { policy: "data-loss", resource: "postgres-database", reason: "It is empty." };
    const policies = JSON.stringify({ exceptions: [exception] }).replace("}]", ", until: 2026-12-31}]");
    prod.edit("  kairos:mongodb:", `  kairos:policies: ${policies}\n  kairos:mongodb:`);
    expect((await prod.plan()).plan.policies?.exceptions).toEqual([{ ...exception, until: "2026-12-31" }]);
  });

  it("keeps the warnings that no policy can give", async () => {
    prod.edit(redis, "    provider: redis-cloud\n    plan: 30MB");
    prod.edit("    plan: basic_1gb", "    plan: free");
    const { warnings } = (await prod.plan()).plan;
    const own = warnings.filter((line) => line.startsWith("kairos:"));
    expect(own.map((line) => line.split(": ")[0])).toEqual([
      "kairos:postgres.plan",
      "kairos:redis.provider",
      "kairos:redis.tls",
    ]);
  });
});

describe("plan --against", () => {
  it("with Redis and Postgres off: exactly theirs are gone, and nothing else changed", async () => {
    prod.edit(redis, "    provider: none");
    prod.edit(postgres, "    enabled: false");
    const { resources, variables } = await prod.against();
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
    const { text, exitCode } = await prod.against();
    expect(text).toContain(
      "its data is deleted; refused while it is protected: set mayBeDestroyed: kairos-redis and run pulumi up first",
    );
    expect(exitCode).toBe(3);
  });

  it("with another Redis provider: only Redis and REDIS_URL change", async () => {
    prod.edit(redis, "    provider: render\n    plan: starter");
    const { resources, variables } = await prod.against();
    const others = resources.filter(({ resource }) => !/^(redis-|kairos-backend-)/.test(resource.name));
    expect(others).toEqual([]);
    expect(variables.map(({ name }) => name)).toEqual(["REDIS_URL"]);
    expect((await prod.against()).text).toContain("~ REDIS_URL: [secret] (changed)");
  });

  it("shows a changed plan as old → new, with exit code 2", async () => {
    prod.edit("plan: basic_1gb", "plan: basic_4gb");
    const { text, exitCode } = await prod.against();
    expect(text).toContain(
      "~ change postgres-database  Postgres (render)\n    postgres.plan: in place; the database restarts\n    plan: basic_1gb → basic_4gb\n",
    );
    expect(exitCode).toBe(2);
  });

  it("flags a rename that replaces a database, before anything else", async () => {
    prod.edit("    database: kairos_db\n", "    database: kairos_2\n");
    const { text, markdown, exitCode } = await prod.against();
    const [, , first, fate] = text.split("\n");
    expect(first).toBe("± REPLACE postgres-database  Postgres (render)");
    expect(fate).toContain(
      "deleted with its data and created empty; refused until its section says mayBeDestroyed: kairos-postgres",
    );
    expect(exitCode).toBe(3);
    expect(markdown).toContain("> [!CAUTION]\n> **REPLACE postgres-database**");
  });

  it("takes ids that are filled in for what they are: nothing is lost", async () => {
    prod.edit("<atlas-project-id>", "0123456789abcdef01234567");
    prod.edit("<render-outbound-cidr>", "203.0.113.0/24");
    prod.edit("<render-service-id>", "srv-01234567890123456789");
    const { resources } = await prod.against();
    expect(resources.filter(({ losesData }) => losesData)).toEqual([]);
    expect(new Set(resources.map(({ action }) => action))).toEqual(new Set(["update"]));
  });

  it("an entry added to an access list is created, whatever becomes of the placeholder, and deploys nothing", async () => {
    const entry = "        comment: Render Oregon, outbound";
    const world = "      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true";
    prod.edit(entry, `${entry}\n${world}`);
    const named = (comparison: Comparison) =>
      comparison.resources.map(({ action, resource }) => `${action} ${resource.name}`);
    expect(named(await prod.against())).toEqual(["create mongodb-access-0.0.0.0/0"]);
    prod.edit("<render-outbound-cidr>", "203.0.113.0/24");
    expect(named(await prod.against())).toEqual([
      "create mongodb-access-0.0.0.0/0",
      "update mongodb-access-203.0.113.0/24",
    ]);
  });

  it("another user of Postgres: refused, and no variable, deploy or data with it", async () => {
    prod.edit(postgres, postgres.replace("user: kairos", "user: app"));
    const { text, exitCode } = await prod.against();
    const [first, , second, third] = text.split("\n");
    expect([first, second]).toEqual([
      "Against HEAD: 1 refused",
      "! REFUSED postgres-database  Postgres (render)",
    ]);
    expect(third).toContain("nothing is replaced or changed for it. Set it back, unless app is the user");
    expect(text).not.toContain("POSTGRES_USER");
    expect(exitCode).toBe(2);
  });

  it("tells two entries with the same placeholder apart", async () => {
    const entry = "      - cidr: <render-outbound-cidr>\n        comment: Render Oregon, outbound\n";
    prod.edit(entry, entry + entry);
    const { resources } = (await prod.plan()).plan;
    const names = resources.map(({ name }) => name).filter((name) => name.startsWith("mongodb-access-"));
    expect(names).toEqual([
      "mongodb-access-<render-outbound-cidr 2>",
      "mongodb-access-<render-outbound-cidr>",
    ]);
  });

  it("shows an encrypted setting that was encrypted anew as changed, and neither value", async () => {
    const external = (ciphertext: string) => `    provider: external\n    url:\n      secure: ${ciphertext}`;
    prod.edit(redis, external("v1:AAAA:first"));
    prod.commit();
    prod.edit("v1:AAAA:first", "v1:BBBB:second");
    const { text } = await prod.against();
    expect(text).toContain("~ REDIS_URL: [secret] (changed)");
    expect(text).not.toMatch(/AAAA|BBBB|first|second/);
  });
});
