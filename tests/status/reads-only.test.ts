import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namespace } from "../../ops/status/look/redis/throw-away.ts";
import { statusOf } from "../../ops/status/run.ts";
import { type Middleman, middleman } from "./middleman.ts";
import { type Peers, startPeers } from "./peers.ts";

/** What goes over the wire while all is well. */
let peers: Peers;
const heard = { mongodb: [] as Buffer[], postgres: [] as Buffer[], redis: [] as Buffer[] };
beforeAll(async () => {
  peers = await startPeers();
  const certificate = await peers.authority.issue("127.0.0.1");
  const between: Middleman[] = await Promise.all([
    middleman({ to: peers.mongodb.port, encrypts: true, certificate, heard: heard.mongodb }),
    middleman({ to: peers.postgres.port, postgres: true, certificate, heard: heard.postgres }),
    middleman({ to: peers.redis.port, encrypts: true, certificate, heard: heard.redis }),
  ]);
  const [mongodb, postgres, redis] = between.map(({ port }) => port);
  const variables = {
    ...peers.variables(),
    MONGODB_URL: peers.mongodbUrl(peers.logins.writer, { port: mongodb ?? 0, options: "&compressors=none" }),
    POSTGRES_PORT: String(postgres),
    REDIS_URL: peers.redisUrl(peers.redisPassword, redis),
  };
  const source = { kind: "process" } as const;
  const status = await statusOf({ source, variables, services: [] }, { ca: peers.authority.certificate });
  expect(Object.values(status.databases).map(({ problem }) => problem)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await Promise.all(between.map((one) => one.close()));
});
afterAll(() => peers?.close());

describe("a status changes nothing", () => {
  it("asks MongoDB only with commands that read", () => {
    const commands = new Set(heard.mongodb.flatMap(commandsIn));
    const reading = [
      "ping",
      "buildInfo",
      "connectionStatus",
      "listDatabases",
      "listCollections",
      "listIndexes",
    ];
    const login = ["hello", "ismaster", "isMaster", "saslStart", "saslContinue", "endSessions"];
    for (const name of reading) expect(commands).toContain(name);
    expect([...commands].filter((name) => ![...reading, ...login].includes(name))).toEqual([]);
  });

  it("makes its session of PostgreSQL read-only before it asks anything", () => {
    // Statements end with a zero byte; the login's messages hold none of these words.
    const text = Buffer.concat(heard.postgres).toString("latin1");
    const statements = [
      ...text.matchAll(/(?:SET|SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|GRANT)\b[^\0]*/g),
    ];
    expect(statements[0]?.[0]).toBe("SET default_transaction_read_only = on");
    expect(statements.length).toBeGreaterThan(8);
    for (const [statement] of statements.slice(1)) expect(statement).toMatch(/^SELECT/);
  });

  it("touches one key of its own in Redis, which expires by itself", () => {
    const text = Buffer.concat(heard.redis).toString("utf8");
    const commands = [...text.matchAll(/\*\d+\r\n((?:\$\d+\r\n[^\r]*\r\n)+)/g)].map(([, body = ""]) =>
      [...body.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(([, word]) => word ?? ""),
    );
    const names = new Set(commands.map(([name = ""]) => name));
    const allowed = ["HELLO", "AUTH", "CLIENT", "PING", "INFO", "SET", "GET", "EXPIRE", "DEL"];
    expect([...names].filter((name) => !allowed.includes(name))).toEqual([]);
    const keyed = commands.filter(([name = ""]) => ["SET", "GET", "EXPIRE", "DEL"].includes(name));
    expect(keyed.map(([name]) => name)).toEqual(["SET", "GET", "EXPIRE", "DEL"]);
    expect(new Set(keyed.map(([, key]) => key)).size).toBe(1);
    expect(keyed[0]?.[1]?.startsWith(namespace)).toBe(true);
    expect(keyed[0]?.slice(3)).toEqual(["EX", "30", "NX"]);
  });
});

/** Names of the commands in one piece of the wire protocol: the first field of a message's document. */
function commandsIn(piece: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 26 < piece.length; at += piece.readInt32LE(at)) {
    const opMessage = piece.readInt32LE(at + 12) === 2013;
    // OP_QUERY has flags, the collection's name and two numbers before its document.
    const document = opMessage ? at + 21 : piece.indexOf(0, at + 20) + 9;
    names.push(piece.toString("utf8", document + 5, piece.indexOf(0, document + 5)));
  }
  return names;
}
