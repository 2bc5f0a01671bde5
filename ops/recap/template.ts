/**
 * The recap from top to bottom: template.fr.md is the document that people wrote by hand, with what is known in its
 * place, template.en.md the same in English. Each is what stands between the backticks of a template literal, so that
 * it reads as the document; its parts are divided as the document's are, by a line of dashes.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../bundle.mjs";
import type { Language } from "../terminal/language.ts";
import * as markdown from "./markdown.ts";
import type { Model } from "./model.ts";
import { partsIn } from "./parts.ts";
import { redisCommands } from "./points.ts";

/** The parts, in the seed's order. Their names are a page's anchors: the same in every language. */
export const partNames = [
  "overview",
  "mongodb",
  "postgres",
  "redis",
  "services",
  "checklist",
  "errors",
  "summary",
  "steps",
  "documentation",
] as const;
export type PartName = (typeof partNames)[number];

/** The document in one language, filled in: title and lead, every part, what stands below. */
export function recapIn(language: Language, model: Model): [lead: string, ...parts: string[]] {
  const file = path.join(root, "ops", "recap", `template.${language}.md`);
  const say = partsIn(language);
  const known = { m: model, say, point: say.point, tick: say.tick, redisCommands, ...markdown };
  const [lead = "", ...parts] = readFileSync(file, "utf8")
    .split(/^---$/m)
    // The file is this repository's own, as the program is; what it is filled with is never read as code.
    .map((part) => new Function(...Object.keys(known), `return md\`${part}\``)(...Object.values(known)))
    .map(String);
  return [lead, ...parts];
}
