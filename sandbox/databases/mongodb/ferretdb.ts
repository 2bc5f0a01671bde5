/**
 * FerretDB 1.x on SQLite: speaks MongoDB's protocol and checks passwords. Roles it does not know, and names of databases
 * have to be ASCII. It is a server by itself and no replica set: with TLS it cannot tell drivers its address.
 * @see https://docs.ferretdb.io/v1.24/configuration/flags/
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { onPort } from "../free-port.ts";
import type { Supervised } from "../supervised.ts";
import { adminClient, administrator, withClient } from "./administrator.ts";
import { runProgram } from "./process.ts";
import { connectionString, type MongodbOptions, type MongodbServer, type MongodbUser } from "./types.ts";

/** Whether FerretDB can have a database of this name. */
export const ferretdbTakes = (database: string) => /^[a-zA-Z0-9_-]{1,63}$/.test(database);

export const startFerretdb = (executable: string, options: MongodbOptions): Promise<MongodbServer> =>
  onPort(options.port, (port) => start(executable, options, port));

async function start(executable: string, options: MongodbOptions, port: number): Promise<MongodbServer> {
  mkdirSync(path.join(options.folder, "data"), { recursive: true, mode: 0o700 });
  const folder = realpathSync(options.folder);
  const admin = administrator(folder);
  const client = () => adminClient(port, options, admin);
  const { tls } = options;
  for (const kind of ["key", "cert"] as const) {
    if (tls === undefined) continue;
    const file = path.join(folder, `${kind}.pem`);
    writeFileSync(file, tls[kind], { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  const run = (): Promise<Supervised> =>
    runProgram({
      name: "ferretdb",
      executable,
      args: [
        "--handler=sqlite",
        "--sqlite-url=file:data/",
        "--state-dir=-",
        "--debug-addr=-",
        "--telemetry=disable",
        "--log-level=error",
        "--test-enable-new-auth",
        "--setup-database=admin",
        `--setup-username=${admin.username}`,
        `--listen-addr=${tls === undefined ? `127.0.0.1:${port}` : ""}`,
        ...(tls === undefined
          ? []
          : [
              `--listen-tls=127.0.0.1:${port}`,
              "--listen-tls-cert-file=cert.pem",
              "--listen-tls-key-file=key.pem",
            ]),
      ],
      // Not as an argument: those are for everybody to see.
      env: { FERRETDB_SETUP_PASSWORD: admin.password, DO_NOT_TRACK: "1" },
      folder,
      port,
      answers: () => withClient(client(), (server) => server.db("admin").command({ ping: 1 })),
    });
  let server = await run();
  const version = await withClient(client(), (server) => server.db("admin").command({ buildInfo: 1 }));
  let applied = new Map<string, string>();

  async function apply(users: readonly MongodbUser[]): Promise<void> {
    const wanted = new Map<string, string>();
    for (const { username, password } of users) if (password !== undefined) wanted.set(username, password);
    await withClient(client(), async (connection) => {
      const db = connection.db("admin");
      const { users: there } = await db.command({ usersInfo: 1 });
      const present = (there as { user: string }[])
        .map(({ user }) => user)
        .filter((user) => user !== admin.username);
      for (const user of present)
        if (applied.get(user) !== fingerprint(wanted.get(user))) await db.command({ dropUser: user });
      for (const [user, password] of wanted)
        if (!present.includes(user) || applied.get(user) !== fingerprint(password))
          await db.command({ createUser: user, pwd: password, roles: [] });
    });
    const removed = [...applied.keys()].some((user) => !wanted.has(user));
    applied = new Map([...wanted].map(([user, password]) => [user, fingerprint(password)]));
    // FerretDB asks a connection once who it is. Only with the server its sessions end.
    if (!removed) return;
    await server.stop();
    server = await run();
  }

  let applying: Promise<void> = Promise.resolve();
  return {
    software: `FerretDB ${ferretVersion(version)}`,
    note: "in place of MongoDB; checks passwords, but no roles",
    real: false,
    port,
    connectionString: connectionString(port, options, { standalone: true }),
    setUsers: (users) => {
      applying = applying.catch(() => undefined).then(() => apply(users));
      return applying;
    },
    close: async () => {
      await applying.catch(() => undefined);
      await server.stop();
    },
  };
}

const fingerprint = (password: string | undefined) =>
  password === undefined ? "" : createHash("sha256").update(password).digest("hex");

/** It gives itself out as a MongoDB, and says beside it what it is. */
function ferretVersion(buildInfo: Record<string, unknown>): string {
  const own = buildInfo.ferretdb as { version?: string } | undefined;
  return own?.version ?? String(buildInfo.ferretdbVersion ?? "1.x");
}
