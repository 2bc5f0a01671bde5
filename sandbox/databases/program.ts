/** A server that is a program of somebody else, in its folder: one at a time, and none of an earlier run. */
import { once } from "node:events";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PortTaken } from "../free-port.ts";
import { endOrphan } from "../processes.ts";
import { type Supervised, supervise } from "../supervised.ts";

/** Milliseconds until it has to answer. */
const patience = 30_000;

export interface Program {
  /** For people: `mongod`. */
  name: string;
  executable: string;
  args: readonly string[];
  /** Its whole environment, besides what every program needs. */
  env?: Readonly<Record<string, string>>;
  folder: string;
  port: number;
  /** Resolves when the server answers, and rejects as long as it does not. */
  answers(): Promise<unknown>;
}

/**
 * Runs it, and waits until it answers.
 *
 * @throws PortTaken, or an error of one line that names the log
 */
export async function runProgram(program: Program): Promise<Supervised> {
  const { name, executable, args, folder, port } = program;
  const pidFile = path.join(folder, "server.pid");
  await endOrphan(
    notedPid(pidFile),
    ({ command, cwd }) => command.includes(name) && (cwd === undefined || cwd === folder),
    `${name} in ${folder}`,
  );
  const logFile = path.join(folder, "server.log");
  // What is looked for in it is of this start.
  rmSync(logFile, { force: true });
  const { PATH = "", SystemRoot = "" } = process.env;
  const server = await supervise(executable, args, {
    cwd: folder,
    env: { PATH, ...(SystemRoot !== "" && { SystemRoot }), ...program.env },
    logFile,
    stopSignal: "SIGTERM",
  });
  writeFileSync(pidFile, String(server.pid), { mode: 0o600 });
  let ended = false;
  void server.exited.then(() => {
    ended = true;
  });
  for (const end = Date.now() + patience; ; await sleep(20)) {
    try {
      // Before it listens a driver would only wait.
      await reached(port);
      await program.answers();
      // Another program on this port may have answered.
      if (!ended) return server;
    } catch (error) {
      if (Date.now() > end) {
        await server.stop();
        throw startFailed(
          name,
          `no answer within ${patience / 1000} seconds (${(error as Error).message})`,
          logFile,
        );
      }
    }
    if (!ended) continue;
    if (/address already in use|EADDRINUSE/i.test(readFileSync(logFile, "utf8"))) throw new PortTaken(port);
    throw startFailed(name, "it ended by itself", logFile);
  }
}

/** Rejects when nobody listens. */
async function reached(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
  } finally {
    socket.destroy();
  }
}

/** 0, which is no process, when there is none. */
function notedPid(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

const startFailed = (name: string, reason: string, logFile: string) =>
  new Error(`MongoDB: ${name} did not start: ${reason}; its log says more: ${logFile}`);
