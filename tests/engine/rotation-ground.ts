/** A stack that is up on the sandbox with real databases and a booted backend, a load on it, and the command. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import pg from "pg";
import { parse } from "yaml";
import type { Engine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import { deploysOf } from "../../sandbox/clouds/render/index.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../sandbox/index.ts";
import { smallBackend } from "../helpers/deploys.ts";
import { EngineStack, type Outcome } from "./harness.ts";

/** How a run of the command ended. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A client that logs in again and again with what the live deploy has. */
export interface Load {
  /** Logins so far, by database. */
  logins: Record<string, number>;
  /** What failed: the database, and what it or its driver said. */
  failures: string[];
  /** The slowest login, in ms: on a busy machine this process, which is server and client at once, has to wait. */
  slowest: number;
  end(): Promise<void>;
}

export class RotationGround {
  readonly sandbox: Sandbox;
  readonly stack: EngineStack;
  /** Everything that any process printed. */
  printed = "";
  private readonly folder: string;

  private constructor(sandbox: Sandbox, stack: EngineStack, folder: string) {
    this.sandbox = sandbox;
    this.stack = stack;
    this.folder = folder;
  }

  /** The stack of Pulumi.sandbox.yaml, with other sections where they are given. */
  static async create(
    engine: Engine,
    sections: Record<string, unknown> = {},
    more: Partial<SandboxOptions> = {},
  ): Promise<RotationGround> {
    const { config } = parse(await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8")) as {
      config: Record<string, unknown>;
    };
    const { project } = config["kairos:mongodb"] as { project: { organization: string } };
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-rotation-"));
    const sandbox = await startSandbox({
      folder,
      keep: false,
      organization: project.organization,
      deploys: await smallBackend(),
      ...more,
    });
    const stack = await EngineStack.create(engine);
    Object.assign(stack.environment, sandbox.clouds.environment);
    const named = Object.entries(sections).map(([key, value]) => [`kairos:${key}`, value]);
    await stack.configure({ ...config, ...Object.fromEntries(named) });
    const ground = new RotationGround(sandbox, stack, folder);
    await ground.succeeds("up", "--yes", "--skip-preview");
    await ground.live();
    return ground;
  }

  async pulumi(...args: string[]): Promise<Outcome> {
    const outcome = await this.stack.pulumi(...args, "--stack", "test");
    this.printed += outcome.all;
    return outcome;
  }

  async succeeds(...args: string[]): Promise<string> {
    const { exitCode, all } = await this.pulumi(...args);
    if (exitCode !== 0) throw new Error(all);
    return all;
  }

  get serviceId(): string {
    return Object.keys(this.sandbox.clouds.render.state.services)[0] ?? "";
  }

  /** The variables of the deploy that serves now. */
  variables(): Record<string, string> {
    const deploys = deploysOf(this.sandbox.clouds.render, this.serviceId);
    return deploys.find(({ status }) => status === "live")?.variables ?? {};
  }

  async live(): Promise<void> {
    while (this.variables().MONGODB_URL === undefined) await sleep(50);
  }

  /** Names of Atlas' users. */
  mongodbUsers(): string[] {
    const { atlas } = this.sandbox.clouds;
    return atlas.projects.list().flatMap(({ id }) => atlas.users.list(id).map(({ username }) => username));
  }

  /** Names of Render's users of the Postgres. */
  postgresUsers(): string[] {
    return Object.values(this.sandbox.clouds.render.state.postgres).flatMap(
      ({ databaseUser, otherUsers = [] }) => [...otherUsers.map(({ username }) => username), databaseUser],
    );
  }

  /** Starts the command. In a session of its own: killed with all that it started. */
  start(args: string[]): { child: ChildProcess; says(text: RegExp): Promise<boolean>; ended: Promise<Ran> } {
    const child = spawn(
      process.execPath,
      [path.join(root, "ops", "kairos.mjs"), "rotate", ...args, "--stack", "test"],
      {
        cwd: path.dirname(this.stack.stateFolder),
        env: { ...this.stack.environment, NO_COLOR: "1" },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
      this.printed += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
      this.printed += chunk;
    });
    const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
    const says = async (text: RegExp) => {
      while (!text.test(stderr)) {
        if (child.exitCode !== null || child.signalCode !== null) return text.test(stderr);
        await sleep(5);
      }
      return true;
    };
    return { child, says, ended };
  }

  /** Runs the command to its end. */
  rotate(...args: string[]): Promise<Ran> {
    return this.start(args).ended;
  }

  /** Kills command and engine as soon as it has said something; false when it never did. */
  async killedAt(text: RegExp, ...args: string[]): Promise<boolean> {
    const { child, says, ended } = this.start(args);
    const said = await says(text);
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended by itself.
    }
    await ended;
    return said;
  }

  /** Logs in every 50 ms with what the live deploy has. */
  load(databases: readonly ("mongodb" | "postgres")[]): Load {
    const load: Load = { logins: {}, failures: [], slowest: 0, end: async () => undefined };
    let ended = false;
    const under = new Set<Promise<void>>();
    const loop = (async () => {
      while (!ended) {
        const variables = this.variables();
        for (const database of databases) {
          const since = performance.now();
          const login = logIn(database, variables).then(
            () => {
              load.slowest = Math.max(load.slowest, Math.round(performance.now() - since));
              load.logins[database] = (load.logins[database] ?? 0) + 1;
            },
            (error: Error) => {
              load.failures.push(`${database}: ${error.name} ${error.message}`);
            },
          );
          under.add(login);
          void login.then(() => under.delete(login));
        }
        await sleep(50);
      }
      await Promise.all(under);
    })();
    load.end = async () => {
      ended = true;
      await loop;
    };
    return load;
  }

  async remove(): Promise<void> {
    await this.stack.remove();
    await this.sandbox.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Milliseconds for a login. A credential that is not valid is refused at once; only a busy machine takes long. */
const patience = 30_000;

/** One login, and a command that needs it. @throws what the database or its driver says */
export function logIn(database: "mongodb" | "postgres", variables: Record<string, string>): Promise<void> {
  return database === "mongodb" ? toMongodb(variables) : toPostgres(variables);
}

async function toMongodb({ MONGODB_URL = "", MONGODB_DB_NAME = "" }: Record<string, string>): Promise<void> {
  const client = new MongoClient(MONGODB_URL, { maxPoolSize: 1, serverSelectionTimeoutMS: patience });
  try {
    await client.connect();
    await client.db(MONGODB_DB_NAME).collection("load").countDocuments();
  } finally {
    await client.close();
  }
}

/** Connects as the backend would. */
const postgresClient = (variables: Record<string, string>, more: pg.ClientConfig = {}) =>
  new pg.Client({
    host: variables.POSTGRES_HOST ?? "",
    port: Number(variables.POSTGRES_PORT),
    user: variables.POSTGRES_USER ?? "",
    password: variables.POSTGRES_PASSWORD ?? "",
    database: variables.POSTGRES_DB ?? "",
    ...more,
  });

/** The rows of one statement, run with what a backend has. */
export async function onPostgres(variables: Record<string, string>, text: string): Promise<unknown[][]> {
  const client = postgresClient(variables);
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

async function toPostgres(variables: Record<string, string>): Promise<void> {
  const client = postgresClient(variables, { connectionTimeoutMillis: patience });
  client.on("error", () => undefined);
  try {
    await client.connect();
    // What the backend made as its first user is usable by every later one.
    await client.query("SELECT count(*) FROM users");
  } finally {
    await client.end().catch(() => undefined);
  }
}
