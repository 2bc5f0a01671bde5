/** A database that was made from a backup, in the program: beside the original, and in its place. */
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Answers, mongodbOf, opened, run, settingsOf } from "../tests/helpers/program.ts";
import { Mongodb } from "./mongodb/index.ts";
import { Postgres } from "./postgres/index.ts";
import { dataLosses } from "./protection/index.ts";
import { types } from "./resources.ts";
import { Rotation } from "./rotation/index.ts";
import { type Run, runOf } from "./run.ts";
import type { PostgresSettings } from "./settings/index.ts";
import type { ExistingResource } from "./state.ts";

const id = "dpg-restored-a";
const project = "0123456789abcdef01234567";
const paid = { enabled: true, plan: "basic_1gb", name: "kairos-postgres" };
const atRender = (name: string, databaseId: string): ExistingResource => ({
  type: types.postgres,
  outputs: { id: databaseId, name, plan: "basic_1gb", databaseName: "kairos", databaseUser: "kairos" },
});
const atAtlas = (name: string, more: object = {}): ExistingResource => ({
  type: types.cluster,
  outputs: { name, projectId: project, ...more },
});
const both = [atRender("kairos-postgres", "dpg-old-a"), atRender("two", id)];
const clusters = [atAtlas("cluster0"), atAtlas("two")];

beforeEach(() => vi.stubEnv("RENDER_API_KEY", randomBytes(12).toString("hex")));
afterEach(() => vi.unstubAllEnvs());

const postgres = (settings: object, more: Partial<Run> = {}, answers: Answers = {}) =>
  run(() => {
    const all = settingsOf({ postgres: { ...paid, ...settings } });
    return new Postgres("postgres", all.postgres as PostgresSettings, { ...runOf(all), ...more });
  }, answers);
const mongodb = (settings: object, existing: ExistingResource[] = []) =>
  run(() => {
    const all = settingsOf({ mongodb: mongodbOf({ name: "cluster0", ...settings }) });
    return new Mongodb("mongodb", all.mongodb, { ...runOf(all), existing });
  });

describe("a recovered Postgres", () => {
  it("is imported beside the original as Render has it, and the variables come from it", async () => {
    const url = (host: string) => `postgresql://kairos:secret@${host}/kairos_b34d`;
    const connectionInfo = { internalConnectionString: url("dpg-x"), externalConnectionString: url("dpg-x") };
    const { recorder, result } = await postgres(
      { restored: id },
      { existing: [both[0] as ExistingResource] },
      {
        outputs: { [types.postgres]: { connectionInfo } },
      },
    );
    const [original, restored] = recorder.all("Postgres");
    expect([original?.name, original?.importId, original?.protect]).toEqual(["postgres-database", "", true]);
    expect([restored?.name, restored?.importId, restored?.protect]).toEqual([
      `postgres-restored-${id}`,
      id,
      true,
    ]);
    // An import that differs is refused: nothing of it is the settings' yet.
    expect(restored?.ignoreChanges).toEqual(expect.arrayContaining(Object.keys(restored?.inputs ?? {})));
    expect((await opened(result.id)).value).toBe(`postgres-restored-${id}-id`);
    expect((await opened(result.connection.host)).value).toBe("dpg-x");
  });

  it("stays, with its protection, when another one takes its place", async () => {
    const settings = { restored: "dpg-three-a", earlier: [id] };
    const { recorder, result } = await postgres(settings, { existing: both });
    expect(recorder.all("Postgres").map(({ name, importId, protect }) => [name, importId, protect])).toEqual([
      ["postgres-database", "", true],
      ["postgres-restored-dpg-three-a", "dpg-three-a", true],
      [`postgres-restored-${id}`, "", true],
    ]);
    expect((await opened(result.id)).value).toBe("postgres-restored-dpg-three-a-id");
  });

  it("is brought in line once it is taken in, but for its names", async () => {
    const { recorder } = await postgres({ restored: id }, { existing: both });
    const [, restored] = recorder.all("Postgres");
    expect(restored?.importId).toBe("");
    expect(restored?.ignoreChanges).toEqual(expect.arrayContaining(["name", "databaseName", "databaseUser"]));
    expect(restored?.ignoreChanges).not.toContain("plan");
  });

  it.each([
    ["the original", "kairos-postgres", [false, true]],
    ["the restored one", "two", [true, false]],
  ])("lets only %s go when its name is given", async (_, mayBeDestroyed, protect) => {
    const { recorder } = await postgres({ restored: id, mayBeDestroyed }, { existing: both });
    expect(recorder.all("Postgres").map((one) => one.protect)).toEqual(protect);
  });

  it("is alone when the original is gone", async () => {
    const { recorder } = await postgres({ restored: id, original: "gone" }, { existing: both });
    expect(recorder.one("Postgres").name).toBe(`postgres-restored-${id}`);
  });

  it("has the login that Render shows of it, whatever the original's was, and keeps it over a rotation", async () => {
    const record: ExistingResource = {
      type: "pulumi:index:Stash",
      outputs: { input: { credential: "postgres", current: 2, last: 2, since: "2026-01-01T00:00:00Z" } },
    };
    const login: ExistingResource = {
      type: "pulumi:index:Stash",
      outputs: { input: { login: "postgres-login-2", user: "kairos_2" } },
    };
    const existing = [record, login, both[0] as ExistingResource];
    const rotation = { ...runOf(settingsOf()).rotation, postgres: new Rotation("postgres", existing) };
    const output = { value: { user: "kairos_2", password: randomBytes(12).toString("hex") } };
    const answers = { outputs: { "pulumi:index:Stash": { output } } };
    const { recorder } = await postgres({ restored: id }, { existing, rotation }, answers);
    const stash = recorder.registrations.find(({ name }) => name === `postgres-login-2-${id}`);
    // Not asked of Render: what the restored one shows is known.
    expect(stash?.inputs).toMatchObject({ input: { login: `postgres-login-2-${id}` } });
    expect(recorder.registrations.map(({ name }) => name)).not.toContain("postgres-login-2");
  });
});

describe("a restored cluster", () => {
  it("is imported beside the original; URL and user lead to it, and to the original still", async () => {
    const { recorder, result } = await mongodb({ restored: "two" }, [clusters[0] as ExistingResource]);
    const [original, restored] = recorder.all("AdvancedCluster");
    expect([original?.name, original?.importId]).toEqual(["mongodb-cluster", ""]);
    expect([restored?.name, restored?.importId]).toEqual(["mongodb-restored-two", `${project}-two`]);
    expect(restored?.inputs).toMatchObject({ name: "two", terminationProtectionEnabled: true });
    expect(recorder.one("DatabaseUser").inputs).toMatchObject({
      scopes: [
        { name: "cluster0", type: "CLUSTER" },
        { name: "two", type: "CLUSTER" },
      ],
    });
    expect(result.clusterName).toBe("two");
  });

  it("stays, and is let in to, when another one takes its place", async () => {
    const { recorder, result } = await mongodb({ restored: "three", earlier: ["two"] }, clusters);
    expect(
      recorder.all("AdvancedCluster").map(({ name, importId, protect }) => [name, importId, protect]),
    ).toEqual([
      ["mongodb-cluster", "", true],
      ["mongodb-restored-three", `${project}-three`, true],
      ["mongodb-restored-two", "", true],
    ]);
    expect(recorder.one("DatabaseUser").inputs.scopes).toMatchObject([
      { name: "cluster0" },
      { name: "three" },
      { name: "two" },
    ]);
    expect(result.clusterName).toBe("three");
  });

  it("is alone when the original is gone, which Atlas' own protection lets go first", async () => {
    const consent = await mongodb({ restored: "two", mayBeDestroyed: "cluster0" }, clusters);
    expect(
      consent.recorder
        .all("AdvancedCluster")
        .map(({ protect, inputs }) => [
          protect,
          (inputs as Record<string, unknown>).terminationProtectionEnabled,
        ]),
    ).toEqual([
      [false, false],
      [true, true],
    ]);
    const { recorder } = await mongodb({ restored: "two", original: "gone" }, clusters);
    expect(recorder.one("AdvancedCluster").name).toBe("mongodb-restored-two");
    expect(recorder.one("DatabaseUser").inputs).toMatchObject({ scopes: [{ name: "two" }] });
  });
});

describe("protection", () => {
  const lines = (existing: ExistingResource[], settings: { postgres?: object; mongodb?: object }) =>
    dataLosses(
      existing,
      settingsOf({
        postgres: settings.postgres ? { ...paid, ...settings.postgres } : { enabled: false },
        mongodb: mongodbOf({ name: "cluster0", ...settings.mongodb }),
      }),
    );

  it("lets a restored database in, and both stay", () => {
    expect(lines(both, { postgres: { restored: id } })).toEqual([]);
    expect(lines(clusters, { mongodb: { restored: "two" } })).toEqual([]);
    expect(lines([atRender("kairos-postgres", "dpg-old-a")], { postgres: { restored: id } })).toEqual([]);
  });

  it("lets the original go only after its name was given", () => {
    const gone = { restored: id, original: "gone" };
    expect(lines(both, { postgres: gone })).toEqual([
      expect.stringMatching(/^kairos:postgres\.original: got "gone"; expected "kept": kairos-postgres would/),
    ]);
    expect(lines(both, { postgres: { ...gone, mayBeDestroyed: "kairos-postgres" } })).toEqual([]);
    const guarded = [atAtlas("cluster0", { terminationProtectionEnabled: true }), atAtlas("two")];
    const cluster = { restored: "two", original: "gone", mayBeDestroyed: "cluster0" };
    expect(lines(guarded, { mongodb: cluster })).toEqual([expect.stringContaining("termination protection")]);
    expect(lines(clusters, { mongodb: cluster })).toEqual([]);
  });

  it("lets the restored one go only after its name was given, whatever takes its place", () => {
    for (const restored of [undefined, "dpg-another-a"]) {
      const own = restored === undefined ? {} : { restored };
      expect(lines(both, { postgres: own })).toEqual([
        expect.stringMatching(
          /^kairos:postgres\.restored: got .+; expected "dpg-restored-a": two would be deleted/,
        ),
      ]);
      expect(lines(both, { postgres: { ...own, mayBeDestroyed: "two" } })).toEqual([]);
    }
    expect(lines(clusters, {})).toEqual([
      expect.stringMatching(/^kairos:mongodb\.restored: .+expected "two"/),
    ]);
  });

  it("lets another restored one take the place of the one in use, which stays while it is listed", () => {
    const three = [...both, atRender("three", "dpg-three-a")];
    const kept = { restored: "dpg-three-a", earlier: [id] };
    expect(lines(both, { postgres: kept })).toEqual([]);
    expect(lines(three, { postgres: kept })).toEqual([]);
    expect(lines(three, { postgres: { restored: "dpg-three-a" } })).toEqual([
      expect.stringMatching(
        /two would be deleted with all its data\. Put it into kairos:postgres\.earlier, where it stays beside; or, if it may go, set kairos:postgres\.mayBeDestroyed to "two"/,
      ),
    ]);
    expect(lines(three, { postgres: { restored: "dpg-three-a", mayBeDestroyed: "two" } })).toEqual([]);
    expect(
      lines([...clusters, atAtlas("three")], { mongodb: { restored: "three", earlier: ["two"] } }),
    ).toEqual([]);
  });

  it("takes no Postgres in while a rotation is under way", () => {
    const record: ExistingResource = {
      type: "pulumi:index:Stash",
      outputs: { input: { credential: "postgres", current: 2, retiring: 1, last: 2, since: "" } },
    };
    expect(lines([record, both[0] as ExistingResource], { postgres: { restored: id } })).toEqual([
      expect.stringContaining("while a rotation is under way"),
    ]);
  });
});

describe("settings", () => {
  it.each([
    [{ mongodb: mongodbOf({ name: "a", restored: "a" }) }, /name of another cluster/],
    [{ mongodb: mongodbOf({ original: "gone" }) }, /kept, or restored/],
    [{ postgres: { ...paid, original: "gone" } }, /kept, or restored/],
    [{ postgres: { ...paid, earlier: [id] } }, /restored beside it/],
    [{ postgres: { ...paid, restored: id, earlier: [id] } }, /listed once, and neither/],
    [{ mongodb: mongodbOf({ name: "a", restored: "b", earlier: ["a"] }) }, /neither the original/],
    [{ postgres: { ...paid, restored: "two" } }, /dpg-/],
  ])("refuse %j", (settings, expected) => {
    expect(() => settingsOf(settings)).toThrow(expected);
  });
});
