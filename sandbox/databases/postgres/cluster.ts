/** The data folder of one PostgreSQL: made, put right after a crash, and run. */
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { exe } from "../../processes/executables.ts";
import type { SupervisedProcess } from "../../processes/supervised.ts";
import { endEarlierRun, runProgram } from "../program.ts";
import type { ServerTls } from "../server.ts";
import type { Account } from "./account.ts";
import { scramVerifier } from "./logins.ts";
import { logKept, recoverData } from "./recovery.ts";
import type { Software } from "./software.ts";
import { Template } from "./template.ts";

/** The role that owns the server. Render keeps it for itself. */
export const superuser = "postgres";

export interface Cluster {
  software: Software;
  account: Account;
  /** The folder with everything; the data is in `data` below it. */
  folder: string;
}

const dataOf = ({ folder }: Cluster) => join(folder, "data");

/**
 * How PostgreSQL is told of its data: as "the folder I am in" on Linux, because the account may not be able to get there
 * by its path. Elsewhere by the path.
 */
const dataArgument = (folder: string) => (process.platform === "linux" ? "/proc/self/cwd" : folder);

/** Runs one of the programs on a data folder; `postgres` in its single-user mode. */
function runOnce({ software, account }: Cluster, program: string, data: string, args: string[], input = "") {
  const { PATH = "", SystemRoot } = process.env;
  const mode = program === "postgres" ? ["--single"] : [];
  return execa(join(software.bin, exe(program)), [...mode, "-D", dataArgument(data), ...args], {
    ...account,
    cwd: data,
    env: { LC_ALL: "C", PATH, ...(SystemRoot !== undefined && { SystemRoot }) },
    extendEnv: false,
    input,
    reject: false,
  });
}

/** Another server's data as it was at a moment, in milliseconds since 1970; see recovery.ts. */
export interface Origin {
  folder: string;
  at: number;
}

/** Makes the data folder if there is none. A run that ends halfway leaves none. */
export async function initialise(cluster: Cluster, origin?: Origin): Promise<void> {
  const { software, account, folder } = cluster;
  if (existsSync(dataOf(cluster))) return;
  const unfinished = join(folder, "data.unfinished");
  rmSync(unfinished, { recursive: true, force: true });
  const template = new Template(software);
  if (origin !== undefined) recoverData(unfinished, origin.folder, origin.at);
  else if (!template.copyTo(unfinished)) {
    await initdb(cluster, unfinished);
    template.keep(unfinished);
  }
  // As PostgreSQL asks for.
  chmodSync(unfinished, 0o700);
  own(account, unfinished);
  for (const path of readdirSync(unfinished, { recursive: true }))
    own(account, join(unfinished, String(path)));
  renameSync(unfinished, dataOf(cluster));
}

async function initdb(cluster: Cluster, data: string): Promise<void> {
  mkdirSync(data, { mode: 0o700 });
  own(cluster.account, data);
  // Sorted as people read, like a server whose locale is en_US.UTF-8: that of the system may not be installed.
  const locale =
    Number.parseInt(cluster.software.version, 10) >= 15
      ? ["--locale-provider=icu", "--icu-locale=en-US"]
      : [];
  // No password yet, and no way in: the first start sets both.
  const args = [`--username=${superuser}`, "--auth=reject", "--encoding=UTF8", "--locale=C", ...locale];
  const { failed, stderr } = await runOnce(cluster, "initdb", data, ["--no-sync", ...args]);
  if (failed) throw new Error(`PostgreSQL's initdb failed: ${lastLine(stderr)}`);
}

/** Ends a server that a crashed run left on this folder. */
export function recover(cluster: Cluster): Promise<void> {
  const data = dataOf(cluster);
  // Where the system does not tell in which folder a process runs, its command line does.
  const mark = process.platform === "linux" ? "postgres" : `-D ${data} `;
  return endEarlierRun(cluster.folder, mark, data);
}

/** Gives the superuser a password, in the server's single-user mode: that one needs none, and no network. */
export async function setSuperuserPassword(cluster: Cluster, password: string): Promise<void> {
  const data = dataOf(cluster);
  const settings = { log_min_error_statement: "panic", wal_keep_size: logKept };
  const args = ["-F", ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const statement = `ALTER ROLE ${superuser} PASSWORD '${scramVerifier(password)}'\n`;
  const { failed, stderr } = await runOnce(cluster, "postgres", data, [...args, superuser], statement);
  if (failed || /\b(ERROR|FATAL|PANIC):/.test(stderr))
    throw new Error(`PostgreSQL does not start on ${data}: ${lastLine(stderr)}`);
}

export interface RunOptions {
  port: number;
  maxConnections: number;
  tls: ServerTls | undefined;
}

/** Runs the server until it takes connections. */
export function run(cluster: Cluster, options: RunOptions): Promise<SupervisedProcess> {
  const { software, account, folder } = cluster;
  const data = dataOf(cluster);
  configure(cluster, options.tls);
  const settings = Object.entries(settingsOf(cluster, options));
  return runProgram({
    label: "PostgreSQL",
    executable: join(software.bin, exe("postgres")),
    args: ["-D", dataArgument(data), ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    ...account,
    folder,
    cwd: data,
    port: options.port,
    // Disconnects everybody and ends in good order.
    stopSignal: "SIGINT",
    ready: ({ pid }) => {
      const [ownPid, , , , , , , status] = postmasterFile(data);
      return Number(ownPid) === pid && status?.trim() === "ready";
    },
  });
}

/** Not a word about passwords in here: other users can read a command line. */
function settingsOf(
  { software }: Cluster,
  { port, maxConnections, tls }: RunOptions,
): Record<string, string | number> {
  const reserved = 3;
  return {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    ssl: tls === undefined ? "off" : "on",
    // The last ones are only for the superuser.
    max_connections: maxConnections + reserved,
    superuser_reserved_connections: reserved,
    password_encryption: "scram-sha-256",
    // Statements may hold passwords.
    log_statement: "none",
    log_min_error_statement: "panic",
    timezone: "UTC",
    wal_keep_size: logKept,
    // What is stored outlives a killed process, not the machine's power: this is for rehearsals.
    fsync: "off",
    full_page_writes: "off",
    shared_buffers: "16MB",
    ...(Number.parseInt(software.version, 10) >= 18 && { io_method: "sync" }),
  };
}

/** Who may log in how, and the certificate: files, because PostgreSQL takes neither in another way. */
function configure(cluster: Cluster, tls: ServerTls | undefined): void {
  const files = {
    "pg_hba.conf": "host all all 127.0.0.1/32 scram-sha-256\n",
    ...(tls && { "server.key": tls.key, "server.crt": tls.cert }),
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(dataOf(cluster), name);
    writeFileSync(path, content, { mode: 0o600 });
    chmodSync(path, 0o600);
    own(cluster.account, path);
  }
}

function own(account: Account, path: string): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}

/** Lines of the file in which a running server tells of itself: its process first, its status eighth. */
function postmasterFile(data: string): string[] {
  const file = join(data, "postmaster.pid");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";
