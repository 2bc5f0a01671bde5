/** A stack with its databases at the stand-ins of the vendors, for what `backups` does to them. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { StateResource } from "../../engine/cli/stack.ts";
import { types } from "../../infra/resources.ts";
import { Accounts } from "../../ops/accounts.ts";
import type { Count } from "../../ops/backups/census/questions.ts";
import type { CopyContext } from "../../ops/backups/copies.ts";
import { vaultsOf } from "../../ops/backups/ground.ts";
import type { BackedUp } from "../../ops/backups/model.ts";
import type { Notes } from "../../ops/backups/record.ts";
import { StackState } from "../../ops/rotate/state.ts";
import { Progress } from "../../ops/terminal/progress.ts";
import { type Clouds, startClouds } from "../../sandbox/clouds/index.ts";
import { createPostgres } from "../../sandbox/clouds/render/index.ts";
import { cluster, flexCluster } from "./atlas.ts";

const organization = "5a4d000000000000000000aa";
const hour = 3_600_000;

/** A mark that the process was killed by: nothing that it does afterwards gets anywhere. */
export class Killed extends Error {}

export class BackupsGround {
  /** The stack's tags. */
  readonly tags = new Map<string, string>();
  /** What the source has. */
  source: Count[] = [
    { name: "public.users", rows: 1200, before: 1200, newest: "2026-11-26T10:00:00+00:00" },
    { name: "public.courses", rows: 3, before: 3 },
  ];
  /** What the copy has; as the source, unless a test says otherwise. */
  copy: Count[] | undefined;
  /** Calls until the process is killed; `after`: the last one is done, and its answer never comes. */
  kill: { calls: number; after: boolean } | undefined;
  calls = 0;
  canaries = new Set<string>();
  /** What it was asked. */
  questions: string[] = [];
  agrees = true;

  private constructor(
    readonly clouds: Clouds,
    readonly state: StackState,
    private readonly folder: string,
  ) {}

  static async create(tier: "FLEX" | "M10" = "M10"): Promise<BackupsGround> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-backups-"));
    const since = Date.now() - 24 * hour;
    const clouds = await startClouds({
      folder,
      organization,
      render: { recoverableSince: () => since },
    });
    const { atlas, render } = clouds;
    const project = atlas.projects.create({ name: "kairos-test", orgId: organization }).id;
    const replicationSpecs = [
      {
        regionConfigs: [
          {
            ...{ providerName: "AWS", regionName: "US_WEST_2", priority: 7 },
            electableSpecs: { instanceSize: "M10", nodeCount: 3, diskSizeGB: 10 },
          },
        ],
      },
    ];
    if (tier === "FLEX") atlas.flexClusters.create(project, flexCluster("kairos-test"));
    else
      atlas.clusters.create(project, {
        ...cluster("kairos-test"),
        replicationSpecs,
        backupEnabled: true,
        pitEnabled: true,
      } as never);
    // As if all of it were a day old.
    for (const one of [...atlas.clusters.list(project), ...atlas.flexClusters.list(project)])
      one.createDate = new Date(since).toISOString();
    await atlas.snapshots.keepUp();
    for (const one of atlas.snapshots.list(project, "kairos-test", tier === "FLEX" ? "flex" : "dedicated"))
      Object.assign(one, { createdAt: since, doneAt: since });
    const postgres = createPostgres(render, {
      ...{ name: "kairos-postgres", plan: "basic_1gb", region: "oregon", version: "18" },
      databaseUser: "kairos",
    }).id;
    const resource = (
      type: string,
      name: string,
      id: string,
      outputs: Record<string, unknown>,
    ): StateResource => ({
      ...{ urn: `urn:pulumi:test::kairos-infrastructure::${type}::${name}`, type, id, outputs },
    });
    const specs = tier === "FLEX" ? [{ regionConfigs: [{ providerName: "FLEX" }] }] : replicationSpecs;
    const state = new StackState([
      resource("kairos:infra:Mongodb", "mongodb", "", {
        ...{ database: "kaïros", projectId: project, clusterName: "kairos-test" },
      }),
      resource("kairos:infra:Postgres", "postgres", "", { id: postgres }),
      resource(types.cluster, "mongodb-cluster", "c", {
        ...{ projectId: project, name: "kairos-test", replicationSpecs: specs },
      }),
      resource(types.postgres, "postgres-database", postgres, { name: "kairos-postgres" }),
    ]);
    return new BackupsGround(clouds, state, folder);
  }

  /** What a command works with; a killed one gets nowhere. */
  context(database: BackedUp): CopyContext {
    const accounts = new Accounts({}, { environment: this.clouds.environment });
    // Each call at a vendor is a step at which the process may end.
    const mortal = { atlas: this.mortal(accounts.atlas), render: this.mortal(accounts.render) };
    const vault = vaultsOf(this.state, mortal).find((one) => one.database === database);
    if (vault === undefined) throw new Error(`no ${database}`);
    const { tags, canaries } = this;
    const notes: Notes = {
      tags: async () => Object.fromEntries(tags),
      tag: async (name, value) => void tags.set(name, value),
      untag: async (name) => void tags.delete(name),
    };
    const texts = JSON.stringify(this.state.resources);
    return {
      stack: "test",
      vault,
      notes: this.mortal(notes),
      known: (word) => (texts.includes(word) ? "test" : undefined),
      progress: new Progress(true),
      pause: 5,
      limit: 20_000,
      confirm: async (question) => {
        this.questions.push(question);
        return this.agrees;
      },
      ...this.mortal({
        count: async () => ({ source: this.source, copy: this.copy ?? this.source }),
        canary: async (_: BackedUp, copy: string, does: "write" | "remove") =>
          void (does === "write" ? canaries.add(copy) : canaries.delete(copy)),
      }),
    };
  }

  /** All that there is at the vendors, by name. */
  get there(): string[] {
    const { atlas, render } = this.clouds;
    const [project] = atlas.projects.list();
    if (project === undefined) return [];
    return [
      ...atlas.clusters.list(project.id).map(({ name }) => `cluster ${name}`),
      ...atlas.flexClusters.list(project.id).map(({ name }) => `cluster ${name}`),
      ...atlas.users.list(project.id).map(({ username }) => `user ${username}`),
      ...Object.values(render.state.postgres).map(({ name }) => `postgres ${name}`),
    ].sort();
  }

  /** The databases that are backed up, with all that there is around them, as the vendors have them. */
  get production(): object {
    const { atlas, render } = this.clouds;
    const [project] = atlas.projects.list();
    const id = project?.id ?? "";
    const own = ({ name }: { name: string }) => name.startsWith("kairos-");
    return structuredClone({
      postgres: Object.values(render.state.postgres).filter(own),
      clusters: [...atlas.clusters.list(id), ...atlas.flexClusters.list(id)].filter(own),
      users: atlas.users.list(id),
      accessList: atlas.accessList.list(id),
      canaries: [...this.canaries],
    });
  }

  /**
   * Kills at each call that a whole run makes, at a vendor or of the stack's tags, before it and after it.
   *
   * @param again what comes after each kill
   * @returns how often it was killed
   */
  async killedEverywhere(run: () => Promise<unknown>, again: () => Promise<void>): Promise<number> {
    let killed = 0;
    for (let calls = 1, isOver = false; !isOver; calls += 1)
      for (const after of [false, true]) {
        Object.assign(this, { calls: 0, kill: { calls, after } });
        const ended = await run().catch((error: unknown) => error);
        // A run that came to its end had no such call.
        isOver = !(ended instanceof Killed);
        if (ended instanceof Error && isOver) throw ended;
        Object.assign(this, { calls: 0, kill: undefined });
        killed += isOver ? 0 : 1;
        await again();
      }
    return killed;
  }

  async close(): Promise<void> {
    await this.clouds.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Counts what is called, and lets nothing through once the process was killed. */
  private mortal<T extends object>(what: T): T {
    return new Proxy(what, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== "function") return value;
        return async (...args: unknown[]) => {
          this.calls += 1;
          const { calls = Number.POSITIVE_INFINITY, after = false } = this.kill ?? {};
          if (this.calls > calls || (this.calls === calls && !after)) throw new Killed();
          const answer = await value.apply(target, args);
          if (this.calls >= calls) throw new Killed();
          return answer;
        };
      },
    });
  }
}
