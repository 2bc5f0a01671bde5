import { afterEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../../engine/errors.ts";
import { BackupsGround, Killed } from "../../tests/helpers/backups.ts";
import { waiter } from "./copies.ts";
import { drill } from "./drill.ts";
import { backupsOf } from "./ground.ts";
import { copyName, lastDrill, markOf, whyKept } from "./record.ts";

let ground: BackupsGround;
afterEach(() => ground?.close());

const drilled = (database: "postgres" | "mongodb") => lastDrill(Object.fromEntries(ground.tags), database);

describe.each(["postgres", "mongodb"] as const)("a drill of %s", (database) => {
  it("restores, compares, leaves nothing, and records it", async () => {
    ground = await BackupsGround.create();
    const before = ground.there;
    const report = await drill(ground.context(database));
    expect(report).toMatchObject({ result: "restored", tables: 2, rows: 1203, problems: [] });
    expect(ground.questions).toEqual([
      expect.stringMatching(
        /^(postgres|mongodb): the drill makes an? \w+ \(at least \$0\.\d\d an hour\) at /,
      ),
    ]);
    expect(ground.there).toEqual(before);
    expect(drilled(database)).toMatchObject({ ok: true, rows: 1203 });
    expect([...ground.tags.keys()]).toEqual([`kairos:drilled:${database}`]);
    expect(report.rpo).toBeGreaterThanOrEqual(60);
  });

  it("fails and names the table that its copy misses, and cleans up all the same", async () => {
    ground = await BackupsGround.create();
    const before = ground.there;
    ground.copy = ground.source.slice(0, 1);
    const report = await drill(ground.context(database));
    expect(report).toMatchObject({
      result: "failed",
      problems: ["public.courses is missing; the source has 3 rows"],
    });
    expect(ground.there).toEqual(before);
    expect(drilled(database)).toMatchObject({ ok: false });
  });

  it("that could read nothing has failed, is recorded as such, and says what it could not read", async () => {
    ground = await BackupsGround.create();
    ground.copy = ground.source.map(({ name }) => ({ name, rows: 0, before: 0, refused: true }));
    const report = await drill(ground.context(database));
    expect(report).toMatchObject({
      ...{ result: "failed", tables: 0, rows: 0 },
      problems: [
        "public.users may not be read in the copy: not compared",
        "public.courses may not be read in the copy: not compared",
      ],
    });
    expect(drilled(database)).toMatchObject({ ok: false });
  });

  it("that breaks off before anything was compared has failed, too; one that somebody stopped says nothing", async () => {
    ground = await BackupsGround.create();
    const before = ground.there;
    const context = ground.context(database);
    const count = async () => {
      throw new UserError("no way");
    };
    const stop = new AbortController();
    const { make } = context.vault;
    const stopped = Object.create(context.vault, {
      make: {
        value: async (...args: Parameters<typeof make>) => {
          stop.abort();
          await make.apply(context.vault, args);
        },
      },
    });
    await expect(drill({ ...context, vault: stopped, signal: stop.signal })).rejects.toThrow(/stopped while/);
    expect(drilled(database)).toBeUndefined();
    await expect(drill({ ...context, count, limit: 20 })).rejects.toThrow("no way");
    expect(drilled(database)).toMatchObject({ ok: false, brokeOff: true, tables: 0, rows: 0 });
    expect([ground.there, [...ground.tags.keys()]]).toEqual([before, [`kairos:drilled:${database}`]]);
    const stack = { tags: async () => Object.fromEntries(ground.tags) };
    const seen = await backupsOf({ vaults: [context.vault], stack });
    expect(seen).toMatchObject([{ state: "warning", remarks: ["drill-failed"] }]);
  });

  it("makes nothing where nobody agrees", async () => {
    ground = await BackupsGround.create();
    const before = ground.there;
    ground.agrees = false;
    expect(await drill(ground.context(database))).toMatchObject({ result: "declined" });
    expect([ground.there, ground.tags.size]).toEqual([before, 0]);
  });

  it("never deletes what a stack knows: the state has the copy, so it stays and is said", async () => {
    ground = await BackupsGround.create();
    const context = ground.context(database);
    await expect(
      drill({ ...context, known: (word) => (/^(drill|dpg)-/.test(word) ? "staging" : undefined) }),
    ).rejects.toThrow(/drill-[0-9a-f]{8}-test \(.*\) is not deleted: the stack staging knows it/);
    expect(ground.there.filter((one) => one.includes("drill-"))).not.toEqual([]);
    // The announcement stays: once nobody knows it any more, the next run takes it away.
    await drill(ground.context(database));
    expect(ground.there.filter((one) => one.includes("drill-"))).toEqual([]);
  });
});

describe("a drill of a Flex cluster", () => {
  it("restores its last snapshot into another one", async () => {
    ground = await BackupsGround.create("FLEX");
    const before = ground.there;
    expect(await drill(ground.context("mongodb"))).toMatchObject({ result: "restored" });
    expect(ground.questions[0]).toContain("a FLEX (at least $0.01 an hour)");
    expect(ground.there).toEqual(before);
    await expect(drill(ground.context("mongodb"), { canary: true })).rejects.toThrow(
      /^--canary: kairos-test has snapshots only/,
    );
  });
});

describe.each([
  ["Postgres", "postgres", "M10"],
  ["M10 cluster", "mongodb", "M10"],
  ["Flex cluster", "mongodb", "FLEX"],
] as const)("a drill of a %s that is killed at each step, before it and after it", (_, database, tier) => {
  it("leaves nothing once the next run has begun, and production as it was", async () => {
    ground = await BackupsGround.create(tier);
    const { there, production } = ground;
    const killed = await ground.killedEverywhere(
      () => drill(ground.context(database)),
      async () => {
        expect(ground.production).toMatchObject({ ...production, users: expect.anything() });
        expect(await drill(ground.context(database))).toMatchObject({ result: "restored" });
        expect(ground.there).toEqual(there);
        expect([...ground.tags.keys()]).toEqual([`kairos:drilled:${database}`]);
      },
    );
    console.log(`drill of ${tier} ${database}: killed ${killed} times, 0 left over`);
    expect(killed).toBeGreaterThan(20);
    expect(ground.production).toEqual(production);
  });
});

describe("a canary", () => {
  it("is written, waited for and taken away; killed, the next run takes it away", async () => {
    ground = await BackupsGround.create();
    ground.clouds.render.behind.recoveryLag = 0;
    process.env.KAIROS_RECOVERY_LAG = "1";
    try {
      expect(await drill(ground.context("postgres"), { canary: true })).toMatchObject({ result: "restored" });
      expect(ground.canaries.size).toBe(0);
      const all = ground.calls;
      for (const calls of [5, 7, 9, 11, Math.floor(all / 2)]) {
        Object.assign(ground, { calls: 0, kill: { calls, after: true } });
        await expect(drill(ground.context("postgres"), { canary: true })).rejects.toThrow(Killed);
        Object.assign(ground, { calls: 0, kill: undefined });
        await drill(ground.context("postgres"));
        expect(ground.canaries.size).toBe(0);
      }
    } finally {
      delete process.env.KAIROS_RECOVERY_LAG;
    }
  });
});

it("a wait is told of while it lasts, ever more seldom", async () => {
  ground = await BackupsGround.create();
  const context = ground.context("postgres");
  const said: string[] = [];
  context.progress.say = (text) => void said.push(text);
  let [now, asked] = [0, 0];
  const clock = vi.spyOn(Date, "now").mockImplementation(() => now);
  await waiter({ ...context, limit: 3_600_000 })("the canary is there", async () => {
    now += 30_000;
    asked += 1;
    return asked > 12 ? true : undefined;
  });
  clock.mockRestore();
  expect(said.slice(0, 3)).toEqual(
    ["1 min", "2 min", "4 min"].map((time) => `the canary is there: not yet, after ${time}`),
  );
});

describe("what may be deleted", () => {
  const at = "2026-11-27T10:00:00.000Z";
  const name = "drill-ab12cd34-prod";
  const found = { kind: "database" as const, id: "dpg-1", name, createdAt: "2026-11-27T10:00:02Z" };
  const nobody = () => undefined;
  it.each([
    ["another name", { ...found, name: "kairos-postgres" }, name, /its name is not that of the drill/],
    ["a name that is none of a drill", { ...found, name: "cluster0" }, "cluster0", /its name is not that/],
    ["something older", { ...found, createdAt: "2026-11-26T10:00:00Z" }, name, /before the drill began/],
    ["no mark where there is room for one", { ...found, marks: [] }, name, /does not bear the mark/],
    ["another drill's mark", { ...found, marks: [markOf("drill-00000000-prod")] }, name, /does not bear/],
    [
      "something without a date or a mark",
      { kind: found.kind, id: "x", name },
      name,
      /nobody says since when/,
    ],
  ])("is not %s", (_, one, announced, why) => {
    expect(whyKept(one, { name: announced, at }, nobody)).toMatch(why);
  });

  it("is the drill's own, unless a stack knows its id or its name", () => {
    expect(whyKept(found, { name, at }, nobody)).toBeUndefined();
    for (const known of [found.id, found.name])
      expect(whyKept(found, { name, at }, (word) => (word === known ? "prod" : undefined))).toBe(
        "the stack prod knows it",
      );
  });

  it.each(["prod", "staging", "pr-123", "dev-abc-long-name", "x1234567-y", "a_b.c"])(
    "has a name that Atlas takes and tells apart: %s",
    (stack) => {
      for (const what of ["drill", "restored"] as const) {
        const one = copyName(what, stack, new Date(at));
        expect(one).toMatch(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/);
        expect(one[22]).not.toBe("-");
        expect(one.slice(0, 23)).not.toBe(
          copyName(what, stack, new Date("2026-11-27T10:01:00Z")).slice(0, 23),
        );
      }
    },
  );
});
