/** What a vendor lets its customers see of the server, and what it keeps to itself. */
import { glob } from "../glob.ts";
import { Pairs, type Reply, Text } from "../reply.ts";
import type { Call, Commands } from "../session.ts";

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

function config({ args, session: { server } }: Call): Reply {
  const settings = Object.entries({
    maxmemory: String(server.maxmemory),
    "maxmemory-policy": server.maxmemoryPolicy,
    databases: String(server.databases.length),
    appendonly: "yes",
    save: "",
  });
  const patterns = args.map((pattern) => glob(pattern.toLowerCase()));
  return new Pairs(settings.filter(([name]) => patterns.some((matches) => matches(name))));
}

/** Nothing: clients ask for hints when they connect, and go on without. */
const noHints = () => [];

export const administration: Commands = {
  info,
  "config|get": config,
  command: noHints,
  "command|docs": noHints,
  "command|info": noHints,
  "command|list": noHints,
  "command|count": () => 0,
  time: () => {
    const now = Date.now();
    return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
  },
};
