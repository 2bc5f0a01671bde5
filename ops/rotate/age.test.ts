import { describe, expect, it } from "vitest";
import type { StateResource } from "../../engine/cli/stack.ts";
import { types } from "../../infra/resources.ts";
import { agesIn } from "./age.ts";
import { StackState } from "./state.ts";

const [old, later, last] = ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"];

const resource = (type: string, name: string, more: Partial<StateResource> = {}): StateResource => ({
  urn: `urn:pulumi:prod::kairos::${type}::${name}`,
  type,
  ...more,
});
const stash = (name: string, input: object, created?: string) =>
  resource("pulumi:index:Stash", name, { inputs: { input }, ...(created !== undefined && { created }) });
const user = (name: string, username: string) => resource(types.user, name, { outputs: { username } });
const password = (name: string, created?: string) =>
  resource("random:index/randomPassword:RandomPassword", name, created === undefined ? {} : { created });
const record = (database: string, current: number, since: string, retiring?: number) =>
  stash(`${database}-credential`, { credential: database, current, retiring, last: 2, since });
const creations = (...keys: string[]) =>
  stash("creations", { creations: Object.fromEntries(keys.map((key) => [key, old])) });
const postgres = resource(types.postgres, "postgres-database", { outputs: { databaseUser: "kairos" } });

const ages = (resources: StateResource[], stack = "prod") => agesIn(stack, new StackState(resources));

describe("the age of a credential", () => {
  it("is that of the password that the stack made", () => {
    expect(ages([user("mongodb-user", "kairos"), password("mongodb-password", old)])).toEqual({
      mongodb: { number: 1, since: old },
    });
  });

  it("is that of the thing which came with it, announced before it was created", () => {
    const upstash = resource(types.upstash, "redis-upstash");
    const made = creations(
      `${types.user} kairos`,
      `${types.postgres} kairos-postgres`,
      `${types.upstash} kairos-redis`,
    );
    expect(ages([user("mongodb-user", "kairos"), postgres, upstash, made])).toEqual({
      mongodb: { number: 1, since: old },
      postgres: { number: 1, since: old },
      redis: { number: 1, since: old },
    });
  });

  it("is not known of what was taken over; production's were disclosed", () => {
    const taken = [user("mongodb-user", "kairos"), postgres, resource(types.upstash, "redis-upstash")];
    expect(ages(taken)).toEqual({
      mongodb: { number: 1, disclosed: true },
      postgres: { number: 1, disclosed: true },
      redis: { number: 1 },
    });
    expect(ages(taken, "staging").mongodb).toEqual({ number: 1 });
  });

  it("is the older one's while two are valid, and the disclosed one counts until it is retired", () => {
    const two = [user("mongodb-user", "kairos"), user("mongodb-user-2", "kairos-2")];
    const made = password("mongodb-password-2", later);
    expect(ages([...two, made, record("mongodb", 2, last, 1)]).mongodb).toEqual({
      number: 1,
      disclosed: true,
    });
    const own = password("mongodb-password", old);
    expect(ages([...two, own, made, record("mongodb", 2, last, 1)]).mongodb).toEqual({
      number: 1,
      since: old,
    });
  });

  it("is not that of the last step: a retirement makes nothing new, and a rotation can go back", () => {
    const state = [postgres, stash("postgres-login-2", {}, later), record("postgres", 2, last)];
    expect(ages([...state, password("mongodb-password", old)]).postgres).toEqual({
      number: 2,
      since: later,
    });
    const back = [password("mongodb-password", old), record("mongodb", 1, last)];
    expect(ages(back).mongodb).toEqual({ number: 1, since: old });
  });

  it("is the record's where an engine of before kept no dates", () => {
    expect(ages([postgres, stash("postgres-login-2", {}), record("postgres", 2, later)]).postgres).toEqual({
      number: 2,
      since: later,
    });
    expect(ages([password("mongodb-password")]).mongodb).toEqual({ number: 1 });
  });

  it("is not asked where there is nothing to rotate", () => {
    expect(Object.keys(ages([resource(types.keyValue, "redis-keyvalue")]))).toEqual(["mongodb"]);
  });
});
