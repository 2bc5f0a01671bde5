/** What the tests of Redis share: the same ones hold for the stand-in and for a real server. */
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { createClient, type RedisClientOptions } from "@redis/client";
import { startRedis } from "../../sandbox/databases/redis/index.ts";
import type { RedisOptions, RedisServer } from "../../sandbox/databases/redis/model.ts";
import { findRedis, type RedisSoftware } from "../../sandbox/databases/redis/real.ts";
import { startStandIn } from "../../sandbox/databases/redis/stand-in/server.ts";
import { until } from "./databases.ts";

const found = findRedis();
if (found === undefined)
  console.log("skipped: no valkey-server or redis-server on PATH to hold the stand-in against");

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

/** A server to test: its name, how to start it, and whether it is our own. */
export interface Kind {
  name: string;
  short: string;
  software: RedisSoftware | undefined;
  start(options: RedisOptions): Promise<RedisServer>;
}

/** The stand-in, and what is installed as its measure. */
export const kinds: Kind[] = [
  { name: "the stand-in", short: "stand-in", software: undefined, start: startStandIn },
  ...(found === undefined
    ? []
    : [
        {
          name: found.name,
          short: "real",
          software: found,
          start: (options: RedisOptions) => startRedis(options, found),
        },
      ]),
];
