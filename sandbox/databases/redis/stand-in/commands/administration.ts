/** What a vendor lets its customers see of the server, and what it keeps to itself. */
import { arg, glob } from "../arguments.ts";
import { Failure, Pairs, type Reply, Text } from "../reply.ts";
import type { Call, Command, Commands } from "../session.ts";

function info({ args, session: { server } }: Call): Reply {
  const uptime = Math.floor((Date.now() - server.since) / 1000);
  const keyspace = server.databases.flatMap((db, index) => {
    const all = db.keys();
    const expiring = all.filter((key) => db.entry(key)?.expires !== undefined).length;
    return all.length === 0
      ? []
      : [[`db${index}`, `keys=${all.length},expires=${expiring},avg_ttl=0`] as const];
  });
  const sections: Record<string, (readonly [string, string | number])[]> = {
    Server: [
      ["redis_version", server.version],
      ["redis_mode", "standalone"],
      ["kairos_sandbox", "stand-in"],
      ["process_id", process.pid],
      ["tcp_port", server.port],
      ["uptime_in_seconds", uptime],
    ],
    Clients: [["connected_clients", server.sessions.size]],
    Memory: [
      ["used_memory", process.memoryUsage.rss()],
      ["maxmemory", server.maxmemory],
      ["maxmemory_policy", server.maxmemoryPolicy],
    ],
    Persistence: [["loading", 0]],
    Replication: [
      ["role", "master"],
      ["connected_slaves", 0],
    ],
    Keyspace: keyspace,
  };
  const wanted = args.map((name) => name.toLowerCase());
  const all = wanted.length === 0 || wanted.some((name) => /^(all|default|everything)$/.test(name));
  const text = Object.entries(sections)
    .filter(([name]) => all || wanted.includes(name.toLowerCase()))
    .map(([name, values]) => [`# ${name}`, ...values.map((pair) => pair.join(":")), ""].join("\r\n"));
  return new Text(text.join("\r\n"));
}

function config(call: Call): Reply {
  const { server } = call.session;
  const subcommand = arg(call, 0).toLowerCase();
  if (subcommand !== "get") throw denied(`config|${subcommand}`);
  const settings = Object.entries({
    maxmemory: String(server.maxmemory),
    "maxmemory-policy": server.maxmemoryPolicy,
    databases: String(server.databases.length),
    appendonly: "yes",
    save: "",
  });
  const patterns = call.args.slice(1).map((pattern) => glob(pattern.toLowerCase()));
  return new Pairs(settings.filter(([name]) => patterns.some((pattern) => pattern.test(name))));
}

function command({ args }: Call): Reply {
  const subcommand = args[0]?.toLowerCase();
  if (subcommand === undefined || subcommand === "docs" || subcommand === "info" || subcommand === "list")
    return [];
  if (subcommand === "count") return 0;
  throw new Failure(`ERR unknown subcommand '${args[0]}'. Try COMMAND HELP.`);
}

const denied = (name: string) =>
  new Failure(`NOPERM User default has no permissions to run the '${name}' command`);

/** What the vendor runs, not its customers. */
const kept: Command = {
  arity: -1,
  run: ({ name }) => {
    throw denied(name);
  },
};

const missing: Command = {
  arity: -1,
  run: ({ name }) => {
    throw new Failure(
      `ERR ${name.toUpperCase()} is not part of this stand-in for Redis: install redis-server or valkey-server to have it`,
    );
  },
};

const table = (names: string, command: Command) =>
  Object.fromEntries(names.split(" ").map((name) => [name, command]));

export const administration: Commands = {
  info: { arity: -1, run: info },
  config: { arity: -2, run: config },
  command: { arity: -1, run: command },
  time: {
    arity: 1,
    run: () => {
      const now = Date.now();
      return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
    },
  },
  ...table(
    "acl bgrewriteaof bgsave debug failover migrate module monitor psync replicaof save shutdown slaveof sync",
    kept,
  ),
  // People try these first; the rest is unknown.
  ...table(
    "eval evalsha eval_ro script fcall function subscribe psubscribe publish xadd xread blpop brpop",
    missing,
  ),
};
