import { inspect } from "node:util";
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, opened, run, settingsOf, wire } from "../../tests/helpers/program.ts";
import { Recovery } from "../recovery/index.ts";
import { runOf } from "../run.ts";
import type { PostgresSettings, RenderRegion } from "../settings/index.ts";
import { Postgres } from "./index.ts";

const type = "render:index/postgres:Postgres";

function postgres(settings: object = {}, connectionInfo?: object, backendRegion: RenderRegion = "oregon") {
  const given = { enabled: true, plan: "basic_1gb", ...settings };
  return run(
    () => {
      const settings = settingsOf({ region: backendRegion, postgres: given });
      return new Postgres("postgres", settings.postgres as PostgresSettings, runOf(settings));
    },
    connectionInfo === undefined ? {} : { outputs: { [type]: { connectionInfo } } },
  );
}

/** The parts of the connection, in the clear; each of them has to be secret. */
async function connected({ result }: Awaited<ReturnType<typeof postgres>>) {
  const parts = Object.entries(result.connection).map(async ([name, output]) => {
    const { value, isSecret } = await opened(output as pulumi.Output<string>);
    expect(isSecret, `${name} is secret`).toBe(true);
    return [name, value];
  });
  return Object.fromEntries(await Promise.all(parts));
}

/** What Render answers: the password percent-encoded, no port, a database name with a suffix. */
function renderAnswers(password: string) {
  const login = `kairos:${encodeURIComponent(password)}`;
  return {
    internalConnectionString: `postgresql://${login}@dpg-x-a/kairos_b34d`,
    externalConnectionString: `postgresql://${login}@dpg-x-a.oregon-postgres.render.com/kairos_b34d`,
  };
}

describe("the resource", () => {
  const least = {
    name: "kairos-postgres",
    plan: "basic_1gb",
    version: "18",
    region: "oregon",
    databaseName: "kairos",
    databaseUser: "kairos",
    highAvailabilityEnabled: false,
    ipAllowLists: [],
  };

  it("has exactly the inputs of the settings' defaults", async () => {
    const { recorder } = await postgres();
    expect(recorder.one("Postgres").inputs).toEqual(least);
  });

  it("has exactly the inputs that are set", async () => {
    const { recorder } = await postgres({
      name: "main-postgres",
      plan: "pro_4gb",
      version: "17",
      database: "kairos_db",
      user: "backend",
      disk: "25GB",
      highAvailability: true,
      readReplicas: ["replica-a", "replica-b"],
      accessList: [{ cidr: "203.0.113.0/24", comment: "office" }],
    });
    expect(recorder.one("Postgres").inputs).toEqual({
      name: "main-postgres",
      plan: "pro_4gb",
      version: "17",
      region: "oregon",
      databaseName: "kairos_db",
      databaseUser: "backend",
      diskSizeGb: 25,
      highAvailabilityEnabled: true,
      readReplicas: [{ name: "replica-a" }, { name: "replica-b" }],
      ipAllowLists: [{ cidrBlock: "203.0.113.0/24", description: "office" }],
    });
  });

  it("stands in the backend's region, or in its own", async () => {
    const beside = await postgres({}, undefined, "frankfurt");
    expect(beside.recorder.one("Postgres").inputs.region).toBe("frankfurt");
    const own = { region: "ohio", network: "public", accessList: [{ cidr: "203.0.113.0/24", comment: "" }] };
    expect((await postgres(own)).recorder.one("Postgres").inputs.region).toBe("ohio");
  });

  it("has the database's real name where the state has it, or an interrupted up created it", async () => {
    const key = `${type} kairos-postgres`;
    const names = { existing: "kairos_ehyv", imported: "kairos_0a1b" };
    for (const [source, real] of Object.entries(names)) {
      const { recorder } = await run(() => {
        const settings = settingsOf({ postgres: { enabled: true, plan: "basic_1gb" } });
        const known = { ...runOf(settings), existing: [{ type, outputs: { databaseName: names.existing } }] };
        const found = { id: "dpg-1-a", databaseName: real };
        const recovery = new Recovery(new Map([[key, found]]));
        return new Postgres(
          "postgres",
          settings.postgres as PostgresSettings,
          source === "imported" ? { ...known, recovery } : known,
        );
      });
      expect(recorder.one("Postgres").inputs.databaseName, source).toBe(real);
    }
  });

  it("is protected until its setting gives its name", async () => {
    expect((await postgres()).recorder.one("Postgres").protect).toBe(true);
    const mayGo = await postgres({ mayBeDestroyed: "kairos-postgres" });
    expect(mayGo.recorder.one("Postgres").protect).toBe(false);
  });

  it("gets the provider's fields that no setting has", async () => {
    const parameterOverrides = { max_connections: "200" };
    const { inputs, ignoreChanges } = (await postgres({ with: { parameterOverrides } })).recorder.one(
      "Postgres",
    );
    expect(inputs).toMatchObject({ parameterOverrides });
    expect(ignoreChanges).not.toContain("parameterOverrides");
    expect(ignoreChanges).toContain("environmentId");
  });

  it("says its id and its name", async () => {
    const { result } = await postgres();
    expect((await opened(result.id)).value).toBe("postgres-database-id");
    expect(result.name).toBe("kairos-postgres");
  });
});

describe("the connection", () => {
  const accessList = [{ cidr: "203.0.113.0/24", comment: "office" }];
  it.each([
    ["the private host unless told otherwise", {}, "dpg-x-a"],
    ["the public host when asked", { network: "public", accessList }, "dpg-x-a.oregon-postgres.render.com"],
  ])("has %s, and Render's own database name, user and decoded password", async (_, settings, host) => {
    const password = newPassword();
    expect(await connected(await postgres(settings, renderAnswers(password)))).toEqual({
      host,
      port: "5432",
      user: "kairos",
      password,
      database: "kairos_b34d",
    });
  });

  it("takes port, user and database from the string, not from the settings", async () => {
    const password = newPassword();
    const internalConnectionString = `postgres://kairos%5Fx:${encodeURIComponent(password)}@dpg-x-a:6543/ka%C3%AFros`;
    expect(await connected(await postgres({}, { internalConnectionString }))).toEqual({
      host: "dpg-x-a",
      port: "6543",
      user: "kairos_x",
      password,
      database: "kaïros",
    });
  });

  it("is the same when the engine delivers a secret inside a secret", async () => {
    const password = newPassword();
    const marked = (value: unknown) => ({ [wire.key]: wire.secret, value });
    const members = Object.entries(renderAnswers(password)).map(([name, value]) => [name, marked(value)]);
    const doubly = marked(Object.fromEntries(members));
    expect(await connected(await postgres({}, doubly))).toMatchObject({ host: "dpg-x-a", password });
  });

  it("that cannot be taken apart fails without showing the string", async () => {
    const password = encodeURIComponent(newPassword());
    const internalConnectionString = `postgresql://kairos:${password}@dpg x/kairos`;
    const shown = await errorsShown(() => postgres({}, { internalConnectionString }));
    expect(shown).not.toEqual([]);
    for (const error of shown) expect(error).not.toContain(password);
  });
});

/**
 * What a program's failed outputs would put on the screen: Pulumi prints each unhandled rejection the way inspect
 * does, with all its properties. Vitest's own listeners stand aside meanwhile.
 */
async function errorsShown(program: () => Promise<unknown>): Promise<string[]> {
  const shown: string[] = [];
  const usual = process.rawListeners("unhandledRejection") as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (error) => shown.push(inspect(error)));
  try {
    await program();
    await new Promise(setImmediate);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of usual) process.on("unhandledRejection", listener);
  }
  return shown;
}
