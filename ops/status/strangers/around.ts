/** Where strangers are looked for, and what is nobody's business to name: read off states as the engine exports them. */
import { logicalName } from "../../../engine/cli/events.ts";
import { isKnown } from "../../../infra/recovery/record.ts";
import { types } from "../../../infra/resources.ts";
import { numbered } from "../../../infra/rotation/index.ts";
import type { Rotatable } from "../../../infra/rotation/record.ts";
import type { Settings } from "../../../infra/settings/index.ts";
import type { StackState } from "../../rotate/state.ts";

/** What the stack has, by which everything around it is found. */
export interface Around {
  settings: Settings;
  /** The Atlas project; `isOwn`: this stack made it, so nobody else's clusters belong there. */
  project?: { id: string; isOwn: boolean };
  cluster?: string;
  postgres?: { id: string; name: string };
  redis?: { name: string; provider: "upstash" | "render" | "redis-cloud" };
  /** The services that the stack gives variables; `isLinked`: by an env group. */
  services: { name: string; id: string; isLinked: boolean }[];
}

/** Reads a stack's own state. */
export function aroundOf(state: StackState, settings: Settings): Around {
  const cluster = state.one(types.cluster)?.outputs;
  const postgres = state.one(types.postgres);
  const created = new Set(state.all(...createdServices).map(({ id }) => id));
  const linked = new Set(state.all(types.envGroupLink).flatMap(({ outputs }) => outputs?.serviceIds ?? []));
  const { redis } = settings;
  return {
    settings,
    services: state
      .services()
      .filter(({ id }) => created.has(id) || linked.has(id))
      .map(({ name, id }) => ({ name, id, isLinked: !created.has(id) })),
    ...(cluster && {
      project: { id: String(cluster.projectId), isOwn: state.one(types.project) !== undefined },
      cluster: String(cluster.name),
    }),
    ...(postgres?.id !== undefined && {
      postgres: { id: postgres.id, name: String(postgres.outputs?.name) },
    }),
    ...("name" in redis && { redis: { name: redis.name, provider: redis.provider } }),
  };
}

export const createdServices = [types.web, types.private, types.worker, types.cron];

/** The users of the credentials that there may be: the current one, and the one before while somebody may use it. */
export function usersOf(state: StackState, database: Rotatable, first: string, separator?: string): string[] {
  const { current, retiring, last } = state.record(database);
  const numbers = [current, ...(retiring === undefined ? [] : [retiring])];
  // Before the first rotation the state has what the vendor last showed, which may be somebody else's newer user.
  const issued = last === 1 ? [] : numbers.flatMap((number) => state.user(database, number) ?? []);
  return [...numbers.map((number) => numbered(first, number, separator)), ...issued];
}

/** `type name` of what an interrupted `up` announced, and the next one takes over. */
export function announcedIn(state: StackState): string[] {
  const stash = state.all("pulumi:index:Stash").find(({ urn }) => logicalName(urn) === "creations");
  const { creations = {} } = (stash?.inputs?.input ?? {}) as { creations?: Record<string, string> };
  const existing = state.resources.map(({ type, outputs = {} }) => ({ type, outputs }));
  return Object.keys(creations).filter((key) => {
    const [type = "", ...name] = key.split(" ");
    return !isKnown({ type, name: name.join(" "), setting: "" }, existing);
  });
}

/**
 * Whether a name is one of ours or looks as if: `kairos-postgres`, `kairos-postgres-2`, `kairos-postgres_old`; of
 * `cluster0` also `Cluster1`.
 */
export function isByName(name: string, ours: string): boolean {
  const stem = ours.toLowerCase().replace(/\d+$/, "");
  const other = name.toLowerCase();
  return other.startsWith(stem) && (other === stem || /^([^a-z]|$)/.test(other.slice(stem.length)));
}

/** Names end in their stack's (infra/settings/own.ts): what ends in another one's is that one's to look after. */
export const isOfStack = (name: string, stacks: readonly string[]) =>
  stacks.some((stack) => name.endsWith(`-${stack}`));
