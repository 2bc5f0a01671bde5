import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mongodbOf, run, settingsOf } from "../../tests/helpers/program.ts";
import { types } from "../resources.ts";
import { runOf } from "../run.ts";
import type { ExistingResource } from "../state.ts";
import type { candidates } from "./candidates.ts";
import type { Candidate } from "./choice.ts";
import { recover } from "./index.ts";

const organization = "0123456789abcdef01234567";
const created = {
  name: "kairos-web",
  type: "web",
  plan: "starter",
  source: { image: "x.example/y", tag: "1" },
};
const settings = settingsOf({
  mongodb: mongodbOf({ project: { name: "kairos", organization } }),
  postgres: { enabled: true, plan: "basic_1gb" },
  redis: { provider: "redis-cloud", plan: "30MB" },
  backend: [created],
});
/** By type: what is announced for these settings. */
const names: Record<string, string> = {
  [types.project]: "kairos",
  [types.cluster]: "cluster0",
  [types.user]: "kairos",
  [types.postgres]: "kairos-postgres",
  [types.subscription]: "kairos-redis",
  [types.redisCloud]: "kairos-redis",
  [types.web]: "kairos-web",
};
const keys = Object.entries(names).map(([type, name]) => `${type} ${name}`);

const now = new Date("2026-03-01T12:00:00Z");
const earlier = "2026-03-01T11:50:00.000Z";
const record = (creations: Record<string, string>): ExistingResource => ({
  type: "pulumi:index:Stash",
  outputs: { input: { creations } },
});
const known = (type: string, outputs: object = {}): ExistingResource => ({
  type,
  outputs: { id: "known", ...outputs },
});
const allAnnounced = record(Object.fromEntries(keys.map((key) => [key, earlier])));

/** What the vendors have, by type. */
let present: Record<string, Candidate[]>;
let asked: [type: string, name: string, inside: string | undefined][];
let ask: typeof candidates;

beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ["Date"] });
  present = {};
  asked = [];
  ask = async (type, name, _, idOf) => {
    asked.push([type, name, idOf(types.project)]);
    return present[type] ?? [];
  };
});
afterEach(() => vi.useRealTimers());

async function adopted(existing: ExistingResource[]) {
  const { result, recorder } = await run(() => recover(existing, settings, undefined, ask));
  const ids = Object.fromEntries(
    Object.entries(names).flatMap(([type, name]) => {
      const id = result.idOf({ type, name });
      return id === undefined ? [] : [[type, id]];
    }),
  );
  const kept = recorder.registrations.map(({ inputs }) => inputs.input);
  return { recovery: result, ids, kept };
}

describe("a run after nothing was interrupted", () => {
  it("announces everything the first time, and asks no vendor", async () => {
    const { ids, kept } = await adopted([]);
    expect(ids).toEqual({});
    expect(asked).toEqual([]);
    expect(kept).toEqual([{ creations: Object.fromEntries(keys.map((key) => [key, now.toISOString()])) }]);
  });

  it("keeps the record as it is when everything is known, and asks no vendor", async () => {
    const all = Object.entries(names).map(([type, name]) => known(type, { name }));
    const { ids, kept } = await adopted([allAnnounced, ...all]);
    expect(ids).toEqual({});
    expect(asked).toEqual([]);
    expect(kept).toEqual([allAnnounced.outputs.input]);
  });

  it("announces nothing of a stack that is older than the record", async () => {
    const all = Object.entries(names).map(([type, name]) => known(type, { name }));
    expect((await adopted(all)).kept).toEqual([{ creations: {} }]);
  });

  it("does nothing where there is no state", () => {
    expect(runOf(settings).recovery.options({ type: types.postgres, name: "kairos-postgres" })).toEqual({});
  });
});

describe("a run after an interrupted one", () => {
  it("imports what is found, and looks into it", async () => {
    present = {
      [types.project]: [{ id: "5a4d000000000000000000bb", made: new Date("2026-03-01T11:50:03Z") }],
      [types.user]: [{ id: "5a4d000000000000000000bb/kairos/admin", made: "here" }],
    };
    const { recovery, ids, kept } = await adopted([allAnnounced]);
    expect(ids).toEqual({
      [types.project]: "5a4d000000000000000000bb",
      [types.user]: "5a4d000000000000000000bb/kairos/admin",
    });
    expect(asked.map(([type, name]) => `${type} ${name}`)).toEqual(keys);
    expect(asked[1]).toEqual([types.cluster, "cluster0", "5a4d000000000000000000bb"]);
    expect(recovery.options({ type: types.user, name: "kairos" })).toEqual({
      import: "5a4d000000000000000000bb/kairos/admin",
      dependsOn: [expect.any(pulumi.Stash)],
    });
    // What is still to be created is announced anew: the next window starts now.
    expect(kept[0]).toMatchObject({
      creations: {
        [`${types.project} kairos`]: earlier,
        [`${types.cluster} cluster0`]: now.toISOString(),
      },
    });
  });

  it("gives the import of a Postgres the name that its database really has", async () => {
    const made = new Date("2026-03-01T11:50:03Z");
    present = { [types.postgres]: [{ id: "dpg-1-a", made, databaseName: "kairos_ehyv" }] };
    const { recovery } = await adopted([allAnnounced]);
    expect(recovery.databaseNameOf({ type: types.postgres, name: "kairos-postgres" })).toBe("kairos_ehyv");
    expect(recovery.databaseNameOf({ type: types.keyValue, name: "kairos-postgres" })).toBeUndefined();
  });

  it("asks only for what the state does not know; services are known by name", async () => {
    await adopted([
      allAnnounced,
      known(types.project, { id: "5a4d000000000000000000cc" }),
      known(types.postgres),
      known(types.web, { name: "another" }),
    ]);
    expect(asked.map(([type]) => type)).toEqual([
      types.cluster,
      types.user,
      types.subscription,
      types.redisCloud,
      types.web,
    ]);
    expect(asked[0]?.[2]).toBe("5a4d000000000000000000cc");
  });

  it("fails with one line when a vendor cannot be asked", async () => {
    ask = () => Promise.reject(new Error("Upstash: GET /v2/redis/databases answered 500"));
    await expect(adopted([allAnnounced])).rejects.toThrow(
      "kairos:mongodb.project.name: a pulumi up was interrupted before it had created kairos; whether it exists could not be found out: Upstash: GET /v2/redis/databases answered 500",
    );
  });
});
