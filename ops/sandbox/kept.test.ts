import { expect, it } from "vitest";
import type { DatabaseInfo } from "../../sandbox/databases/index.ts";
import { withRestored } from "./project.ts";
import { reportText } from "./report.ts";
import { withUse } from "./state.ts";

it("a stack file that is renewed keeps the restored database that its operator named", () => {
  const fresh = { "kairos:postgres": { enabled: true }, "kairos:mongodb": { tier: "FLEX" } };
  const known = {
    "kairos:postgres": { enabled: false, restored: "dpg-1-a" },
    "kairos:mongodb": { tier: "M10" },
  };
  expect(withRestored(fresh, known)).toEqual({
    ...{ "kairos:postgres": { enabled: true, restored: "dpg-1-a" }, "kairos:mongodb": { tier: "FLEX" } },
  });
  expect(withRestored(fresh, {})).toEqual(fresh);
});

it("a database that no service uses is not called connected, and a note is said once", () => {
  const one: DatabaseInfo = {
    ...{
      vendor: "Render",
      kind: "postgres",
      name: "old",
      software: "PostgreSQL 18.4",
      real: true,
      port: 4001,
    },
    note: "slow",
  };
  const databases = withUse([one, { ...one, name: "new", port: 4002 }], ["127.0.0.1", "4002"]);
  expect(databases.map(({ unused }) => unused)).toEqual([true, undefined]);
  expect(withUse([one], []).map(({ unused }) => unused)).toEqual([undefined]);
  const seen = { postgres: { state: "connected" } };
  const service = {
    ...{ id: "srv-1", name: "backend", status: "live", deploying: false, deploys: 1, variables: [], log: [] },
    databases: seen,
  };
  const calls = { atlas: 0, render: 0, upstash: 0, redisCloud: 0 };
  const text = reportText({
    ...{ engine: "pulumi 3", changes: {}, seconds: { up: 1, all: 1 }, errors: [], ok: true },
    state: { databases, services: [service], calls, refused: [] } as never,
  });
  expect(text).toMatch(/old .*no service uses it/);
  expect(text.match(/✓ connected/g)).toHaveLength(1);
  expect(text.match(/slow/g)).toHaveLength(1);
});
