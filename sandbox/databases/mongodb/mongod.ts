/**
 * A real mongod, 5.0 or newer: a replica set of one, with authentication.
 * @see https://www.mongodb.com/docs/manual/tutorial/deploy-replica-set-with-keyfile-access-control/
 */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Db, type Document, MongoServerError } from "mongodb";
import { accepts, onPort } from "../../processes/ports.ts";
import type { SupervisedProcess } from "../../processes/supervised.ts";
import { endEarlierRun, runProgram } from "../program.ts";
import { type Administrator, adminClient, administrator, secretFile, withClient } from "./administrator.ts";
import { applyUsers } from "./mongod-users.ts";
import { connectionString, type MongodbOptions, type MongodbServer } from "./types.ts";

/** Milliseconds until the one member has elected itself. */
const electionPatience = 30_000;

export const startMongod = (executable: string, options: MongodbOptions): Promise<MongodbServer> =>
  onPort(options.port, (port) => start(executable, options, port));

async function start(executable: string, options: MongodbOptions, port: number): Promise<MongodbServer> {
  mkdirSync(path.join(options.folder, "data"), { recursive: true, mode: 0o700 });
  const folder = realpathSync(options.folder);
  const admin = administrator(folder);
  const ping = () =>
    withClient(adminClient(port, options), (client) => client.db("admin").command({ ping: 1 }));
  await endEarlierRun(folder, "mongod");
  const server = await runProgram({
    label: "MongoDB: mongod",
    executable,
    args: ["--config", configure(folder, options, port)],
    folder,
    port,
    // Before it listens a driver would only wait.
    ready: async () => (await accepts(port)) && (await ping()) !== undefined,
  });
  try {
    await prepare(port, options, admin);
    const { version } = await withClient(adminClient(port, options, admin), (client) =>
      client.db("admin").command({ buildInfo: 1 }),
    );
    return running(server, String(version), port, options, admin);
  } catch (error) {
    await server.end();
    throw error;
  }
}

function running(
  server: SupervisedProcess,
  version: string,
  port: number,
  options: MongodbOptions,
  admin: Administrator,
): MongodbServer {
  let applying: Promise<void> = Promise.resolve();
  return {
    software: `MongoDB ${version}`,
    real: true,
    port,
    connectionString: connectionString(port, options),
    setUsers: (users) => {
      const apply = () =>
        withClient(adminClient(port, options, admin), (client) =>
          applyUsers(client.db("admin"), users, admin.username),
        );
      applying = applying.catch(() => undefined).then(apply);
      return applying;
    },
    close: async () => {
      await applying.catch(() => undefined);
      await server.end();
    },
  };
}

/** Everything in a file, which JSON is YAML for; gives its path. */
function configure(folder: string, { replicaSet, tls }: MongodbOptions, port: number): string {
  const inFolder = (name: string) => path.join(folder, name);
  const keyFile = inFolder("key-file");
  secretFile(keyFile, () => randomBytes(192).toString("base64"));
  chmodSync(keyFile, 0o400);
  if (tls !== undefined) write(inFolder("server.pem"), `${tls.cert.trim()}\n${tls.key.trim()}\n`);
  const config = {
    net: {
      bindIp: "127.0.0.1",
      port,
      ...(process.platform !== "win32" && { unixDomainSocket: { enabled: false } }),
      ...(tls !== undefined && {
        tls: {
          mode: "requireTLS",
          certificateKeyFile: inFolder("server.pem"),
          CAFile: tls.authorityFile,
          // Clients have passwords.
          allowConnectionsWithoutCertificates: true,
        },
      }),
    },
    security: { authorization: "enabled", keyFile },
    replication: { replSetName: replicaSet },
    setParameter: {
      // A member that shuts down waits 15 seconds for others to take over; there are none.
      shutdownTimeoutMillisForSignaledShutdown: 100,
      // The certificate is a server's; towards itself the member needs none.
      ...(tls !== undefined && { tlsWithholdClientCertificate: true }),
    },
    storage: { dbPath: inFolder("data"), wiredTiger: { engineConfig: { cacheSizeGB: 0.25 } } },
  };
  const file = inFolder("mongod.json");
  write(file, JSON.stringify(config, undefined, 1));
  return file;
}

function write(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}

/** The replica set and our own user. A start that was cut short anywhere here is taken up where it ended. */
async function prepare(port: number, options: MongodbOptions, admin: Administrator): Promise<void> {
  const host = `127.0.0.1:${port}`;
  const newcomer = await mayLogIn(port, options, admin).then((known) => !known);
  if (newcomer) {
    // As long as there is no user, a client on the same machine may do just this: begin the set, and make the first.
    await withClient(adminClient(port, options), async (client) => {
      const db = client.db("admin");
      const config = { _id: options.replicaSet, members: [{ _id: 0, host }] };
      await ignoring(23, () => db.command({ replSetInitiate: config })); // AlreadyInitialized
      await untilPrimary(db);
      await db.command({
        createUser: admin.username,
        pwd: admin.password,
        roles: [{ role: "root", db: "admin" }],
      });
    });
    return;
  }
  await withClient(adminClient(port, options, admin), async (client) => {
    const db = client.db("admin");
    const { config } = (await db.command({ replSetGetConfig: 1 })) as { config: Document };
    const [member] = config.members as Document[];
    if (member?.host !== host) {
      // The port is another than the last time: without its own address in the set a member is out of it.
      const members = [{ ...member, host }];
      await db.command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
    }
    await untilPrimary(db);
  });
}

/** Whether our user is there. AuthenticationFailed is also what a user gets that is not. */
async function mayLogIn(port: number, options: MongodbOptions, admin: Administrator): Promise<boolean> {
  try {
    await withClient(adminClient(port, options, admin), (client) => client.db("admin").command({ ping: 1 }));
    return true;
  } catch (error) {
    if (error instanceof MongoServerError && error.code === 18) return false;
    throw error;
  }
}

async function untilPrimary(db: Db): Promise<void> {
  for (const end = Date.now() + electionPatience; ; await sleep(50)) {
    const { isWritablePrimary } = await db.command({ hello: 1 });
    if (isWritablePrimary === true) return;
    if (Date.now() > end)
      throw new Error(
        `MongoDB: mongod did not become primary within ${electionPatience / 1000} seconds; reset the sandbox`,
      );
  }
}

/** Does it, unless the server says by this code that it is done already. */
async function ignoring(code: number, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === code)) throw error;
  }
}
