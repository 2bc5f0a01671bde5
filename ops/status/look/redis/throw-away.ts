/** The only thing that a status ever writes: one key of its own, which expires by itself and is deleted anyway. */
import { randomBytes } from "node:crypto";
import type { createClient } from "@redis/client";
import type { RedisFacts } from "../../model.ts";
import { type Deadline, settledWithin } from "../deadline.ts";

/** What is needed of the driver's client. */
type Client = Pick<ReturnType<typeof createClient>, "set" | "get" | "expire" | "del" | "isReady">;

/** All keys of this tool begin with it. */
export const namespace = "kairos:status:";

/** Seconds after which the key is gone, even if this process is killed. */
const lifetime = 30;

/** Milliseconds for the last word to the server. */
const patience = 200;

/**
 * SET, GET, EXPIRE and DEL. However it ends, the key is deleted: also when it is interrupted, or when nobody saw the
 * answer to SET.
 *
 * @throws what a command was refused with
 */
export async function tryCommands(
  client: Client,
  deadline: Deadline,
): Promise<NonNullable<RedisFacts["commands"]>> {
  const key = `${namespace}${randomBytes(12).toString("hex")}`;
  const done = { set: false, get: false, expire: false, del: false };
  try {
    done.set = (await deadline.within(client.set(key, "1", { EX: lifetime, NX: true }))) === "OK";
    done.get = (await deadline.within(client.get(key))) === "1";
    done.expire = (await deadline.within(client.expire(key, lifetime))) === 1;
    done.del = (await deadline.within(client.del(key))) === 1;
    return done;
  } finally {
    if (!done.del && client.isReady) await settledWithin(patience, client.del(key));
  }
}
