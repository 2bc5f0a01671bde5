/** What the tests of Redis share: the same ones hold for what npm brings and for what is installed. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { createClient, type RedisClientOptions } from "@redis/client";
import type { RedisOptions, RedisServer } from "../../sandbox/databases/redis/index.ts";
import { findRedis, startRealRedis } from "../../sandbox/databases/redis/real.ts";
import { startWebAssembly } from "../../sandbox/databases/redis/webassembly/index.ts";
import { until } from "./databases.ts";

const found = findRedis();
if (found === undefined)
  console.log("skipped: no valkey-server or redis-server on PATH to hold the one of npm against");

export const newPassword = () => randomBytes(24).toString("base64url");

export type Client = ReturnType<typeof createClient>;

/** Runs commands in a connection of their own. */
export async function using<T>(
  { port }: { port: number },
  work: (client: Client) => Promise<T>,
  { socket, ...options }: Omit<RedisClientOptions, "RESP"> & { RESP?: 2 | 3 } = {},
): Promise<T> {
  const client = createClient({
    ...options,
    socket: { host: "127.0.0.1", port, reconnectStrategy: false, connectTimeout: 2000, ...socket },
  } as RedisClientOptions) as Client;
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

export const ping = (client: Client) => client.ping();

/** What a server sends back to these very bytes, until it has said `end` or closes. */
export async function raw(port: number, sent: string | Buffer, end?: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString("latin1");
  });
  socket.write(sent);
  await until(() => socket.closed || (end !== undefined && answer.includes(end)));
  socket.destroy();
  return answer;
}

/** A server to test, and how another process starts one: a file of sandbox/ and an expression with its exports. */
export interface Kind {
  name: string;
  short: string;
  start(options: RedisOptions): Promise<RedisServer>;
  elsewhere(options: RedisOptions): [file: string, call: string];
}

/** The one of npm, and what is installed as its measure. */
export const kinds: Kind[] = [
  {
    name: "the Valkey of npm",
    short: "webassembly",
    start: startWebAssembly,
    elsewhere: (options) => [
      "databases/redis/webassembly/index.ts",
      `startWebAssembly(${JSON.stringify(options)})`,
    ],
  },
  ...(found === undefined
    ? []
    : [
        {
          name: found.name,
          short: "real",
          start: (options: RedisOptions) => startRealRedis(options, found),
          elsewhere: (options: RedisOptions): [string, string] => [
            "databases/redis/real.ts",
            `startRealRedis(${JSON.stringify(options)}, ${JSON.stringify(found)})`,
          ],
        },
      ]),
];
