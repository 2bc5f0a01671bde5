/** What a command is. */
import type { Keyspace } from "./keyspace.ts";
import { Failure, type Reply } from "./reply.ts";
import type { Session } from "./session.ts";

/** What a command gets to see. */
export interface Call {
  /** Its own name, in lower case. */
  name: string;
  /** Without the name. */
  args: string[];
  /** The database that the session has selected. */
  db: Keyspace;
  session: Session;
}

export interface Command {
  /** Number of words with the name; at least that many where negative, as in Redis' own table. */
  arity: number;
  run(call: Call): Reply;
}

export type Commands = Record<string, Command>;

/** An argument that the arity says is there. */
export function arg(call: Call, index: number): string {
  const found = call.args[index];
  if (found === undefined) throw wrongArity(call.name);
  return found;
}

export const wrongArity = (name: string) =>
  new Failure(`ERR wrong number of arguments for '${name}' command`);

export const fits = ({ arity }: Command, words: number) => (arity < 0 ? words >= -arity : words === arity);

/** `[a, b, c, d]` as `[[a, b], [c, d]]`. */
export function pairs(call: Call, from: number): [string, string][] {
  const rest = call.args.slice(from);
  if (rest.length % 2 !== 0) throw wrongArity(call.name);
  return Array.from({ length: rest.length / 2 }, (_, i) => [
    rest[2 * i] as string,
    rest[2 * i + 1] as string,
  ]);
}
