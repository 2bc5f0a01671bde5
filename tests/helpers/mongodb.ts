/** The servers that the driver's tests run against, and what stands between a driver and a server. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { startMongod, startStandIn } from "../../sandbox/databases/mongodb/index.ts";
import { CommandError } from "../../sandbox/databases/mongodb/stand-in/errors.ts";
import type { MongodbOptions, MongodbServer } from "../../sandbox/databases/mongodb/types.ts";
import { findExecutable } from "../../sandbox/processes/executables.ts";

export interface Subject {
  name: string;
  /** Undefined where it is not installed. */
  start: ((options: MongodbOptions) => Promise<MongodbServer>) | undefined;
}

const program = (
  name: string,
  start: (executable: string, options: MongodbOptions) => Promise<MongodbServer>,
): Subject["start"] => {
  const executable = findExecutable(name);
  return executable === undefined ? undefined : (options) => start(executable, options);
};

export const subjects: Subject[] = [
  { name: "stand-in", start: startStandIn },
  { name: "mongod", start: program("mongod", startMongod) },
];

export const newPassword = () => randomBytes(18).toString("base64url");

export interface Login {
  username: string;
  password: string;
}

/** A URL as the backend gets it, user and password percent-encoded. */
export function url(server: MongodbServer, login: Login | undefined, database: string, options = ""): string {
  if (login === undefined) return server.connectionString;
  const [, rest = ""] = server.connectionString.split("mongodb://");
  const [host, query] = rest.split("/?");
  const encoded = [login.username, login.password].map(encodeURIComponent).join(":");
  return `mongodb://${encoded}@${host}/${encodeURIComponent(database)}?${query}${options}`;
}

/** Does something with a client of its own. */
export async function using<T>(
  address: string,
  act: (client: MongoClient) => Promise<T>,
  options: MongoClientOptions = {},
): Promise<T> {
  const client = new MongoClient(address, { serverSelectionTimeoutMS: 15_000, ...options });
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

/** The code and the message of the refusal that is to come. */
export async function refusal(
  attempt: Promise<unknown>,
): Promise<{ code: unknown; codeName: unknown; message: string }> {
  try {
    await attempt;
  } catch (error) {
    const { code, codeName, message } = error as { code: unknown; codeName: unknown; message: string };
    return { code, codeName, message };
  }
  throw new Error("it was not refused");
}

/** The code of the refusal, or undefined when there is none. */
export function codeOf(act: () => unknown): number | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof CommandError) return error.code;
    throw error;
  }
  return undefined;
}

export interface Wire {
  port: number;
  /** `opCode` of each message, and the compressor of those that are compressed. */
  seen: { from: "client" | "server"; opCode: number; compressor: number | undefined }[];
  /** The answer to the next message that holds these bytes is lost, and its connection with it. */
  loseAnswerTo(bytes: string): void;
  close(): Promise<void>;
}

/** Between a driver and a server on a port, for messages that arrive in one piece, as small ones on loopback do. */
export async function wire(to: number): Promise<Wire> {
  const seen: Wire["seen"] = [];
  const sockets = new Set<Socket>();
  let losing: string | undefined;
  const note = (from: "client" | "server", chunk: Buffer) => {
    const opCode = chunk.readInt32LE(12);
    seen.push({ from, opCode, compressor: opCode === 2012 ? chunk.readUInt8(24) : undefined });
  };
  const server = createServer((client) => {
    const upstream = connect(to, "127.0.0.1");
    let lose = false;
    for (const [from, into] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => into.destroy());
      from.on("close", () => into.destroy());
      from.on("data", (chunk: Buffer) => {
        note(from === client ? "client" : "server", chunk);
        if (from === client && losing !== undefined && chunk.includes(losing)) {
          losing = undefined;
          lose = true;
        }
        if (from === upstream && lose) client.destroy();
        else into.write(chunk);
      });
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    loseAnswerTo: (bytes) => {
      losing = bytes;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
