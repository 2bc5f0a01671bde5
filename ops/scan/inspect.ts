/** Contents against all rules and all known secrets. */
import type { KnownSecrets } from "./known.ts";
import type { Content, Match } from "./model.ts";
import { genericMatches } from "./rules/generic.ts";
import { namedRules } from "./rules/named.ts";
import { matchesOf } from "./rules/rule.ts";
import { isStackFile, stackFileMatches } from "./rules/stack-file.ts";
import { vendorRules } from "./rules/vendors.ts";
import { viewsOf } from "./text.ts";

/** A content, and what was found in it in the order of its lines. */
export interface Inspection {
  content: Content;
  matches: Match[];
}

const rules = [...vendorRules, ...namedRules];

/** Contents are looked at together, up to this many bytes. */
const batchBytes = 1_000_000;

/** Everything that looks like a credential, or is a known one. */
export async function* inspect(
  contents: AsyncIterable<Content>,
  known: readonly KnownSecrets[],
): AsyncGenerator<Inspection> {
  let batch: Content[] = [];
  let bytes = 0;
  for await (const content of contents) {
    batch.push(content);
    bytes += content.bytes.length;
    if (bytes < batchBytes) continue;
    yield* inspectBatch(batch, known);
    batch = [];
    bytes = 0;
  }
  yield* inspectBatch(batch, known);
}

async function* inspectBatch(
  batch: readonly Content[],
  known: readonly KnownSecrets[],
): AsyncGenerator<Inspection> {
  const texts = batch.map(({ bytes }) => (isText(bytes) ? bytes.toString() : undefined));
  const generic = await genericMatches(texts.map((text) => text ?? ""));
  for (const [index, content] of batch.entries()) {
    const text = texts[index];
    const own = text === undefined ? knownMatches(content.bytes, known) : inText(content.name, text, known);
    yield { content, matches: distinct([...own, ...(generic[index] ?? [])]) };
  }
}

/** As git tells them apart. */
const isText = (bytes: Buffer) => !bytes.subarray(0, 8000).includes(0);

function inText(file: string, text: string, known: readonly KnownSecrets[]): Match[] {
  const matches = isStackFile(file) ? stackFileMatches(text) : [];
  for (const view of viewsOf(text)) {
    const lineAt = (offset: number) => view.lineAtByte(offset);
    // One by one: there may be more than a call takes arguments.
    for (const match of knownMatches(Buffer.from(view.text), known, lineAt)) matches.push(match);
    matches.push(...matchesOf(rules, view, file));
  }
  return matches;
}

/** @param lineAt the line of an offset in bytes; what is not text has one line */
function knownMatches(
  bytes: Buffer,
  known: readonly KnownSecrets[],
  lineAt: (offset: number) => number = () => 1,
): Match[] {
  return known
    .flatMap((secrets) => secrets.search(bytes))
    .map(({ name, bytes: length, offset }) => ({
      rule: "known-secret",
      what: name,
      length,
      line: lineAt(offset),
    }));
}

/** How much a rule knows. Of two that speak of one line the one that knows more is enough. */
const rank = ({ rule }: Match) =>
  rule === "known-secret" ? 3 : /^secret-by-name$|^secretlint-/.test(rule) ? 1 : 2;

function distinct(matches: readonly Match[]): Match[] {
  const byLine = new Map<number, Match[]>();
  for (const match of matches) byLine.set(match.line, [...(byLine.get(match.line) ?? []), match]);
  return [...byLine.entries()]
    .sort(([a], [b]) => a - b)
    .flatMap(([, found]) => {
      const best = Math.max(...found.map(rank));
      const kept = found.filter((match) => rank(match) === best);
      return kept.filter(
        ({ rule, what }, index) => kept.findIndex((one) => one.rule === rule && one.what === what) === index,
      );
    });
}
