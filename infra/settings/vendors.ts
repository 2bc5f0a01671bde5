/**
 * What the vendors offer: regions, plans, versions, and what of each a setting has to keep to. The facts themselves are
 * data with source and day, one file a vendor, in infra/facts; here they get their types.
 */
import { distance } from "fastest-levenshtein";
import atlas from "../facts/atlas.json" with { type: "json" };
import redisCloud from "../facts/redis-cloud.json" with { type: "json" };
import render from "../facts/render.json" with { type: "json" };
import upstash from "../facts/upstash.json" with { type: "json" };

/** A list of a vendor's words, each with what there is to know of it. */
export interface Facts {
  /** The page, schema or recording that vouches for it. */
  source: string;
  /** The day for which the source vouches, `YYYY-MM-DD`. */
  day: string;
  note?: string;
  words: Readonly<Record<string, object>>;
  /** What is no longer sold; `kept`: what exists may still have it. */
  retired?: Readonly<Record<string, { successor: string; kept?: boolean }>>;
}

/** All facts, by vendor. */
export const facts = { atlas, render, upstash, "redis-cloud": redisCloud };

type Word<T extends Facts> = keyof T["words"] & string;
/** The words of a list, in the vendor's order: smallest first, where there is one. */
export const wordsOf = <T extends Facts>({ words }: T) => Object.keys(words) as [Word<T>, ...Word<T>[]];
/** Words that are no longer sold and may be kept. */
export const keptOf = ({ retired = {} }: Facts) =>
  Object.keys(retired).filter((word) => retired[word]?.kept === true);

export type RenderRegion = Word<typeof render.tables.regions>;
export const renderRegions = wordsOf(render.tables.regions);
/** The regions of the other vendors that lie beside each of Render's. */
export const beside = render.tables.regions.words as {
  [R in RenderRegion]: { atlas: AtlasRegion; upstash: UpstashRegion; aws: string };
};
export type AtlasRegion = Word<typeof atlas.tables.regions>;
export type UpstashRegion = Word<typeof upstash.tables.regions>;

/** What a tier can do. Connections are of each node, disks in GB, names in bytes. */
interface Tier {
  dedicated?: true;
  /** On hosts that many share, by the name of its size: M0, and M2 and M5 where they exist. */
  tenant?: true;
  disk?: number;
  connections: number;
  /** A second. */
  newConnections?: number;
  databaseName: number;
}
export type AtlasTier = Word<typeof atlas.tables.tiers>;
export const atlasRegions = wordsOf(atlas.tables.regions);
export const atlasTiers = wordsOf(atlas.tables.tiers);
/** Also those that only an existing cluster has. */
export const tiers = { ...atlas.tables.tiers.words, ...atlas.tables.tiers.retired } as Record<
  AtlasTier,
  Tier
>;
export const isTenant = (tier: string) => tier in tiers && tiers[tier as AtlasTier].tenant === true;
/** M10 and up, smallest first. */
export const dedicatedTiers = atlasTiers.filter((tier) => tiers[tier].dedicated) as [
  AtlasTier,
  ...AtlasTier[],
];
/** Whether M0 and FLEX are offered in a region too. */
export const hasSharedTiers = (region: AtlasRegion) => "shared" in atlas.tables.regions.words[region];
/** Regions with M0 and FLEX, the likeliest neighbours first. */
export const sharedNear = (region: AtlasRegion) =>
  nearest(atlasRegions.filter(hasSharedTiers), region).slice(0, 3);
/** Entries of a project's access list, at most. */
export const accessListEntries = Number(wordsOf(atlas.tables.accessListEntries)[0]);

/** What of a cluster can be left as it is: guard against deletion, backups, or tiers, nodes, disks, regions and their scaling. */
export const atlasLeavable = ["terminationProtection", "backup", "hardware"] as const;

/** Without replication and persistence, and one for each account. */
export const isFreeRedisCloud = (plan: string) => plan in redisCloud.tables.freePlans.words;
export const reservedPorts: readonly string[] = wordsOf(render.tables.reservedPorts);
/** Versions of PostgreSQL that Render keeps a standby of. */
export const hasStandby = (version: string) =>
  "highAvailability" in ((render.tables.postgresVersions.words as Facts["words"])[version] ?? {});

const plain = (word: string) => word.toLowerCase().replaceAll(/[-_ .]/g, "");
const number = (word: string) => Number(/\d+/.exec(word)?.[0] ?? 0);

/**
 * What somebody who wrote a word that the vendor does not have may have meant: what took its place, what another vendor
 * calls so, a slip of the pen; or else what is near in meaning. Never another number because it looks alike.
 */
export function adviceOn({ words, retired = {} }: Facts, given: unknown): string {
  if (typeof given !== "string") return "";
  const successor = retired[given]?.successor;
  if (successor !== undefined) return `${given} is gone, its successor is ${successor}`;
  const all = Object.keys(words);
  const meant =
    all.find((word) =>
      [word, ...Object.values(words[word] ?? {})].some((name) => plain(String(name)) === plain(given)),
    ) ??
    all.find(
      (word) => !/\d/.test(word) && distance(plain(word), plain(given)) <= Math.max(2, given.length / 3),
    );
  if (meant !== undefined) return `did you mean "${meant}"?`;
  const near = nearest(all, given);
  return near.length === 0 ? "" : `near it: ${near.slice(0, 3).join(", ")}`;
}

/** Words that begin as a given one does, those with the longest beginning and then the nearest number first. */
function nearest<W extends string>(words: readonly W[], given: string): W[] {
  const alike = (word: string) => {
    const [one, other] = [plain(word), plain(given)];
    const differs = [...one].findIndex((letter, index) => letter !== other[index]);
    return (differs < 0 ? one : one.slice(0, differs)).replace(/\d+$/, "").length;
  };
  const apart = (word: string) => Math.abs(number(word) - number(given));
  return words
    .filter((word) => alike(word) > 0 || /^\d/.test(given))
    .sort((a, b) => alike(b) - alike(a) || apart(a) - apart(b));
}
