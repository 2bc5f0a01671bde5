/** Fresh clouds and a fresh stack for one round, and whether both are as they should be at its end. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import type { Engine } from "../../../engine/cli/find.ts";
import { root } from "../../../ops/bundle.mjs";
import { type Clouds, startClouds } from "../../../sandbox/clouds/index.ts";
import * as render from "../../../sandbox/clouds/render/index.ts";
import { faultsOf } from "../../helpers/faults.ts";
import { EngineStack, type Outcome } from "../harness.ts";

/** What a round runs on. */
export interface Ground {
  clouds: Clouds;
  stack: EngineStack;
  /** The stack file's settings. */
  config: Record<string, unknown>;
  /** `pulumi up` without preview. */
  up(): Promise<Outcome>;
  preview(): Promise<Outcome>;
  /**
   * What is wrong with the clouds, the state or the environment; empty when nothing is.
   *
   * @param variables those that have other values than the sandbox's
   */
  wrong(variables?: Record<string, string>): Promise<string[]>;
  remove(): Promise<void>;
}

/** Sections of the settings by their name, such as `kairos:redis`. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** @param instead sections in place of those of Pulumi.sandbox.yaml */
export async function newGround(engine: Engine, instead: Sections = {}): Promise<Ground> {
  const { config } = parse(await readFile(path.join(root, "Pulumi.sandbox.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const { project } = config["kairos:mongodb"] as { project: { organization: string } };
  const provider = instead["kairos:redis"]?.provider;
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-campaign-"));
  const clouds = await startClouds({ folder, organization: project.organization });
  const stack = await EngineStack.create(engine);
  Object.assign(stack.environment, clouds.environment);
  Object.assign(config, instead);
  await stack.configure(config);
  const up = () => stack.pulumi("up", "--yes", "--skip-preview", "--stack", "test");
  return {
    clouds,
    stack,
    config,
    up,
    preview: () => stack.pulumi("preview", "--expect-no-changes", "--diff", "--stack", "test"),
    wrong: async (variables = {}) => [
      ...wrongCounts(clouds, provider),
      ...wrongState(clouds, await stateOf(stack)),
      ...wrongEnvironment(clouds, { ...expectedEnvironment(clouds, provider), ...variables }),
    ],
    remove: async () => {
      await stack.remove();
      await clouds.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** All faults that wait are taken back. */
export function clearFaults({ served }: Clouds): void {
  for (const one of Object.values(served)) faultsOf(one).clear();
}

const subscriptions = ({ redisCloud }: Clouds) => redisCloud.subscriptions();
const redisCloudDatabases = (clouds: Clouds) =>
  subscriptions(clouds).flatMap(({ id }) => clouds.redisCloud.databases(id));

/** One of each and nothing else: no duplicate, no orphan. */
function wrongCounts(clouds: Clouds, provider: unknown): string[] {
  const { services, postgres, keyValues, envGroups } = clouds.render.state;
  const projects = clouds.atlas.projects.list();
  const inProjects = <T>(list: (id: string) => T[]) => projects.flatMap(({ id }) => list(id)).length;
  const upstash = provider === undefined || provider === "upstash";
  const counts: Record<string, [got: number, expected: number]> = {
    "Render services": [Object.keys(services).length, 1],
    "Render Postgres databases": [Object.keys(postgres).length, 1],
    "Render Key Values": [Object.keys(keyValues).length, provider === "render" ? 1 : 0],
    "Render env groups": [Object.keys(envGroups).length, 0],
    "Atlas projects": [projects.length, 1],
    "Atlas clusters": [inProjects((id) => clouds.atlas.flexClusters.list(id)), 1],
    "Atlas users": [inProjects((id) => clouds.atlas.users.list(id)), 1],
    "Atlas access entries": [inProjects((id) => clouds.atlas.accessList.list(id)), 1],
    "Upstash databases": [clouds.upstash.list().length, upstash ? 1 : 0],
    "Redis Cloud subscriptions": [subscriptions(clouds).length, provider === "redis-cloud" ? 1 : 0],
    "Redis Cloud databases": [redisCloudDatabases(clouds).length, provider === "redis-cloud" ? 1 : 0],
  };
  return Object.entries(counts)
    .filter(([, [got, expected]]) => got !== expected)
    .map(([what, [got, expected]]) => `${what}: ${got} instead of ${expected}`);
}

interface StateResource {
  type: string;
  id?: string;
  outputs?: Record<string, unknown>;
}

async function stateOf(stack: EngineStack): Promise<StateResource[]> {
  const file = path.join(stack.stateFolder, "stacks", "kairos-infrastructure", "test.json");
  const { checkpoint } = JSON.parse(await readFile(file, "utf8"));
  return checkpoint.latest?.resources ?? [];
}

/** What exists is what the state knows, by id (clusters and users have none that their provider keeps). */
function wrongState(clouds: Clouds, state: readonly StateResource[]): string[] {
  const known = new Set(state.flatMap(({ id, outputs = {} }) => [id, outputs.databaseId]));
  const existing = [
    ...Object.keys(clouds.render.state.services),
    ...Object.keys(clouds.render.state.postgres),
    ...Object.keys(clouds.render.state.keyValues),
    ...clouds.atlas.projects.list().map(({ id }) => id),
    ...clouds.upstash.list().map(({ database_id }) => database_id),
    ...subscriptions(clouds).map(({ id }) => String(id)),
  ];
  return existing.filter((id) => !known.has(id)).map((id) => `${id} is unknown to the state`);
}

/** The last deploy has the variables of the contract, and they lead to what exists. */
function wrongEnvironment(clouds: Clouds, expected: Record<string, string | undefined>): string[] {
  const [service] = Object.values(clouds.render.state.services);
  const deploy = service && render.deploysOf(clouds.render, service.id)[0];
  if (deploy === undefined) return ["there is no deploy"];
  const names = [...new Set([...Object.keys(expected), ...Object.keys(deploy.variables)])];
  return names
    .filter((name) => expected[name] !== deploy.variables[name])
    .map((name) => `${name} of the last deploy is not what it should be`);
}

function expectedEnvironment(clouds: Clouds, provider: unknown): Record<string, string | undefined> {
  const [project] = clouds.atlas.projects.list();
  const [cluster] = project ? clouds.atlas.flexClusters.list(project.id) : [];
  const [user] = project ? clouds.atlas.users.list(project.id) : [];
  const [postgres] = Object.values(clouds.render.state.postgres);
  const srv = cluster && clouds.atlas.behind.connectionString(cluster).standardSrv;
  const url =
    postgres && new URL(render.postgresConnection(clouds.render, postgres.id).internalConnectionString);
  return {
    MONGODB_URL: `${srv?.replace("://", `://${user?.username}:${user?.password}@`)}/ka%C3%AFros?retryWrites=true&w=majority`,
    MONGODB_DB_NAME: "kaïros",
    MONGODB_TIMEOUT_MS: "5000",
    MONGODB_MAX_POOL_SIZE: "200",
    MONGODB_MIN_POOL_SIZE: "20",
    POSTGRES_HOST: url?.hostname,
    POSTGRES_PORT: url?.port || "5432",
    POSTGRES_USER: url?.username,
    POSTGRES_PASSWORD: url?.password,
    POSTGRES_DB: url?.pathname.slice(1),
    REDIS_URL: redisUrl(clouds, provider),
  };
}

function redisUrl(clouds: Clouds, provider: unknown): string | undefined {
  if (provider === "render") {
    const [keyValue] = Object.keys(clouds.render.state.keyValues);
    return keyValue && render.keyValueConnection(clouds.render, keyValue).internalConnectionString;
  }
  if (provider === "redis-cloud") {
    const [database] = redisCloudDatabases(clouds);
    return `rediss://default:${database?.security.password}@${database?.publicEndpoint}`;
  }
  const [database] = clouds.upstash.list();
  return `rediss://default:${database?.password}@${database?.endpoint}:${database?.port}`;
}
