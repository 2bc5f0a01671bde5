/**
 * Which commands Redis has, and which of them nobody may run here: what the stand-in lacks is refused as such, and not
 * as something that Redis does not know.
 *
 * The list is what `COMMAND` of Redis 7.0.15 answers, and what 7.2 added to it: CLIENT NO-TOUCH, CLIENT SETINFO, CLUSTER
 * MYSHARDID and WAITAOF (https://github.com/redis/redis/blob/7.2/00-RELEASENOTES).
 */
import { type Words, wrongArity } from "./arguments.ts";
import data from "./commands-of-7.2.json" with { type: "json" };
import { Failure } from "./reply.ts";

interface Entry {
  /** Number of words with the name; at least that many where negative. */
  arity: number;
  flags?: string[];
}

const entries = new Map<string, Entry>(Object.entries(data.commands));
const containers = new Set([...entries.keys()].flatMap((name) => name.split("|").slice(0, -1)));

/** A request for a command that Redis has, with as many arguments as that takes. */
export interface KnownWords extends Words {
  /** What vendors keep to themselves. */
  admin: boolean;
  /** Scripts cannot call it. */
  noScript: boolean;
}

/** As real.ts grants it. */
const granted = new Set(["config|get", "client|list", "client|kill"]);

/** @throws Failure as Redis refuses what it does not know */
export function known([word = "", ...args]: string[]): KnownWords {
  const outer = word.toLowerCase();
  const subcommand = `${outer}|${args[0]?.toLowerCase()}`;
  const inner = containers.has(outer) && entries.has(subcommand);
  const name = inner ? subcommand : outer;
  const entry = word.includes("|") ? undefined : entries.get(name);
  if (entry === undefined) throw unknownCommand(word, args);
  if (containers.has(outer) && !inner && args[0] !== undefined)
    throw new Failure(`ERR unknown subcommand '${args[0].slice(0, 128)}'. Try ${outer.toUpperCase()} HELP.`);
  const { arity, flags = [] } = entry;
  const count = args.length + 1;
  if (arity < 0 ? count < -arity : count !== arity) throw wrongArity(name);
  return {
    name,
    args: inner ? args.slice(1) : args,
    admin: (flags.includes("admin") || name === "migrate") && !granted.has(name),
    noScript: flags.includes("noscript"),
  };
}

function unknownCommand(word: string, args: string[]): Failure {
  let shown = "";
  for (const argument of args) {
    if (shown.length >= 128) break;
    shown += `'${argument.slice(0, 128 - shown.length)}' `;
  }
  return new Failure(`ERR unknown command '${word.slice(0, 128)}', with args beginning with: ${shown}`);
}

export const denied = (name: string) =>
  new Failure(`NOPERM User default has no permissions to run the '${name}' command`);

/** @param what a command or a part of one */
export const missing = (what: string) =>
  new Failure(
    `ERR ${what.replace("|", " ").toUpperCase()} is not part of this stand-in for Redis: install redis-server or valkey-server to have it`,
  );
