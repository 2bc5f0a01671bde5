/** The facts of a status as lines of two columns, for a terminal and for Markdown alike. */
import { list } from "../terminal/amounts.ts";
import { countIn, decimalIn } from "../terminal/language.ts";
import { type FactsOf, type MongodbFacts, type RedisFacts, type TlsFacts, tables } from "./model.ts";
import type { DatabaseName } from "./place.ts";
import { usesWith } from "./verdict/remarks.ts";
import type { Words } from "./words.ts";

/** What it is called, what it is. */
export type Line = [label: string, value: string];
type Said = string | undefined | false;

const joined = (...parts: Said[]) => parts.filter(Boolean).join(", ");

/** Of what nobody knows there is no line. */
export function factsLines<D extends DatabaseName>(name: D, facts: FactsOf<D>, words: Words): Line[] {
  const { fill, facts: say } = words;
  const { version, latency, tls } = facts;
  const isValkey = "software" in facts && facts.software === "valkey";
  const lines: [string, Said][] = [
    [say.version, version && joined(version, isValkey && "Valkey")],
    [say.latency, fill(say.latencyIs, latency)],
    ...linesOf[name](facts, words),
    [say.tls, tls && tlsText(tls, words)],
  ];
  return lines.filter((line): line is Line => Boolean(line[1]));
}

type LinesOf<Facts> = (facts: Facts, words: Words) => [label: string, value: Said][];

const linesOf: { [D in DatabaseName]: LinesOf<FactsOf<D>> } = {
  mongodb(facts, words) {
    const { language, fill, facts: say } = words;
    const { topology, database, collections, rights, settings, compression } = facts;
    // What is in force says something only where it reached a server.
    if (!facts.connected) return [];
    const there = { true: say.there, false: say.notThere, undefined: say.unknown }[`${database?.exists}`];
    const indexes = (collections ?? []).flatMap((one) => one.indexes ?? []).length;
    const counted = collections && [
      countIn(language, collections.length, ["collection"], ["collection"]),
      countIn(language, indexes, ["index", "indexes"], ["index", "index"]),
    ];
    const compressors = compression && {
      chosen: compression === "none" ? [] : [compression],
      offered: settings?.compressors ?? [],
    };
    return [
      [say.topology, topology && topologyText(topology, words)],
      [say.database, database && joined(database.asked, there)],
      [say.collections, counted?.join(", ")],
      [say.rights, rights && rightsText(rights, words)],
      [say.pool, fill(say.poolIs, settings)],
      [say.timeouts, fill(say.timeoutsAre, settings && { ...settings, seconds: settings.heartbeat / 1000 })],
      [say.retry, fill(say.retryIs, settings)],
      [say.compression, fill(say.compressionIs, compressors)],
    ];
  },
  postgres({ database, role, tables: found, connections, size }, words) {
    const { fill, facts: say } = words;
    const named = (["present", "missing"] as const).flatMap((state) => {
      const names = tables.filter((name) => found?.[name] === state);
      return names.length > 0 ? [fill(say[state], { names })] : [];
    });
    return [
      [say.database, database],
      [say.role, role && joined(role.name, role.superuser ? say.isSuperuser : say.noSuperuser)],
      [say.tables, named.join(words.semicolon)],
      [say.connections, fill(say.connectionsAre, connections)],
      [say.size, size !== undefined && bytes(size, words)],
    ];
  },
  redis({ commands = {}, memory }, words) {
    const worked = Object.entries(commands).map(([name, did]) => `${name.toUpperCase()} ${did ? "✓" : "✗"}`);
    return [
      [words.facts.commands, list(worked)],
      [words.facts.memory, memory && memoryText(memory, words)],
    ];
  },
};

export function topologyText(
  { kind, set, primary, members }: NonNullable<MongodbFacts["topology"]>,
  { language, facts: say }: Words,
): string {
  const name = set === undefined ? say.topologyKinds[kind] : `${say.topologyKinds[kind]} ${set}`;
  return joined(
    name,
    countIn(language, members, ["member"], ["membre"]),
    primary && `${say.primary} ${primary}`,
  );
}

export function rightsText(
  { user, canWrite, beyond }: Omit<NonNullable<MongodbFacts["rights"]>, "canRead">,
  { fill, facts: say }: Words,
): string {
  const more = beyond.length === 0 ? say.nothingBeyond : fill(say.beyond, { names: beyond });
  return `${user} ${canWrite ? say.canWrite : say.cannotWrite}, ${more}`;
}

function memoryText({ policy, maximum, used }: NonNullable<RedisFacts["memory"]>, words: Words): string {
  const { facts: say } = words;
  const limit = maximum === undefined ? "" : maximum === 0 ? say.noLimit : bytes(maximum, words);
  const sizes = [used === undefined ? "" : bytes(used, words), limit].filter(Boolean).join(" / ");
  const fit = Object.entries(usesWith(policy)).map(
    ([use, fits]) => say.uses[use as keyof typeof say.uses] + words.colon + say.suitability[fits],
  );
  return joined(policy ?? say.unknownPolicy, sizes, ...(policy === undefined ? [] : fit));
}

/** How a connection is encrypted, and whether its certificate proves who answers. */
export function tlsText(tls: TlsFacts, { language, fill, facts: say }: Words): string {
  if (!tls.on) return say.noTls;
  const { version, validTo, daysLeft, trusted, untrustedBecause: code } = tls;
  const days = daysLeft === undefined ? undefined : countIn(language, daysLeft, ["day"], ["jour"]);
  const until = fill(say.certificate, validTo && days ? { day: validTo.slice(0, 10), days } : undefined);
  return joined(version, until, !trusted && say.untrusted + (code === undefined ? "" : ` (${code})`));
}

/** In units of 1024, as databases count. */
export function bytes(count: number, { language }: Words): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = count < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(count) / 10));
  return `${decimalIn(language, (count / 1024 ** power).toFixed(power === 0 ? 0 : 1))} ${units[power]}`;
}
