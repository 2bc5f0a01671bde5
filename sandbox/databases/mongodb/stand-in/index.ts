/**
 * A small server that speaks MongoDB's wire protocol, for machines on which there is no mongod. It checks users,
 * passwords and roles as MongoDB does, and keeps documents; what it cannot do it refuses.
 */
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from "node:net";
import path from "node:path";
import { createServer as createTlsServer } from "node:tls";
import { connectionString, type MongodbOptions, type MongodbServer } from "../types.ts";
import type { ClientState, ServerState } from "./call.ts";
import { version } from "./commands/hello.ts";
import { filesAt, historySince } from "./copies.ts";
import { Cursors } from "./cursors.ts";
import { answer } from "./dispatch.ts";
import { Sessions } from "./sessions.ts";
import { Storage } from "./storage.ts";
import { Users } from "./users.ts";
import { encodeReply, Framing, parseMessage } from "./wire.ts";

/** Milliseconds between two looks for documents whose time is over; MongoDB takes up to a minute. */
const expiryInterval = 1000;

export async function startStandIn(options: MongodbOptions): Promise<MongodbServer> {
  const { folder, tls } = options;
  const sockets = new Set<Socket>();
  const server: Server =
    tls === undefined
      ? createTcpServer()
      : createTlsServer({ key: tls.key, cert: tls.cert, minVersion: "TLSv1.2" });
  const port = await listen(server, options.port ?? 0);
  let storage: Storage;
  try {
    storage = new Storage(folder);
  } catch (error) {
    server.close();
    throw error;
  }
  const state: ServerState = {
    storage,
    users: new Users(),
    cursors: new Cursors(),
    sessions: new Sessions(),
    replicaSet: options.replicaSet,
    address: `127.0.0.1:${port}`,
    connections: 0,
    started: Date.now(),
  };
  const expiry = setInterval(() => storage.expire(), expiryInterval);
  let connections = 0;
  // Below TLS, so that connections that never finish their handshake are ended with the server, too.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on(tls === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    connections += 1;
    serve(socket, state, connections);
  });
  // A client that does not trust the certificate ends the handshake; that is its right.
  server.on("tlsClientError", (_, socket) => socket.destroy());
  return {
    software: `stand-in for MongoDB ${version}`,
    note: "checks users, passwords, roles and names; common queries and aggregations, no transactions",
    real: false,
    port,
    connectionString: connectionString(port, options),
    setUsers: (users) => state.users.set(users),
    copies: {
      take: (snapshot) => storage.snapshot(snapshot),
      replace: (other, point) => storage.replace(filesAt(path.join(other, path.basename(folder)), point)),
      since: () => historySince(folder),
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      clearInterval(expiry);
      for (const socket of sockets) socket.destroy();
      await closed;
      storage.close();
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`MongoDB stand-in: port ${port} is taken by another program; choose a free one`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Serves a connection until it ends. What is no message of MongoDB's ends it, without an answer. */
function serve(socket: Socket, server: ServerState, id: number): void {
  const client: ClientState = {
    id,
    remote: `${socket.remoteAddress}:${socket.remotePort}`,
    account: undefined,
    conversation: undefined,
  };
  const framing = new Framing();
  server.connections++;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.once("close", () => server.connections--);
  socket.on("data", (chunk: Buffer) => {
    try {
      for (const message of framing.push(chunk)) {
        const request = parseMessage(message);
        const reply = answer(server, client, request);
        if (!request.silent) socket.write(encodeReply(request, reply));
      }
    } catch {
      socket.destroy();
    }
  });
}
