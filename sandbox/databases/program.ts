/** A server that is a program of somebody else, in its folder: one at a time, and none of an earlier run. */
import { existsSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endOrphan } from "../processes/orphans.ts";
import { PortTaken } from "../processes/ports.ts";
import { type Order, SupervisedProcess } from "../processes/supervised.ts";

/** Milliseconds until it has to answer, and milliseconds that it has to end in good order. */
const patience = 60_000;
const killAfter = 10_000;

export interface Program extends Pick<Order, "stdin" | "uid" | "gid" | "stopSignal"> {
  /** What a message about it begins with: `MongoDB: mongod`. */
  label: string;
  executable: string;
  args: readonly string[];
  /** Where its log and the number of its process are kept. */
  folder: string;
  /** Where it runs; the folder by default. */
  cwd?: string;
  port: number;
  /** Whether it is ready, which is asked until it is; a rejection says why not. */
  ready(start: Start): boolean | Promise<boolean>;
}

/** A start that is on its way. */
interface Start {
  pid: number | undefined;
  /** What it has logged since. */
  log(): string;
}

/**
 * Ends what a crashed run left in a folder.
 *
 * @param mark a part of the program's command line
 * @param cwd where it runs; the folder by default
 */
export async function endEarlierRun(folder: string, mark: string, cwd = folder): Promise<void> {
  const pidFile = path.join(folder, "server.pid");
  if (!existsSync(pidFile)) return;
  const real = realpathSync(cwd);
  const isIt = (info: { command: string; cwd?: string }) =>
    info.command.includes(mark) && (info.cwd === undefined || info.cwd === real);
  await endOrphan(Number(readFileSync(pidFile, "utf8")), isIt, `the server in ${folder}`);
}

/**
 * Runs it, and waits until it answers.
 *
 * @throws PortTaken, or an error of one line that names the log
 */
export async function runProgram(program: Program): Promise<SupervisedProcess> {
  const { label, executable, args, folder, cwd = folder, port, ready, ...more } = program;
  const logFile = path.join(folder, "server.log");
  const logged = existsSync(logFile) ? readFileSync(logFile).length : 0;
  const failed = (reason: string) =>
    new Error(`${label} did not start: ${reason}; its log says more: ${logFile}`);
  const { PATH = "", SystemRoot = "" } = process.env;
  const env = { PATH, LC_ALL: "C", ...(SystemRoot !== "" && { SystemRoot }) };
  const server = new SupervisedProcess({
    command: [executable, ...args],
    cwd,
    env,
    logFile,
    killAfter,
    ...more,
  });
  const log = () => readFileSync(logFile).subarray(logged).toString();
  await server.started;
  if (server.pid !== undefined)
    writeFileSync(path.join(folder, "server.pid"), String(server.pid), { mode: 0o600 });
  let problem = "";
  for (const end = Date.now() + patience; server.exit === undefined; await sleep(15)) {
    try {
      // Another program on this port may have answered.
      if ((await ready({ pid: server.pid, log })) && server.exit === undefined) return server;
    } catch (error) {
      problem = ` (${(error as Error).message})`;
    }
    if (Date.now() < end) continue;
    await server.end();
    throw failed(`no answer within ${patience / 1000} seconds${problem}`);
  }
  if ("problem" in server.exit) throw failed(server.exit.problem);
  if (/address already in use|Failed listening|could not (bind|create any)/i.test(log()))
    throw new PortTaken(port);
  throw failed("it ended by itself");
}
