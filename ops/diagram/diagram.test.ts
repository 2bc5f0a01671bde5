import path from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { resource as planned } from "../../tests/helpers/plan.ts";
import { root } from "../bundle.mjs";
import type { Plan, PlannedResource, PlannedVariable } from "../plan/model.ts";
import { diagramOf } from "./index.ts";

const planOfStack = async (stack: string) => {
  const kairos = path.join(root, "ops", "kairos.mjs");
  const { stdout } = await execa(process.execPath, [kairos, "plan", "--stack", stack, "--json"]);
  return JSON.parse(stdout) as Plan;
};

/** Ids that a diagram defines, and those that its arrows use. */
function ids(diagram: string): { defined: string[]; used: string[] } {
  const lines = diagram.split("\n").map((line) => line.trim());
  return {
    defined: lines.flatMap((line) => /^(?:subgraph )?(\w+)[[(]/.exec(line)?.[1] ?? []),
    used: lines.flatMap((line) => /^(\w+) (?:-->|-\.->)(?:\|\w+\|)? (\w+)$/.exec(line)?.slice(1) ?? []),
  };
}

describe("production", () => {
  let prod: Plan;
  beforeAll(async () => {
    prod = await planOfStack("prod");
  });

  it("draws each database, each variable and the service, secrets marked", () => {
    const diagram = diagramOf(prod);
    for (const name of ["cluster0", "M10", "kairos-postgres", "basic_1gb", "kairos-redis", "kairos-backend"])
      expect(diagram).toContain(name);
    const variables = prod.services.flatMap((service) => service.variables);
    expect(variables.length).toBeGreaterThan(10);
    for (const { name, value } of variables) {
      const isSecret = typeof value === "object";
      expect(diagram.includes(`${name} (secret)`)).toBe(isSecret);
      expect(diagram).toContain(name);
    }
  });

  it("leads from the settings to the service, and every arrow has two ends", () => {
    const { defined, used } = ids(diagramOf(prod));
    expect(new Set(defined).size).toBe(defined.length);
    expect(used.length).toBeGreaterThan(8);
    expect(used.filter((id) => !defined.includes(id))).toEqual([]);
  });

  it("shows no id, no digest of a secret, and is the same each time", () => {
    const diagram = diagramOf(prod);
    expect(diagram).not.toContain("render-service-id");
    expect(diagram).not.toContain("atlas-project-id");
    for (const [digest] of JSON.stringify(prod).matchAll(/(?<="\$secret":")[^"]+/g))
      expect(diagram).not.toContain(digest);
    expect(diagramOf(structuredClone(prod))).toBe(diagram);
  });
});

it("draws a service that the stack creates, and what waits for nothing is unprotected", async () => {
  const diagram = diagramOf(await planOfStack("sandbox"));
  expect(diagram).toContain('s1["web service kairos-backend<br/>starter"]');
  expect(diagram).toContain("FLEX");
  expect(diagram).not.toContain("protected");
  expect(diagram).not.toContain("env group");
});

describe("any plan", () => {
  const urn = (type: string, name: string) => `urn:pulumi:test::kairos-infrastructure::${type}::${name}`;
  const resource = (type: string, name: string, more: Partial<PlannedResource> = {}) =>
    planned(type, name, { urn: urn(type, name), component: type.startsWith("kairos:"), ...more });
  const plan = (resources: PlannedResource[], services: Plan["services"] = []): Plan => ({
    schema: 1,
    project: "kairos-infrastructure",
    stack: "test",
    resources,
    services,
    outputs: [],
    warnings: [],
    needed: [],
  });
  const mongodb = resource("kairos:infra:Mongodb", "mongodb");
  const inMongodb = { parent: mongodb.urn };
  const worker = (name: string, variables: PlannedVariable[]) => ({
    resources: [
      resource("kairos:infra:Service", name),
      resource("render:index/backgroundWorker:BackgroundWorker", name, {
        parent: urn("kairos:infra:Service", name),
        inputs: { name, plan: "starter" },
      }),
    ],
    service: { name, via: name, variables },
  });
  const url: PlannedVariable = { name: "MONGODB_URL", value: { $secret: "0" }, from: ["mongodb-password"] };
  const password = resource("random:index/randomPassword:RandomPassword", "mongodb-password", inMongodb);

  it("draws what all services get once, and what one of them gets for itself", () => {
    const own: PlannedVariable = { name: "SENTRY_DSN", value: { $secret: "1" }, from: ["settings"] };
    const [one, two] = [worker("one", [url]), worker("two", [url, own])];
    const diagram = diagramOf(
      plan([mongodb, password, ...one.resources, ...two.resources], [one.service, two.service]),
    );
    expect(diagram.match(/MONGODB_URL/g)).toHaveLength(1);
    expect(diagram).toContain("v1 --> backend");
    expect(diagram).toContain('v2["only of two<br/>SENTRY_DSN (secret)"]');
    expect(diagram).toContain("v2 --> s2");
    expect(diagram).not.toContain("v2 --> s1");
    expect(diagram).not.toContain("v1 --> s");
  });

  it("draws an access list of 200 blocks as one thing", () => {
    const type = "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList";
    const entries = Array.from({ length: 200 }, (_, index) =>
      resource(type, `mongodb-access-198.18.0.${index}/32`, inMongodb),
    );
    const diagram = diagramOf(plan([mongodb, ...entries]));
    expect(diagram).toContain('["access list, 200 blocks"]');
    expect(diagram).not.toContain("198.18");
  });

  it("lets no name break out of its label", () => {
    const name = '"]; click s1 "javascript:1" `#quot;<b>';
    const cluster = resource("mongodbatlas:index/advancedCluster:AdvancedCluster", "mongodb-cluster", {
      ...inMongodb,
      holdsData: true,
      inputs: { name },
    });
    const line = diagramOf(plan([mongodb, cluster]))
      .split("\n")
      .find((text) => text.includes("d1_1"));
    expect(line?.trim()).toBe(
      'd1_1[("cluster #34;]; click s1 #34;javascript:1#34; #96;#35;quot;#60;b#62;")]:::data',
    );
  });

  it("draws kinds that it does not know, leaves out empty boxes, and keeps long lists short", () => {
    const many = Array.from(
      { length: 15 },
      (_, index): PlannedVariable => ({ name: `FLAG_${index}`, value: "1", from: ["settings"] }),
    );
    const one = worker("one", many);
    const strange = resource("other:index/thing:Thing", "mongodb-thing", inMongodb);
    const diagram = diagramOf(
      plan([mongodb, strange, resource("kairos:infra:Redis", "redis"), ...one.resources], [one.service]),
    );
    expect(diagram).toContain("Thing (other)");
    expect(diagram).not.toContain("Redis");
    expect(diagram).toContain("FLAG_11<br/>and 3 more");
    expect(diagram).toContain("settings -.-> v1");
  });

  it("has no backend while every service is untouched", () => {
    const diagram = diagramOf(plan([mongodb, password]));
    expect(diagram).not.toContain("Backend");
    expect(diagram).not.toContain("variables");
    expect(ids(diagram).used).toEqual(["settings", "d1"]);
  });
});
