/** The facts of a status as lines of two columns, for a terminal and for Markdown alike. */
import { type MongodbFacts, type PostgresFacts, type RedisFacts, type TlsFacts, tables } from "./model.ts";
import { usesWith } from "./verdict/redis.ts";
import type { Words } from "./words.ts";

/** What it is called, what it is. */
export type Line = [label: string, value: string];

const line = (label: string, value: string | undefined | false): Line[] => (value ? [[label, value]] : []);
const joinedBy = (separator: string, ...parts: (string | undefined | false)[]) =>
  parts.filter((part) => part).join(separator);
const joined = (...parts: (string | undefined | false)[]) => joinedBy(", ", ...parts);

export function mongodbLines(facts: MongodbFacts, words: Words): Line[] {
  const { facts: say } = words;
  const { topology, database, collections, rights, settings, compression } = facts;
  // What is in force says something only where it reached a server.
  if (!facts.connected) return tlsLine(facts.tls, words);
  const indexes = (collections ?? []).reduce((sum, one) => sum + (one.indexes?.length ?? 0), 0);
  return [
    ...line(say.version, facts.version),
    ...line(say.latency, facts.latency && say.latencyIs(facts.latency)),
    ...line(say.topology, topology && topologyText(topology, words)),
    ...line(say.database, database && joined(database.asked, say.exists(database.exists))),
    ...line(say.collections, collections && say.collectionsAre(collections.length, indexes)),
    ...line(say.rights, rights && say.rightsAre(rights.user, rights.canWrite, rights.beyond)),
    ...line(say.pool, settings && say.poolIs(settings.minPoolSize, settings.maxPoolSize)),
    ...line(
      say.timeouts,
      settings && `${settings.serverSelectionTimeout} ms, ${say.heartbeat(settings.heartbeat)}`,
    ),
    ...line(say.retry, settings && say.retryIs(settings.retryWrites, settings.retryReads)),
    ...line(say.compression, compression && say.compressionIs(compression, settings?.compressors ?? [])),
    ...tlsLine(facts.tls, words),
  ];
}

function topologyText(
  { kind, set, primary, members }: NonNullable<MongodbFacts["topology"]>,
  { facts }: Words,
): string {
  const name = set === undefined ? facts.topologyKinds[kind] : `${facts.topologyKinds[kind]} ${set}`;
  return joined(name, facts.members(members), primary && `${facts.primary} ${primary}`);
}

export function postgresLines(facts: PostgresFacts, words: Words): Line[] {
  const { facts: say } = words;
  const { role, tables: found, connections, size } = facts;
  const of = (state: "present" | "missing") => {
    const names = tables.filter((name) => found?.[name] === state);
    return names.length > 0 ? [say[state](names)] : [];
  };
  return [
    ...line(say.version, facts.version),
    ...line(say.latency, facts.latency && say.latencyIs(facts.latency)),
    ...line(say.database, facts.database),
    ...line(say.role, role && joined(role.name, say.superuser(role.superuser))),
    ...line(say.tables, [...of("present"), ...of("missing")].join(words.semicolon)),
    ...line(say.connections, connections && `${connections.used} / ${connections.maximum}`),
    ...line(say.size, size !== undefined && bytes(size, words)),
    ...tlsLine(facts.tls, words),
  ];
}

export function redisLines(facts: RedisFacts, words: Words): Line[] {
  const { facts: say } = words;
  const { commands, memory } = facts;
  const worked = Object.entries(commands ?? {}).map(
    ([name, did]) => `${name.toUpperCase()} ${did ? "✓" : "✗"}`,
  );
  return [
    ...line(say.version, facts.version && joined(facts.version, facts.software === "valkey" && "Valkey")),
    ...line(say.latency, facts.latency && say.latencyIs(facts.latency)),
    ...line(say.commands, worked.join(", ")),
    ...line(say.memory, memory && memoryText(memory, words)),
    ...tlsLine(facts.tls, words),
  ];
}

function memoryText({ policy, maximum, used }: NonNullable<RedisFacts["memory"]>, words: Words): string {
  const { facts: say } = words;
  const limit = maximum === undefined ? "" : maximum === 0 ? say.noLimit : bytes(maximum, words);
  const size = used === undefined ? limit : joinedBy(" / ", bytes(used, words), limit);
  const fit = Object.entries(usesWith(policy)).map(
    ([use, fits]) => say.uses[use as keyof typeof say.uses] + words.colon + say.suitability[fits],
  );
  return joined(policy ?? say.unknownPolicy, size, ...(policy === undefined ? [] : fit));
}

const tlsLine = (tls: TlsFacts | undefined, words: Words): Line[] =>
  line(words.facts.tls, tls && tlsText(tls, words));

/** How a connection is encrypted, and whether its certificate proves who answers. */
export function tlsText(tls: TlsFacts, { facts: say }: Words): string {
  if (!tls.on) return say.noTls;
  const { version, validTo, daysLeft, trusted, untrustedBecause } = tls;
  const until =
    validTo !== undefined && daysLeft !== undefined && say.certificate(validTo.slice(0, 10), daysLeft);
  return joined(version, until, !trusted && say.untrusted(untrustedBecause));
}

/** In units of 1024, as databases count. */
export function bytes(count: number, { language }: Words): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = count < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(count) / 10));
  const value = (count / 1024 ** power).toFixed(power === 0 ? 0 : 1);
  return `${language === "fr" ? value.replace(".", ",") : value} ${units[power]}`;
}
