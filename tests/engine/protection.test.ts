/** What happens, on the real engine and plugins, to a database that settings would replace or delete. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EngineStack, engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: protection with the real engine (${found.reason})`);

const mongodb = {
  project: { id: "0123456789abcdef01234567" },
  tier: "M10",
  accessList: [{ cidr: "203.0.113.7/32", comment: "Render" }],
};
const postgres = { enabled: true, plan: "basic_1gb", database: "kairos_db", user: "kairos" };
const backend = [{ name: "kairos-backend", link: "srv-01234567890123456789" }];
const settings = { mongodb, postgres, backend };

describe.skipIf("reason" in found)("an existing Postgres", () => {
  let stack: EngineStack;
  beforeAll(async () => {
    if (!("engine" in found)) return;
    stack = await EngineStack.create(found.engine);
    await stack.configure(settings);
    const imported = await stack.importState(existingPostgres());
    expect(imported.all).toContain("Import complete");
  });
  afterAll(() => stack?.remove());
  const preview = async (changed: object) => {
    await stack.configure({ ...settings, ...changed });
    return stack.pulumi("preview", "--diff", "--stack", "test");
  };

  it("is left as it is by settings that describe it", async () => {
    const { all, exitCode } = await preview({});
    expect(all).not.toMatch(/render:index\/postgres:Postgres: \((create|update|replace|delete)/);
    expect(exitCode).toBe(0);
  });

  it.each([
    ["database", { database: "other" }, 'kairos:postgres.database: got "other"; expected "kairos_db"'],
    ["version", { version: "17" }, 'kairos:postgres.version: got "17"; expected "18"'],
  ])("is not replaced because of another %s: one line says why and what to do", async (_, change, line) => {
    const { all, exitCode } = await preview({ postgres: { ...postgres, ...change } });
    expect(all).toContain(line);
    expect(all).toContain('set kairos:postgres.mayBeDestroyed to "kairos-postgres"');
    expect(all).not.toMatch(/\bat .*\.ts:\d+/);
    expect(all).not.toContain("(replace)");
    expect(exitCode).not.toBe(0);
  });

  it("is not replaced because of another user, even where it may be destroyed", async () => {
    for (const consent of [{}, { mayBeDestroyed: "kairos-postgres" }]) {
      const { all, exitCode } = await preview({ postgres: { ...postgres, user: "kairos2", ...consent } });
      expect(all).toContain('kairos:postgres.user: got "kairos2"; expected "kairos"');
      expect(all).not.toContain("(replace)");
      expect(exitCode).not.toBe(0);
    }
  });

  it("is not deleted by turning Postgres off", async () => {
    const { all, exitCode } = await preview({ postgres: { enabled: false } });
    expect(all).toContain(
      "kairos:postgres: these settings delete the database kairos-postgres with all its data",
    );
    expect(exitCode).not.toBe(0);
  });

  it("may be replaced when its own setting names it", async () => {
    const { all, exitCode } = await preview({
      postgres: { ...postgres, version: "17", mayBeDestroyed: "kairos-postgres" },
    });
    expect(all).toContain("+-render:index/postgres:Postgres: (replace)");
    expect(exitCode).toBe(0);
  });

  it("is protected by the engine as well, should the first check ever be passed by", async () => {
    const { all, exitCode } = await stack.pulumi("destroy", "--yes", "--skip-preview", "--stack", "test");
    expect(all).toMatch(/protected/);
    expect(exitCode).not.toBe(0);
  });
});

/** The state that an earlier `up` leaves behind, as far as these tests need it. */
function existingPostgres(): object[] {
  const stackUrn = "urn:pulumi:test::kairos-infrastructure::pulumi:pulumi:Stack::kairos-infrastructure-test";
  const component = "urn:pulumi:test::kairos-infrastructure::kairos:infra:Postgres::postgres";
  const provider = "urn:pulumi:test::kairos-infrastructure::pulumi:providers:render::default_1_9_1";
  const providerId = "11111111-2222-3333-4444-555555555555";
  const inputs = {
    databaseName: "kairos_db",
    databaseUser: "kairos",
    highAvailabilityEnabled: false,
    ipAllowLists: [],
    name: "kairos-postgres",
    plan: "basic_1gb",
    region: "oregon",
    version: "18",
  };
  // The package that the bridge stands for, as sdks/render names it.
  const parameterization =
    "eyJyZW1vdGUiOnsidXJsIjoicmVnaXN0cnkub3BlbnRvZnUub3JnL3JlbmRlci1vc3MvcmVuZGVyIiwidmVyc2lvbiI6IjEuOS4xIn19";
  const providerInputs = {
    __internal: { name: "terraform-provider", version: "1.1.3", parameterization },
    version: "1.9.1",
  };
  return [
    { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" },
    { urn: component, custom: false, type: "kairos:infra:Postgres", parent: stackUrn },
    {
      urn: provider,
      custom: true,
      id: providerId,
      type: "pulumi:providers:render",
      inputs: providerInputs,
      outputs: providerInputs,
    },
    {
      urn: "urn:pulumi:test::kairos-infrastructure::kairos:infra:Postgres$render:index/postgres:Postgres::postgres-database",
      custom: true,
      id: "dpg-existing-a",
      type: "render:index/postgres:Postgres",
      inputs,
      outputs: { ...inputs, id: "dpg-existing-a", role: "primary", primaryPostgresId: "" },
      parent: component,
      provider: `${provider}::${providerId}`,
      protect: true,
    },
  ];
}
