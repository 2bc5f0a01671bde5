/** What each vendor offers for a change of credentials, and what its database can tell of who still uses the old one. */
import { types } from "../../infra/resources.ts";
import type { Rotatable } from "../../infra/rotation/record.ts";
import type { StackState } from "./state.ts";

/** How a database's credential is changed. */
export interface RotationMethod {
  /**
   * `overlap`: old and new are valid side by side, no moment without a login. `cut-over`: the old one ends when the new one
   * begins; services get it with their next deploy.
   */
  kind: "overlap" | "cut-over";
  how: string;
  /** Of a cut-over: from when to when the backend runs without it. */
  howLong?: string;
  told: string;
}

/** There is nothing that this command could change. */
interface NoMethod {
  kind: "nothing";
  why: string;
}

/** How this stack's database can be rotated. */
export function wayOf(database: Rotatable, state: StackState): RotationMethod | NoMethod {
  switch (database) {
    case "mongodb":
      return {
        kind: "overlap",
        how: "Atlas gets a second database user; the old one is deleted, which ends its sessions",
        told: "MongoDB does not tell a user with readWrite who else is logged in: nothing but the deploys says that nobody uses the old user",
      };
    case "postgres":
      if (state.one(types.postgres) === undefined)
        return { kind: "nothing", why: "this stack has no Postgres" };
      return {
        kind: "overlap",
        how: "Render gets a new default credential; the old one stays valid until it is deleted, and the database stays as it is",
        told: "Render tells how many connections the old user has",
      };
    case "redis":
      return redis(state);
  }
}

function redis(state: StackState): RotationMethod | NoMethod {
  const told = "the vendor keeps one password: whoever has the old one is refused from the first moment";
  if (state.one(types.upstash) !== undefined)
    return {
      kind: "cut-over",
      how: "Upstash resets the password of its user default; a user of another name beside it would not end the old password",
      howLong: "from the reset until each service is live again: as long as a deploy takes",
      told,
    };
  if (state.one(types.redisCloud) !== undefined)
    return {
      kind: "cut-over",
      how: "Redis Cloud gets another password for its user default",
      howLong:
        "from the change until each service is live again: about half a minute for Redis Cloud's task, and a deploy",
      told,
    };
  if (state.one(types.keyValue) !== undefined)
    return {
      kind: "nothing",
      why: "a Key Value on Render's private network has no password: REDIS_URL holds none, so nothing can have leaked",
    };
  const outputs = state.one("pulumi:pulumi:Stack")?.outputs as { redis?: { provider?: string } } | undefined;
  return outputs?.redis?.provider === "external"
    ? {
        kind: "nothing",
        why: "its URL is a setting: change the password where that Redis is, then pulumi config set --secret --path kairos:redis.url, then pulumi up",
      }
    : { kind: "nothing", why: "this stack has no Redis" };
}
