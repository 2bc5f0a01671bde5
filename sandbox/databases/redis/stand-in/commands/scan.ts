/** SCAN and its like: everything in one go, which they are free to do. */
import { integer, options, syntaxError } from "../arguments.ts";
import { glob } from "../glob.ts";
import { Failure, formatFloat, type Reply } from "../reply.ts";
import type { Call, Command, Commands } from "../session.ts";

type Names = [name: string, ...told: string[]][];

/**
 * @param at where the cursor is among the arguments
 * @param all each name, and what is told with it
 */
function scan(call: Call, cursor: string, at: number, all: Names): Reply {
  if (!/^\d{1,20}$/.test(cursor) || BigInt(cursor) >= 1n << 64n) throw new Failure("ERR invalid cursor");
  const given = options(call.args.slice(at + 1), { MATCH: 1, COUNT: 1, ...(at === 0 && { TYPE: 1 }) });
  const last = (option: string) => given.get(option)?.at(-1);
  if (integer(last("COUNT") ?? "10") < 1) throw syntaxError();
  const matches = glob(last("MATCH") ?? "*");
  const type = last("TYPE")?.toLowerCase();
  const found = all.filter(
    ([name]) => matches(name) && (type === undefined || call.db.entry(name)?.type === type),
  );
  return ["0", found.flat()];
}

const collection =
  (read: (call: Call, key: string) => Names): Command =>
  (call, key, cursor) =>
    scan(call, cursor, 1, read(call, key));

export const scans: Commands = {
  scan: (call, cursor) => {
    const names = call.db.keys().map((key): [string] => [key]);
    return scan(call, cursor, 0, names);
  },
  hscan: collection(({ db }, key) => [...(db.get(key, "hash") ?? [])]),
  sscan: collection(({ db }, key) => [...(db.get(key, "set") ?? [])].map((member) => [member])),
  zscan: collection(({ db }, key) =>
    [...(db.get(key, "zset") ?? [])].map(([member, score]) => [member, formatFloat(score)]),
  ),
};
