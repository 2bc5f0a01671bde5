/** A stack that is up with databases that are backed up, and the command `backups` as it is typed. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MongoClient } from "mongodb";
import type { Engine } from "../../engine/cli/find.ts";
import type { BackedUp } from "../../ops/backups/model.ts";
import { root } from "../../ops/bundle.mjs";
import { onPostgres, type Ran, RotationGround } from "./rotation-ground.ts";

/** A run of the command. */
export interface Running {
  child: ChildProcess;
  /** So far. */
  ran: { stdout: string; stderr: string };
  ended: Promise<Ran>;
}

export class BackupsGround {
  private constructor(readonly rotation: RotationGround) {}

  /** With 500 rows in each of its databases. */
  static async create(engine: Engine, tier: "FLEX" | "M10"): Promise<BackupsGround> {
    const mongodb = {
      project: { name: "kairos-sandbox", organization: "5a4d000000000000000000aa" },
      ...{ name: "kairos-sandbox", tier, database: "kaïros", user: "kairos" },
      accessList: [{ cidr: "127.0.0.1/32", comment: "this machine" }],
      mayBeDestroyed: "kairos-sandbox",
    };
    const sections = { mongodb, redis: { provider: "none" } };
    const ground = new BackupsGround(await RotationGround.create(engine, sections, { recoveryLag: 0 }));
    await onPostgres(
      ground.variables,
      "CREATE TABLE people AS SELECT id, now() AS created_at FROM generate_series(1, 500) AS id",
    );
    await onMongodb(ground.variables, async (database) => {
      await database
        .collection("people")
        .insertMany(Array.from({ length: 500 }, (_, number) => ({ number })));
    });
    await sleep(1500);
    if (tier === "FLEX") await ground.takeFlexSnapshot();
    return ground;
  }

  /** Those of the backend that serves now. */
  get variables(): Record<string, string> {
    return this.rotation.variables();
  }

  /** Starts the command, in a session of its own. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Running {
    const { stack, sandbox } = this.rotation;
    const child = spawn(
      process.execPath,
      [path.join(root, "ops", "kairos.mjs"), "backups", ...args, "--stack", "test", "--json"],
      {
        env: {
          ...stack.environment,
          KAIROS_PROJECT: path.dirname(stack.stateFolder),
          KAIROS_RECOVERY_LAG: "1000",
          NODE_EXTRA_CA_CERTS: sandbox.authorityFile,
          NO_COLOR: "1",
          ...environment,
        },
        stdio: ["ignore", "pipe", "pipe"],
        detached: true,
      },
    );
    const ran = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream].on("data", (chunk) => {
        ran[stream] += chunk;
        this.rotation.printed += chunk;
      });
    const ended = once(child, "close").then(([code]): Ran => ({ code: code as number | null, ...ran }));
    return { child, ran, ended };
  }

  backups(...args: string[]): Promise<Ran> {
    return this.start(args).ended;
  }

  /** What there is at the vendors, by name. */
  there(): string[] {
    const { atlas, render } = this.rotation.sandbox.clouds;
    const projects = atlas.projects.list().map(({ id }) => id);
    return [
      ...projects.flatMap((id) =>
        [...atlas.clusters.list(id), ...atlas.flexClusters.list(id)].map(({ name }) => name),
      ),
      ...projects.flatMap((id) => atlas.users.list(id).map(({ username }) => username)),
      ...Object.values(render.state.postgres).map(({ name }) => name),
    ].sort();
  }

  /** Rows or documents of `people`. */
  async count(database: BackedUp, variables = this.variables): Promise<unknown> {
    if (database === "mongodb")
      return onMongodb(variables, (one) => one.collection("people").countDocuments());
    const [row] = await onPostgres(variables, "SELECT count(*)::int FROM people");
    return row?.[0];
  }

  /** Production as it is: its state, its data to the byte, and what its vendors have of it. */
  async production(): Promise<object> {
    const { stack, sandbox } = this.rotation;
    const { atlas, render } = sandbox.clouds;
    const group = atlas.projects.list()[0]?.id ?? "";
    const own = ({ name }: { name: string }) => name.startsWith("kairos-");
    const exported = await stack.pulumi("stack", "export", "--stack", "test");
    const people = "SELECT md5(string_agg(people::text, ',' ORDER BY id)) FROM people";
    return structuredClone({
      state: JSON.parse(exported.stdout).deployment,
      postgres: await onPostgres(this.variables, people),
      mongodb: await onMongodb(this.variables, async (database) =>
        JSON.stringify(await database.collection("people").find().sort({ _id: 1 }).toArray()),
      ),
      databases: Object.values(render.state.postgres).filter(own),
      clusters: [...atlas.clusters.list(group), ...atlas.flexClusters.list(group)].filter(own),
      users: atlas.users.list(group).filter(({ username }) => username.startsWith("kairos")),
    });
  }

  remove(): Promise<void> {
    return this.rotation.remove();
  }

  /** As if the cluster were older than a day. */
  private async takeFlexSnapshot(): Promise<void> {
    const { atlas } = this.rotation.sandbox.clouds;
    const group = atlas.projects.list()[0]?.id ?? "";
    atlas.flexClusters.get(group, "kairos-sandbox").createDate = new Date(
      Date.now() - 3_600_000,
    ).toISOString();
    await atlas.snapshots.keepUp();
  }
}

export async function onMongodb<T>(
  { MONGODB_URL = "", MONGODB_DB_NAME = "" }: Record<string, string>,
  work: (database: ReturnType<MongoClient["db"]>) => Promise<T>,
): Promise<T> {
  const client = new MongoClient(MONGODB_URL);
  try {
    return await work(client.db(MONGODB_DB_NAME));
  } finally {
    await client.close();
  }
}
