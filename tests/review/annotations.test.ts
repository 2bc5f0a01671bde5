/** Each risk of production's settings on the line that brings it, and as GitHub's runner reads it. */
import { beforeEach, describe, expect, it } from "vitest";
import { annotationsOf } from "../../ops/review/annotations.ts";
import { StackLines } from "../../ops/review/lines.ts";
import { workflowCommand } from "../../ops/review/runner.ts";
import { Production } from "../production.ts";

let production: Production;
beforeEach(async () => {
  production = await Production.read();
});

/** The remarks on the change, each with the text of its line. */
async function remarks() {
  const { text, before } = production.texts;
  const comparison = await production.against();
  const all = annotationsOf(
    { stack: "prod", kind: "compared", comparison, plan: comparison.plan },
    text,
    before,
  );
  const lineOf = (line: number) => text.split("\n")[line - 1]?.trim();
  return all.map(({ level, file, line, title, message }) => {
    expect(file).toBe("Pulumi.prod.yaml");
    return [level, lineOf(line), title, message];
  });
}

const entry = "        comment: Render Oregon, outbound";
const world = "      - cidr: 0.0.0.0/0\n        comment: test\n        allowFromAnywhere: true";
const link = "link: <render-service-id>";

describe("a remark stands on the changed line", () => {
  it("that replaces a database", async () => {
    production.edit("database: kairos_db", "database: kairos");
    expect(await remarks()).toEqual([
      [
        "error",
        "database: kairos",
        "prod: REPLACE postgres-database",
        "it is deleted with its data and created empty; refused until its section says mayBeDestroyed: kairos-postgres",
      ],
    ]);
  });

  it("that takes a database out, or where it stood", async () => {
    production.edit(
      "    provider: upstash\n    name: kairos-redis\n    eviction: true",
      "    provider: none",
    );
    expect(await remarks()).toContainEqual([
      "error",
      "provider: none",
      "prod: DELETE redis-upstash",
      expect.stringContaining("its data is deleted"),
    ]);
    production.restore();
    production.edit(
      "  kairos:redis:\n    provider: upstash\n    name: kairos-redis\n    eviction: true\n\n",
      "",
    );
    expect((await remarks()).map(([level, line]) => [level, line])).toContainEqual(["error", "config:"]);
  });

  it("that moves a cluster: of a property with many settings the one that was changed", async () => {
    production.edit("    tier: M10", "    tier: M10\n    region: EU_WEST_1");
    const all = await remarks();
    expect(all).toContainEqual([
      "error",
      "region: EU_WEST_1",
      "prod: region-beside-backend",
      expect.stringContaining("in EU_WEST_1, not beside the backend"),
    ]);
  });

  it("that no vendor does", async () => {
    production.edit("tier: M10", "tier: FLEX");
    expect(await remarks()).toContainEqual([
      "error",
      "tier: FLEX",
      "prod: REFUSED mongodb-cluster",
      expect.stringContaining("Atlas makes no shared cluster of a dedicated one"),
    ]);
  });

  it("that takes a protection away", async () => {
    production.edit("    plan: basic_1gb", "    plan: basic_1gb\n    mayBeDestroyed: kairos-postgres");
    const all = await remarks();
    expect(all).toContainEqual([
      "warning",
      "mayBeDestroyed: kairos-postgres",
      "prod: postgres-database is no longer protected",
      expect.any(String),
    ]);
    expect(all).toContainEqual([
      "error",
      "mayBeDestroyed: kairos-postgres",
      "prod: data-protected",
      expect.any(String),
    ]);
  });

  it("that a policy forbids: the entry of a list, the variable of a service", async () => {
    production.edit(entry, `${entry}\n${world}`);
    production.edit(link, `${link}\n      variables:\n        LOG_LEVEL: info\n        MAIL_API_KEY: opaque`);
    const found = await remarks();
    expect(found.map((one) => one.slice(0, 3))).toEqual([
      ["error", "- cidr: 0.0.0.0/0", "prod: access-list-open"],
      ["error", "MAIL_API_KEY: opaque", "prod: plain-secret"],
    ]);
    expect(found.map(([, , , message]) => message).join()).not.toContain("opaque");
  });

  it("that costs more, or less", async () => {
    production.edit("plan: basic_1gb", "plan: basic_4gb");
    expect(await remarks()).toEqual([
      [
        "warning",
        "plan: basic_4gb",
        "prod: the cost of postgres-database changes",
        expect.stringMatching(/^from \$19\.00 → from \$\d+\.\d\d a month$/),
      ],
    ]);
    production.commit();
    production.edit("plan: basic_4gb", "plan: basic_1gb");
    expect((await remarks()).map(([level]) => level)).toEqual(["notice"]);
  });

  it("and there is none where nothing is risked", async () => {
    production.edit("maxPoolSize: 200", "maxPoolSize: 100");
    expect(await remarks()).toEqual([]);
  });
});

describe("a stack that cannot be planned", () => {
  const failed = (errors: string[], text = production.texts.text) =>
    annotationsOf({ stack: "prod", kind: "failed", errors }, text, undefined).map(({ line }) => line);
  const lineOf = (part: string) =>
    production.texts.text.split("\n").findIndex((line) => line.includes(part)) + 1;

  it("is remarked where each setting stands that is wrong, or should stand", () => {
    expect(
      failed([
        'kairos:mongodb.tier: got "M11"; expected one of M0',
        "kairos:backend[0].link: missing",
        "kairos:postgres.plna: unknown setting; expected one of plan",
        "render:apiKey: got nothing",
      ]),
    ).toEqual([lineOf("tier:"), lineOf("link:"), lineOf("kairos:postgres:"), 1]);
  });

  it("where it is no YAML, on the line that the reader names", () => {
    expect(failed(["Pulumi.prod.yaml: Map keys must be unique at line 3, column 1"], "a: [")).toEqual([3]);
    expect(failed(["kairos:region: got nothing"], "a: [")).toEqual([1]);
  });
});

describe("the line of a setting", () => {
  const text = "config:\n  kairos:a:\n    list:\n      - x: 1\n        y: 2\n      - x: 3\n  kairos:ab: 4\n";
  it.each([
    [["kairos:a.list[1].x"], 6],
    [["kairos:a.list[0]"], 4],
    [["kairos:a"], 2],
    [["kairos:ab"], 7],
    [["kairos:none", "kairos:a.list"], 3],
    [["kairos:none"], 1],
  ])("%j is %i", (settings, line) => {
    expect(new StackLines(text).of(settings)).toBe(line);
  });

  it("is the changed one first, and of what is gone the line that it stood below", () => {
    const lines = new StackLines(text.replace("y: 2\n", "y: 5\n"), text);
    expect(lines.ofChange(["kairos:ab", "kairos:a"])).toBe(5);
    const shorter = new StackLines(text.replace("\n        y: 2", ""), text);
    expect(shorter.ofChange(["kairos:a"])).toBe(4);
  });
});

describe("a command for the runner", () => {
  it("is one line that ends nowhere else, whatever stands in it", () => {
    const evil = "a: b, c % d\r\n::set-output name=digest::0";
    expect(
      workflowCommand({ level: "error", file: "Pulumi.a,b:c.yaml", line: 7, title: evil, message: evil }),
    ).toBe(
      "::error file=Pulumi.a%2Cb%3Ac.yaml,line=7,title=a%3A b%2C c %25 d%0D%0A%3A%3Aset-output name=digest%3A%3A0::a: b, c %25 d%0D%0A::set-output name=digest::0",
    );
  });
});
