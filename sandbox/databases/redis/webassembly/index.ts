/** A real Valkey on npm alone, compiled to WebAssembly: it listens and encrypts here, and saves to a file. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import tls from "node:tls";
import { PortTaken } from "../../../processes/ports.ts";
import { admin, changing, users } from "../access.ts";
import type { RedisOptions, RedisServer } from "../index.ts";
import { Engine, mostClients } from "./engine.ts";
import { Saving } from "./saving.ts";

/** Milliseconds that it has to save at the end: a script that nobody may interrupt can keep it from that. */
const patience = 10_000;
/**
 * Commands that are newer than Redis 7.2. Some vendor has each of them, none has them all: what runs here has to run
 * anywhere.
 */
const newer = [
  ...["clusterscan", "commandlog", "delifeq", "msetex", "hsetex", "hgetex", "hgetdel", "hpersist"],
  ...["hexpire", "hexpireat", "hexpiretime", "httl", "hpexpire", "hpexpireat", "hpexpiretime", "hpttl"],
];

/** Bytes of a client that may wait to be read. */
const mostUnread = 1024 * 1024;

export async function startWebAssembly(options: RedisOptions): Promise<RedisServer> {
  const folder = join(options.folder, "webassembly");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const logFile = join(options.folder, "server.log");
  const engine = await Engine.start({ folder, logFile }).catch((error: Error) => {
    throw new Error(`Valkey did not start: ${error.message}; its log says more: ${logFile}`);
  });
  try {
    return await open(engine, options, logFile);
  } catch (error) {
    await engine.stop();
    throw error;
  }
}

async function open(engine: Engine, options: RedisOptions, logFile: string): Promise<RedisServer> {
  const { folder, port, password, maxmemory, maxmemoryPolicy = "noeviction", tls: certificate } = options;
  const secret = randomBytes(32).toString("base64url");
  const info = await engine.ask(
    `CONFIG SET maxclients ${mostClients} maxmemory-policy ${maxmemoryPolicy}`,
    ...(maxmemory === undefined ? [] : [`CONFIG SET maxmemory ${maxmemory}`]),
    "INFO server",
    ...users(secret, password, newer).map((user) => `ACL SETUSER ${user}`),
  );
  const asAdmin = (...commands: string[]) => engine.ask(`AUTH ${admin} ${secret}`, ...commands);
  const saving = new Saving(asAdmin, folder);
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => serve(engine, socket, () => saving.later());
  // Who has said all that it had to say still gets the answer.
  const allowHalfOpen = true;
  const server = certificate
    ? tls.createServer({ allowHalfOpen, key: certificate.key, cert: certificate.cert }, accept)
    : createServer({ allowHalfOpen }, accept);
  // Also those that have not said yet how they encrypt: Node waits two minutes for that.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  // Whoever speaks another protocol, or does not trust the certificate, goes away again.
  server.on("tlsClientError", (_, socket: Socket) => socket.destroy());
  const close = async () => {
    const closed = server.listening ? once(server, "close") : undefined;
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    await Promise.race([saving.last(), sleep(patience, undefined, { ref: false })]);
    await engine.stop();
  };
  engine.failed.catch((error: Error) => {
    saving.stop();
    if (engine.stopping) return;
    server.close();
    console.error(`Valkey in ${folder} ended: ${error.message}; its log says more: ${logFile}`);
  });
  return {
    software: `Valkey ${/valkey_version:(\S+)/.exec(info)?.[1]} (WebAssembly)`,
    real: true,
    note: "saves to a file soon after each change; commands newer than Redis 7.2 are refused",
    port: await listen(server, port ?? 0),
    configure: async (change) => {
      await asAdmin(...changing(change).map((words) => words.join(" ")));
    },
    close,
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") throw new PortTaken(port);
    throw error;
  }
  return (server.address() as AddressInfo).port;
}

/** Carries bytes between a socket and Valkey, neither way more than the other side takes. */
function serve(engine: Engine, socket: Socket, changed: () => void): void {
  let unread = 0;
  const connection = engine.connect({
    take: (bytes, written) => socket.write(bytes, written),
    read: (bytes) => {
      unread -= bytes;
      if (unread < mostUnread) socket.resume();
    },
    closed: () => socket.end(() => socket.destroy()),
  });
  if (connection === undefined) return void socket.destroy();
  socket.setNoDelay(true);
  socket.on("data", (bytes) => {
    unread += bytes.length;
    if (unread >= mostUnread) socket.pause();
    connection.send(bytes);
    changed();
  });
  socket.once("end", () => connection.end());
  socket.once("close", () => connection.end());
  // A client that vanishes is nothing to tell of.
  socket.on("error", () => socket.destroy());
}
