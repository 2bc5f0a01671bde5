/** The part of MongoDB. */
import { isDedicated } from "../../../infra/settings/rules.ts";
import { beside } from "../../../infra/settings/vendors.ts";
import type { MongodbFacts } from "../../status/model.ts";
import {
  type Block,
  bullets,
  codes,
  type Inline,
  type Item,
  paragraph,
  type Section,
  section,
} from "../model.ts";
import { host, type View } from "../view.ts";
import { type Context, connectedPoint, current, point, points, tlsPoint, variables } from "./database.ts";

export function mongodbSection(context: Context, view: View<"mongodb">): Section {
  const { databases } = context.words;
  return section({ id: "mongodb", emoji: "🍃", title: databases.mandatory("MongoDB") }, [
    section({ id: "mongodb-current", title: databases.current }, current(context, view, planned(context))),
    section({ id: "mongodb-variables", title: databases.variables.title }, variables(context, view)),
    section({ id: "mongodb-status", title: databases.status.title }, [status(context, view)]),
    section({ id: "mongodb-optimizations", title: databases.optimizations.title }, [
      paragraph(databases.optimizations[view.checked?.facts.settings ? "checked" : "settings"]),
      optimizations(context, view),
    ]),
  ]);
}

function planned({ facts, words }: Context): Inline {
  const { mongodb, region } = facts.planned.settings;
  return words.databases.planned.mongodb(
    mongodb.name,
    mongodb.tier,
    mongodb.region ?? beside[region].atlas,
    isDedicated(mongodb.tier),
  );
}

function status(context: Context, view: View<"mongodb">): Block {
  const { status } = context.words.databases;
  const facts: MongodbFacts = view.checked?.facts ?? { connected: false };
  return points(view, connectedPoint(context, view), [
    point(context, status.indexes, indexes(context, facts)),
    point(context, status.collections, collections(context, facts)),
    point(context, status.database, database(context, facts)),
    point(context, status.topology, topology(context, facts)),
    point(context, status.rights, rights(context, facts)),
    tlsPoint(context, facts.tls, view),
  ]);
}

/** Indexes that somebody made: `_id_` every collection has. Undefined where they could not be listed. */
export function indexCount({ collections }: MongodbFacts): number | undefined {
  if (collections === undefined || collections.some(({ indexes }) => indexes === undefined)) return undefined;
  return collections.flatMap(({ indexes }) => indexes ?? []).filter((name) => name !== "_id_").length;
}

function indexes({ words }: Context, facts: MongodbFacts): Item | undefined {
  const { indexCount: some, noIndexes } = words.databases.status;
  const count = indexCount(facts);
  if (count === undefined) return undefined;
  return count === 0
    ? { mark: "warning", content: noIndexes }
    : { mark: "good", content: some(count, facts.collections?.length ?? 0) };
}

function collections({ words }: Context, { collections: list }: MongodbFacts): Item | undefined {
  if (list === undefined) return undefined;
  return list.length === 0
    ? { mark: "warning", content: words.databases.status.noCollections }
    : { mark: "good", content: codes(list.map(({ name }) => name).sort()) };
}

function database({ words }: Context, { database: seen }: MongodbFacts): Item | undefined {
  const { exists, existsNot } = words.databases.status;
  if (seen?.exists === undefined) return undefined;
  return seen.exists
    ? { mark: "good", content: exists(seen.asked) }
    : { mark: "warning", content: existsNot(seen.asked) };
}

function topology({ facts, words }: Context, { topology: seen }: MongodbFacts): Item | undefined {
  if (seen === undefined) return undefined;
  const primary = seen.primary && host(seen.primary, words.host, facts);
  const alone = seen.kind === "standalone" || seen.kind === "unknown";
  return {
    mark: alone ? "warning" : "good",
    content: words.databases.status.topologyIs(seen.kind, seen.members, primary),
  };
}

function rights({ words }: Context, { rights: seen }: MongodbFacts): Item | undefined {
  const { rightsExact, rightsBeyond, rightsTooFew } = words.databases.status;
  if (seen === undefined) return undefined;
  if (!seen.canRead || !seen.canWrite) return { mark: "bad", content: rightsTooFew(seen.user) };
  return seen.beyond.length > 0
    ? { mark: "warning", content: rightsBeyond(seen.user, seen.beyond) }
    : { mark: "good", content: rightsExact(seen.user) };
}

/** What a driver works with, where one was asked; else what the settings say. */
function optimizations({ facts, words }: Context, view: View<"mongodb">): Block {
  const { optimizations: say } = words.databases;
  const { driver } = facts.planned.settings.mongodb;
  const live = view.checked?.facts.settings;
  const { compression } = view.checked?.facts ?? {};
  const offered = say.compressors(driver.compressors);
  const of = live ?? { ...driver, serverSelectionTimeout: driver.timeout };
  return bullets(
    [
      [say.pool, say.poolIs(of.maxPoolSize, of.minPoolSize)] as const,
      [say.compression, compression === undefined ? offered : say.negotiated(offered, compression)] as const,
      [say.retry, say.retries(of.retryWrites, of.retryReads)] as const,
      [say.heartbeat, say.every(of.heartbeat)] as const,
      [say.timeout, say.within(of.serverSelectionTimeout)] as const,
    ].map(([label, content]) => ({ content: words.labelled(label, content) })),
  );
}
