/** What the calls of all kinds of things have in common. */
import { randomBytes } from "node:crypto";
import { type Query, type Route, route } from "../api.ts";
import type { EnvVar, Kinds, RenderCloud } from "./model.ts";

/** Go writes an empty list as null. */
export type List<T> = readonly T[] | null;

/** What is made names the workspace that it shall belong to. */
export type Owned<T> = T & { ownerId: string };

/** What a creation has to say of a thing, and what it may say. */
export type Asked<T, Needed extends keyof T, Free extends keyof T> = Pick<T, Needed> & Partial<Pick<T, Free>>;

/** A page of a list: items under their kind, each with the cursor that leads behind it. */
export function page<T>(wrapper: string, items: readonly T[], { cursor, limit = "20" }: Query) {
  const start = cursor === undefined ? 0 : Number(cursor) + 1;
  return items
    .slice(start, start + Number(limit))
    .map((item, index) => ({ cursor: String(start + index), [wrapper]: item }));
}

/** Whether a thing is of those that a list was asked for; several are divided by commas. */
export const among = (asked: string | undefined, value: string) => asked?.split(",").includes(value) ?? true;

interface Usual<Thing> {
  /** Under which its list shows each. */
  wrapper: string;
  shown: (thing: Thing) => unknown;
  /** As a list shows it; by default like the thing alone. */
  listed?: (thing: Thing) => unknown;
  /** Which of them a list was asked for, besides their names. */
  isAsked?: (thing: Thing, query: Query) => boolean;
  remove?: (id: string) => void;
}

/** The calls that a kind of thing has, whatever it is: a list by name, one, and that it goes. */
export function usual<Kind extends keyof Kinds>(
  cloud: RenderCloud,
  path: `/${string}`,
  kind: Kind,
  given: Usual<Kinds[Kind]>,
): Route[] {
  const { wrapper, shown, listed = shown, isAsked = () => true, remove } = given;
  return [
    route(`GET ${path}`, ({ query }) => {
      const asked = cloud
        .all(kind)
        .filter((thing) => among(query.name, "name" in thing ? thing.name : "") && isAsked(thing, query));
      return page(wrapper, asked.map(listed), query);
    }),
    one(cloud, path, kind, shown),
    route(`DELETE ${path}/:id`, ({ id }) => (remove ? remove(id) : cloud.remove(kind, id))),
  ];
}

export const one = <Kind extends keyof Kinds>(
  cloud: RenderCloud,
  path: `/${string}`,
  kind: Kind,
  shown: (thing: Kinds[Kind]) => unknown,
): Route => route(`GET ${path}/:id`, ({ id }) => shown(cloud.get(kind, id)));

export const owner = ({ ownerId }: RenderCloud) => ({
  id: ownerId,
  name: "Sandbox",
  email: "sandbox@example.com",
  type: "team",
});

export const dashboard = (kind: string, id: string) => `https://dashboard.render.com/${kind}/${id}`;

/** Recorded: a list of nothing is null here, unlike other lists. */
export const orNull = <T>(list: readonly T[]) => (list.length === 0 ? null : list);

/** What nobody pays for is suspended by Render; here only what was asked to be. */
export const suspension = (suspended = false) => ({
  suspended: suspended ? "suspended" : "not_suspended",
  suspenders: suspended ? ["user"] : [],
});

/** Recorded: where a creation leaves the region out. */
export const defaultRegion = "oregon";

/** `generateValue` asks Render for a value, which then stays. */
export type EnvVarInput = { key: string; value?: string; generateValue?: boolean };

/** A generated value, of 32 bytes, stays what it is when the variable is sent again. */
export function valued(inputs: List<EnvVarInput> | undefined, before: EnvVar[]): EnvVar[] {
  return (inputs ?? []).map(({ key, value }) => ({
    key,
    value: value ?? before.find((other) => other.key === key)?.value ?? randomBytes(32).toString("base64"),
  }));
}

/** Recorded (8 of 10): a database that is being created has no status yet, whatever the next call says. */
export const atFirst = { status: "unknown" };
