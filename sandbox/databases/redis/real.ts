/** A real Valkey or Redis. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@redis/client";
import { execaSync } from "execa";
import { findExecutable } from "../../processes/executables.ts";
import { onPort } from "../../processes/ports.ts";
import { endEarlierRun, runProgram } from "../program.ts";
import type { ServerTls } from "../server.ts";
import { admin, changing, users } from "./access.ts";
import type { RedisOptions, RedisServer } from "./index.ts";

export interface RedisSoftware {
  executable: string;
  /** For example `Valkey 8.0.1`. */
  name: string;
}

/** What is installed: Valkey first, because Render and others run it. */
export function findRedis(searched?: string): RedisSoftware | undefined {
  for (const program of ["valkey-server", "redis-server"]) {
    const executable = findExecutable(program, searched);
    if (executable === undefined) continue;
    const { stdout, failed } = execaSync(executable, ["--version"], { reject: false });
    const [, kind, version] = /^(Valkey|Redis) server v=(\S+)/.exec(stdout) ?? [];
    if (!failed && kind !== undefined) return { executable, name: `${kind} ${version}` };
  }
  return undefined;
}

export async function startRealRedis(
  options: RedisOptions,
  { executable, name }: RedisSoftware,
): Promise<RedisServer> {
  mkdirSync(options.folder, { recursive: true });
  // Redis wants absolute paths, and the operating system tells them without symbolic links.
  const folder = realpathSync(options.folder);
  const secret = randomBytes(32).toString("base64url");
  await endEarlierRun(folder, "-server");
  const { port, server } = await onPort(options.port, async (port) => ({
    port,
    server: await runProgram({
      label: name,
      executable,
      args: ["-"],
      folder,
      port,
      stdin: configuration({ ...options, folder, port }, secret),
      ready: ({ log }) => log().includes("Ready to accept connections"),
    }),
  }));
  const asAdmin = async (...commands: string[][]) => {
    const client = createClient({
      username: admin,
      password: secret,
      socket: { host: "127.0.0.1", port, reconnectStrategy: false, ...trusting(options.tls) },
    });
    // The command itself says what is wrong.
    client.on("error", () => {});
    await client.connect();
    try {
      for (const command of commands) await client.sendCommand(command);
    } finally {
      await client.close();
    }
  };
  return {
    software: name,
    real: true,
    port,
    configure: (change) => asAdmin(...changing(change)),
    close: () => server.end(),
  };
}

const trusting = (tls: ServerTls | undefined) =>
  tls === undefined ? {} : { tls: true as const, ca: readFileSync(tls.authorityFile) };

/** Read from standard input: neither a file nor a command line shows it. */
function configuration(options: RedisOptions & { port: number }, secret: string): string {
  const { folder, port, password, tls, maxmemory = 0, maxmemoryPolicy = "noeviction" } = options;
  const quoted = (path: string) => JSON.stringify(path);
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return quoted(join(folder, name));
  };
  const listening = tls
    ? [
        "port 0",
        `tls-port ${port}`,
        `tls-key-file ${file("server.key", tls.key)}`,
        `tls-cert-file ${file("server.crt", tls.cert)}`,
        "tls-auth-clients no",
      ]
    : [`port ${port}`];
  return [
    "bind 127.0.0.1",
    ...listening,
    `dir ${quoted(folder)}`,
    "daemonize no",
    // Each change is written down at once: what is stored outlives a killed process.
    "appendonly yes",
    'save ""',
    `maxmemory ${maxmemory}`,
    `maxmemory-policy ${maxmemoryPolicy}`,
    ...users(secret, password).map((user) => `user ${user}`),
    "",
  ].join("\n");
}
