import { AsyncLocalStorage } from "node:async_hooks";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { causesAdvice, remarkAdvice } from "../../ops/status/advice/index.ts";
import { statusMarkdown } from "../../ops/status/markdown.ts";
import type { Status } from "../../ops/status/model.ts";
import { exitCodeOf, statusOf } from "../../ops/status/run.ts";
import { statusLines, statusText } from "../../ops/status/text.ts";
import { wordsIn } from "../../ops/status/words.ts";
import { languages } from "../../ops/terminal/language.ts";
import { leaks } from "../canaries.ts";
import { casesOn } from "./cases.ts";
import { type Middleman, type MiddlemanOptions, middleman } from "./middleman.ts";
import { database, type Peers, startPeers } from "./peers.ts";

let peers: Peers;
beforeAll(async () => {
  peers = await startPeers();
});
afterAll(() => peers?.close());

/** What belongs to one case: those that only wait do it side by side. */
interface Own {
  between: Middleman[];
  /** Slowness is noticed only where it is meant: a busy machine is slow by itself. */
  noticesSlowness: boolean;
}
const own = new AsyncLocalStorage<Own>();
const via = async (options: MiddlemanOptions): Promise<number> => {
  const one = await middleman(options);
  own.getStore()?.between.push(one);
  return one.port;
};

/** Every form in which a status leaves the tool. */
const outputs = (status: Status): string =>
  [
    JSON.stringify(status),
    ...languages.flatMap((language) => {
      const words = wordsIn(language);
      return [statusText(status, words), statusMarkdown(status, words), statusLines(status, words)];
    }),
  ].join("\n");

vi.mock("../../ops/status/look/latency.ts", async (load) => {
  const { latencyOf } = await load<typeof import("../../ops/status/look/latency.ts")>();
  const patient: typeof latencyOf = async (...args) => {
    const latency = await latencyOf(...args);
    return own.getStore()?.noticesSlowness ? latency : { ...latency, median: 1 };
  };
  return { latencyOf: patient };
});

const table: string[][] = [
  ["state", "MongoDB", "PostgreSQL", "Redis", "problem or remark", "hint", "exit", "strict"],
];

describe("a state of the databases", () => {
  afterAll(() => {
    const widths = (table[0] ?? []).map((_, column) =>
      Math.max(...table.map((row) => (row[column] ?? "").length)),
    );
    const lines = table.map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
    const software = [peers.mongodb, peers.postgres, peers.redis].map((one) => one.software);
    console.log(`\n${software.join(", ")}\n\n${lines.join("\n")}\n`);
  });

  for (const [index, one] of casesOn(() => peers, via).entries()) {
    const { name, change, of, state, problem, cause, remark, exit } = one;
    const waits = remark === "slow" || problem === "timeout";
    (waits ? it.concurrent : it)(`${name}: ${of} is ${state}`, async () => {
      const { certificate: ca } = peers.authority;
      const noticesSlowness = remark === "slow";
      const between: Middleman[] = [];
      const { status, variables } = await own.run({ between, noticesSlowness }, async () => {
        const variables = { ...peers.variables(), ...(await change()) };
        const source = { kind: "file", file: ".env" } as const;
        return { variables, status: await statusOf({ source, variables, services: [] }, { ca }) };
      });
      await Promise.all(between.map((one) => one.close()));
      const checked = status.databases[of];
      const found = checked.remarks.find(({ kind }) => kind === remark);
      const hint = checked.problem
        ? causesAdvice(checked.problem, "en")[0]?.next
        : found && remarkAdvice(found, "en").next;
      table[index + 1] = [
        name,
        ...Object.values(status.databases).map((one) => one.state),
        checked.problem?.kind ?? found?.kind ?? "-",
        hint ?? "-",
        String(exitCodeOf(status, false)),
        String(exitCodeOf(status, true)),
      ];

      expect(checked.state).toBe(state);
      expect(checked.problem?.kind).toBe(problem);
      expect(checked.problem?.causes[0]).toBe(cause);
      if (remark !== undefined) expect(checked.remarks.map(({ kind }) => kind)).toContain(remark);
      expect([exitCodeOf(status, false), exitCodeOf(status, true)]).toEqual(exit);
      // The others are as well as they were; slow, too, where that is noticed and the machine is busy.
      for (const [other, { state: theirs, remarks }] of Object.entries(status.databases)) {
        const slow = noticesSlowness && remarks.some(({ kind }) => kind === "slow");
        if (other !== of) expect([other, theirs]).toEqual([other, slow ? "warning" : "well"]);
      }
      // Nothing hangs: it takes the timeout and a second at most, and what a busy machine adds.
      const most = Number(variables.MONGODB_TIMEOUT_MS) || 5000;
      expect(status.seconds * 1000).toBeLessThan(most + 1000 + 1500);
      // No secret in any form in any output.
      expect(leaks(outputs(status), peers.secrets)).toEqual([]);
      expect(outputs(status)).not.toMatch(/\[object|undefined|NaN/);
      // Nothing is cut off at 80 columns.
      for (const language of languages)
        for (const line of stripVTControlCharacters(statusText(status, wordsIn(language))).split("\n")) {
          expect(line.length, line).toBeLessThanOrEqual(80);
          if (language === "fr") expect(line).not.toMatch(/\S [:;?!%»](\s|$)|« /);
          expect(line).not.toMatch(/\S…$/);
        }
    });
  }
});

describe("all well", () => {
  it("shows the facts that were asked for, and takes hardly longer than the slowest check", async () => {
    const source = { kind: "process" } as const;
    const { certificate: ca } = peers.authority;
    const run = () => statusOf({ source, variables: peers.variables(), services: [] }, { ca });
    const { databases, render } = await run();
    const { mongodb, postgres, redis } = databases;
    expect(mongodb.facts).toMatchObject({
      connected: true,
      latency: { tries: 5 },
      topology: { kind: "replica set", set: "atlas-test-shard-0", members: 1 },
      database: { asked: database, exists: true, nearMisses: [] },
      rights: { user: "kairos", canWrite: true, canRead: true, beyond: [] },
      settings: { maxPoolSize: 200, minPoolSize: 20, heartbeat: 10_000, retryWrites: true, retryReads: true },
      compression: "zlib",
      tls: { on: true, version: "TLSv1.3", trusted: true },
    });
    expect(mongodb.facts.collections).toEqual([
      { name: "modules", indexes: ["_id_", "title_1"] },
      { name: "users", indexes: ["_id_", "email_1"] },
    ]);
    expect(postgres.facts).toMatchObject({
      version: peers.postgres.version,
      role: { name: "kairos_user", superuser: false },
      tables: { users: "present", courses: "present", modules: "present", enrollments: "present" },
      rights: { canWrite: true },
      conflicts: [],
      tls: { on: true, version: "TLSv1.3", trusted: true },
    });
    expect(postgres.facts.connections?.used).toBeGreaterThan(0);
    expect(postgres.facts.size).toBeGreaterThan(1_000_000);
    expect(redis.facts).toMatchObject({
      commands: { set: true, get: true, expire: true, del: true },
      memory: { policy: "allkeys-lru" },
      tls: { on: true, version: "TLSv1.3", trusted: true },
    });
    expect(render).toEqual({ state: "unchecked", reason: "no-services" });
    // One after the other they would never be that fast; side by side they may be held up by other processes.
    const ratios: number[] = [];
    while (ratios.length < 10 && !ratios.some((ratio) => ratio <= 1.2)) {
      const { databases: each, seconds } = await run();
      ratios.push(seconds / Math.max(...Object.values(each).map((one) => one.seconds)));
    }
    console.log(`status in times its slowest check: ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}`);
    expect(Math.min(...ratios)).toBeLessThanOrEqual(1.2);
  });

  it("tells the conflict with the statements that solve it, and they do", async () => {
    const variables = { ...peers.variables(), POSTGRES_DB: "conflict" };
    const source = { kind: "process" } as const;
    const { certificate: ca } = peers.authority;
    const run = () => statusOf({ source, variables, services: [] }, { ca });
    const before = (await run()).databases.postgres;
    expect(before.facts.conflicts).toMatchObject([
      { name: "modules", what: "type" },
      { name: "users", what: "type" },
    ]);
    await expect(peers.sql("CREATE TABLE users (id serial)", "conflict")).rejects.toThrow(/already exists/);
    const { sql = [] } = before.remarks.find(({ kind }) => kind === "type-conflict") ?? {};
    expect(sql).toEqual(['DROP TYPE "public"."modules";', 'DROP TYPE "public"."users";']);
    for (const statement of sql) await peers.sql(statement, "conflict");
    await peers.sql("CREATE TABLE users (id serial)", "conflict");
    expect((await run()).databases.postgres.facts).toMatchObject({
      conflicts: [],
      tables: { users: "present", modules: "missing" },
    });
  });
});
