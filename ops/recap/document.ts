/** The recap: every part in the seed's order. */
import path from "node:path";
import type { Source } from "../status/model.ts";
import type { Facts } from "./facts.ts";
import { type Document, type Inline, paragraph } from "./model.ts";
import { checklist } from "./parts/checklist.ts";
import type { Context } from "./parts/database.ts";
import { errors } from "./parts/errors.ts";
import { mongodbSection } from "./parts/mongodb.ts";
import { overview } from "./parts/overview.ts";
import { postgresSection } from "./parts/postgres.ts";
import { redisSection } from "./parts/redis.ts";
import { servicesSection } from "./parts/services.ts";
import { documentation, steps, summary } from "./parts/summary.ts";
import { viewsOf } from "./view.ts";
import type { Words } from "./words/index.ts";

/**
 * The document of a stack. Holds no secret, and no host name unless the facts allow it. The same facts give the
 * same document.
 */
export function recapOf(facts: Facts, words: Words): Document {
  const context: Context = { facts, words };
  const views = viewsOf(facts);
  return {
    language: words.language,
    emoji: "🗄️",
    title: words.title,
    blocks: [paragraph([words.intro]), paragraph(provenance(context))],
    sections: [
      overview(context, views),
      mongodbSection(context, views.mongodb),
      postgresSection(context, views.postgres),
      redisSection(context, views.redis),
      servicesSection(context),
      checklist(context, views),
      errors(context, views),
      summary(context, views),
      steps(context, views),
      documentation(context),
    ],
    closing: words.updated(facts.now.toISOString().slice(0, 10)),
    labels: words.labels,
  };
}

/** Where the facts come from, and what a tick means. */
function provenance({ facts: { planned, status }, words }: Context): Inline {
  if (status === undefined) return words.unchecked(planned.stack);
  const at = `${status.at.slice(0, 10)} ${status.at.slice(11, 19)}`;
  return words.checked(planned.stack, at, source(status.source, words));
}

function source(from: Source, { sources }: Words): Inline {
  switch (from.kind) {
    case "stack":
      return sources.stack(from.stack);
    case "file":
      // Not the folder: it is a machine's, the document is everybody's.
      return sources.file(path.basename(from.file));
    case "process":
      return sources.process;
  }
}
