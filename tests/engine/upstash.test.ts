/** The real engine with Upstash's unmodified provider, through the proxy, against the stand-in. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { UpstashCloud, upstashApi } from "../../sandbox/clouds/upstash/index.ts";
import { engineWith } from "./harness.ts";
import { ProviderStack } from "./provider-stack.ts";

const found = await engineWith(["@upstash/pulumi"]);
if ("reason" in found) console.log(`skipped: Upstash with the real engine (${found.reason})`);

interface Arguments {
  eviction: boolean;
  budget: number;
  tls?: boolean;
}

const declare = (variable: string, name: string, args: Arguments, adopted?: string) => `
export const ${variable} = new RedisDatabase("${name}", ${JSON.stringify({
  databaseName: name,
  region: "global",
  primaryRegion: "us-west-2",
  readRegions: ["us-east-1"],
  tls: true,
  ...args,
})}, ${JSON.stringify(adopted === undefined ? {} : { import: adopted })}).databaseId;`;
const program = (...resources: string[]) =>
  `import { RedisDatabase } from "@upstash/pulumi/redisDatabase.js";${resources.join("")}\n`;

describe.skipIf("reason" in found)("Upstash's provider", () => {
  const credentials = { email: "owner@kairos.example", apiKey: randomBytes(18).toString("hex") };
  const cloud = new UpstashCloud();
  let stack: ProviderStack;
  beforeAll(async () => {
    if ("reason" in found) return;
    stack = await ProviderStack.create(found.engine, upstashApi(cloud, credentials), () => ({
      UPSTASH_EMAIL: credentials.email,
      UPSTASH_API_KEY: credentials.apiKey,
    }));
  });
  afterAll(() => stack?.remove("Upstash"));

  /** Runs the CLI; the calls as `POST database`. */
  const run = async (step: string, ...args: string[]) => {
    const { exitCode, all, calls } = await stack.run(step, ...args);
    return { exitCode, all, calls: calls.map(({ method, path }) => `${method} ${path.split("/")[3]}`) };
  };
  const up = (step: string) => run(step, "up", "--yes", "--skip-preview");
  const only = () => {
    const [database] = cloud.list();
    if (database === undefined) throw new Error("no database");
    return database;
  };
  const first = (args: Arguments) => declare("first", "kairos-redis", args);

  it("creates what is declared", async () => {
    await stack.program(program(first({ eviction: true, budget: 20 })));
    expect(await up("create")).toMatchObject({ exitCode: 0, calls: ["POST database", "GET database"] });
    expect(only()).toMatchObject({
      database_name: "kairos-redis",
      read_regions: ["us-east-1"],
      eviction: true,
    });
  });

  it("sees no change, by preview or refresh", async () => {
    expect(await run("no change", "preview", "--expect-no-changes")).toMatchObject({
      exitCode: 0,
      calls: [],
    });
    const refresh = await run("refresh", "refresh", "--yes", "--skip-preview", "--expect-no-changes");
    expect(refresh).toMatchObject({ exitCode: 0, calls: ["GET database"] });
  });

  it("changes eviction and budget in place", async () => {
    const { database_id, password } = only();
    await stack.program(program(first({ eviction: false, budget: 35 })));
    expect(await up("update")).toMatchObject({
      exitCode: 0,
      calls: ["POST disable-eviction", "PATCH update-budget", "GET database"],
    });
    expect(only()).toMatchObject({ database_id, password, eviction: false, budget: 35 });
    expect((await run("no change", "preview", "--expect-no-changes")).exitCode).toBe(0);
  });

  it("imports what exists by its bare uuid", async () => {
    const existing = cloud.create({
      database_name: "older",
      primary_region: "us-west-2",
      read_regions: ["us-east-1"],
    });
    const both = program(
      first({ eviction: false, budget: 35 }),
      declare("second", "older", { eviction: false, budget: 20 }, existing.database_id),
    );
    await stack.program(both);
    const imported = await up("import");
    expect(imported).toMatchObject({ exitCode: 0, calls: expect.not.arrayContaining(["POST database"]) });
    expect(cloud.get(existing.database_id)).toEqual(existing);
    expect((await run("no change", "preview", "--expect-no-changes")).exitCode).toBe(0);
  });

  it("finds in a refresh what was changed outside, and puts it right", async () => {
    const [kairos] = cloud.list();
    cloud.change(kairos?.database_id ?? "", { eviction: true });
    const blind = await run("no change", "preview", "--expect-no-changes");
    expect(blind.exitCode).toBe(0);
    const refresh = await run("refresh", "refresh", "--yes", "--skip-preview");
    expect(refresh.all).toMatch(/~ 1 updated/);
    expect((await run("drift", "preview", "--expect-no-changes")).exitCode).not.toBe(0);
    expect(await up("repair")).toMatchObject({
      exitCode: 0,
      calls: ["POST disable-eviction", "GET database"],
    });
  });

  it("would replace a database whose program leaves out tls", async () => {
    const careless = first({ eviction: false, budget: 35 }).replace('"tls":true,', "");
    expect(careless).not.toContain("tls");
    const second = declare("second", "older", { eviction: false, budget: 20 });
    await stack.program(program(careless, second));
    const { all, exitCode } = await run("careless", "preview", "--diff");
    expect(exitCode).toBe(0);
    expect(all).toMatch(/tls *: true => false|- tls/);
    expect(all).toMatch(/\+-1 to replace/);
  });

  it("hears why a regional database is refused", async () => {
    const regional = declare("third", "regional", { eviction: false, budget: 20 }).replace(
      "global",
      "us-west-2",
    );
    await stack.program(
      program(
        first({ eviction: false, budget: 35 }),
        declare("second", "older", { eviction: false, budget: 20 }),
        regional,
      ),
    );
    const { exitCode, all } = await up("refusal");
    expect(exitCode).not.toBe(0);
    expect(all).toMatch(/status code: 400 response: "?regional db creation is deprecated/);
    expect(cloud.list()).toHaveLength(2);
  });

  it("destroys everything, and has asked for no other host", async () => {
    const destroyed = await run("destroy", "destroy", "--yes", "--skip-preview");
    expect(destroyed).toMatchObject({ exitCode: 0, calls: ["DELETE database", "DELETE database"] });
    expect(cloud.list()).toEqual([]);
    expect(stack.refused).toEqual([]);
  });
});
