import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lookAtMongodb } from "../../ops/status/look/mongodb/index.ts";
import { lookAtPostgres } from "../../ops/status/look/postgres/index.ts";
import { lookAtRedis } from "../../ops/status/look/redis/index.ts";
import { verdictOn } from "../../ops/status/verdict/index.ts";
import { startMongod } from "../../sandbox/databases/mongodb/index.ts";
import { startPostgres } from "../../sandbox/databases/postgres/index.ts";
import { startRedis } from "../../sandbox/databases/redis/index.ts";
import { findExecutable } from "../../sandbox/processes/executables.ts";

const folder = mkdtempSync(path.join(tmpdir(), "kairos-real-"));
const ran: string[] = [];
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  console.log(`real peers: ${ran.join("; ")}`);
});

const options = { timeout: 20_000 };
const checkMongodb = async ({ settings }: { settings: Parameters<typeof lookAtMongodb>[0] }) =>
  verdictOn("mongodb", await lookAtMongodb(settings, options));
const checkPostgres = async (settings: Parameters<typeof lookAtPostgres>[0]) =>
  verdictOn("postgres", await lookAtPostgres(settings, options));
const checkRedis = async (url: string) => verdictOn("redis", await lookAtRedis({ url }, options));
const secret = () => randomBytes(18).toString("base64url");

/** A real server, or the reason why there is none. */
const or = <T>(found: T | undefined, name: string): T | undefined => {
  if (found === undefined) ran.push(`${name} skipped: not on PATH`);
  return found;
};

const mongod = or(findExecutable("mongod"), "mongod");

describe("real servers", () => {
  it("PostgreSQL", async () => {
    const login = { user: "kairos", password: secret(), database: "kairos_db" };
    const server = await startPostgres({ folder: path.join(folder, "postgres"), ...login });
    try {
      const settings = { host: "127.0.0.1", port: server.port, ...login };
      const status = await checkPostgres(settings);
      expect(status).toMatchObject({ state: "warning", facts: { connected: true, version: server.version } });
      expect(status.remarks.map(({ kind }) => kind)).toContain("tables-missing");
      const refused = await checkPostgres({ ...settings, password: secret() });
      expect(refused.problem).toMatchObject({ kind: "login-refused", evidence: "28P01" });
      ran.push(server.software);
    } finally {
      await server.close();
    }
  });

  it("Redis or Valkey", async () => {
    const password = secret();
    const limits = { maxmemoryPolicy: "noeviction", maxmemory: 100_000_000 };
    const server = await startRedis({ folder: path.join(folder, "redis"), password, ...limits });
    try {
      const url = `redis://default:${password}@127.0.0.1:${server.port}`;
      expect(await checkRedis(url)).toMatchObject({
        state: "well",
        facts: {
          commands: { set: true, get: true, expire: true, del: true },
          memory: { policy: "noeviction", maximum: 100_000_000 },
        },
      });
      expect((await checkRedis(url.replace(password, secret()))).problem).toMatchObject({
        kind: "login-refused",
        evidence: "WRONGPASS",
      });
      ran.push(server.software);
    } finally {
      await server.close();
    }
  });

  it.skipIf(mongod === undefined)("MongoDB", async () => {
    const server = await startMongod(mongod ?? "", { folder: path.join(folder, "mongod"), replicaSet: "rs" });
    try {
      const password = secret();
      const roles = (roleName: string, databaseName: string) => [{ roleName, databaseName }];
      const { kairos, settings } = named(server.connectionString, "kaïros", password);
      await server.setUsers([{ ...kairos, roles: roles("readWrite", "kaïros") }]);
      const status = await checkMongodb({ settings });
      expect(status.facts).toMatchObject({
        connected: true,
        topology: { kind: "replica set", set: "rs" },
        rights: { canWrite: true, beyond: [] },
        compression: "zlib",
      });
      await server.setUsers([{ ...kairos, roles: roles("read", "kaïros") }]);
      expect((await checkMongodb({ settings })).problem?.kind).toBe("not-allowed");
      const wrong = named(server.connectionString, "kaïros", secret());
      expect((await checkMongodb(wrong)).problem?.kind).toBe("login-refused");
      ran.push(server.software);
    } finally {
      await server.close();
    }
  });
});

function named(connectionString: string, database: string, password: string) {
  const url = connectionString.replace("mongodb://", `mongodb://kairos:${password}@`);
  return {
    kairos: { username: "kairos", password },
    settings: { url, database, maxPoolSize: 200, minPoolSize: 20 },
  };
}
