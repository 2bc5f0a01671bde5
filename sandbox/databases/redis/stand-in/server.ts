/** A stand-in for Redis in this process: enough for a cache, sessions, counters and queues. */
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import tls from "node:tls";
import { PortTaken } from "../../../processes/ports.ts";
import type { RedisOptions, RedisServer } from "../model.ts";
import { commands } from "./commands/index.ts";
import { KeptFile } from "./kept-file.ts";
import { encode, Failure } from "./reply.ts";
import { RequestParser } from "./requests.ts";
import { Session, StandIn } from "./session.ts";

export async function startStandIn(options: RedisOptions): Promise<RedisServer> {
  const { folder, tls: certificate } = options;
  mkdirSync(folder, { recursive: true });
  const file = new KeptFile(join(folder, "stand-in.json"), () => standIn.databases.map((db) => db.dump()));
  const standIn = new StandIn(options, () => file.later());
  for (const [index, dumped] of file.read().entries()) standIn.databases[index]?.load(dumped);
  const sockets = new Set<Socket>();
  const accept = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(standIn, socket);
  };
  const server = certificate
    ? tls.createServer({ key: certificate.key, cert: certificate.cert }, accept)
    : createServer(accept);
  // Whoever speaks another protocol, or does not trust the certificate, goes away again.
  server.on("tlsClientError", (_, socket: Socket) => socket.destroy());
  standIn.port = await listen(server, options.port ?? 0);
  // What nobody asks for must go as well.
  const expiry = setInterval(() => {
    for (const db of standIn.databases) db.keys();
  }, 1000).unref();
  return {
    software: `stand-in for Redis ${standIn.version}`,
    real: false,
    port: standIn.port,
    configure: async ({ password, maxmemoryPolicy }) => {
      if (password !== undefined) standIn.setPassword(password);
      if (maxmemoryPolicy !== undefined) standIn.maxmemoryPolicy = maxmemoryPolicy;
    },
    close: async () => {
      clearInterval(expiry);
      const closed = server.listening ? once(server, "close") : undefined;
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      file.now();
    },
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

/** Answers one connection, request by request, until it ends. */
function serve(standIn: StandIn, socket: Socket): void {
  const session = new Session(standIn, commands, `${socket.remoteAddress}:${socket.remotePort}`);
  const parser = new RequestParser();
  let busy = false;
  let out = "";
  const flush = () => {
    if (out !== "") socket.write(out, "latin1");
    out = "";
  };
  standIn.sessions.add(session);
  socket.setNoDelay(true);
  socket.once("end", () => session.end());
  socket.once("close", () => {
    standIn.sessions.delete(session);
    session.end();
  });
  // A client that vanishes is nothing to tell of.
  socket.on("error", () => socket.destroy());

  const work = async () => {
    for (let next = parser.next(session.known); next !== undefined; next = parser.next(session.known)) {
      if (next.length === 0) continue;
      let reply = session.answer(next);
      if (reply instanceof Promise) {
        flush();
        reply = await reply;
      }
      out += encode(reply, session.protocol);
      // One string holds 512 MB at most.
      if (out.length > 1_000_000) flush();
      if (session.leaving) return;
    }
  };

  socket.on("data", async (chunk: Buffer) => {
    if (session.leaving) return;
    parser.push(chunk);
    if (busy) return;
    busy = true;
    try {
      await work();
    } catch (error) {
      // Another protocol, or more than this process can hold.
      out += encode(error instanceof Failure ? error : new Failure(`ERR ${(error as Error).message}`), 2);
      session.leaving = true;
    }
    busy = false;
    flush();
    if (session.leaving) socket.end();
  });
}
