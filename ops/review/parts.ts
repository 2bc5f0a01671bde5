/**
 * Markdown for GitHub within its limit: what a reviewer needs first stays, details go, and it is said that they went. And a
 * pull request's one comment in parts: the plan, and each stack's preview, by whichever job has it first. A part is of
 * a commit; what was said of an earlier one goes with the first part of the next.
 */
import { z } from "zod";
import { type Document, joined } from "../plan/markdown.ts";

/** https://github.com/orgs/community/discussions/27190: a comment or an issue has at most this many characters. */
export const commentLimit = 65_536;

/**
 * The document in at most `limit` bytes of UTF-8, which is never more characters than that.
 *
 * @param elsewhere where all of it is to be read
 */
export function withinLimit({ lead, details }: Document, limit: number, elsewhere: string): string {
  const whole = joined([lead, ...details]);
  if (size(whole) <= limit) return whole;
  for (let kept = details.length - 1; kept >= 0; kept--) {
    const left = details.length - kept;
    const note = `_${left} folded part${left === 1 ? " is" : "s are"} left out here: too long. All of it: ${elsewhere}._`;
    const shorter = joined([lead, ...details.slice(0, kept), note]);
    if (size(shorter) <= limit) return shorter;
  }
  const note = `\n\n_Cut off here: too long. All of it: ${elsewhere}._\n`;
  return `${cut(lead, limit - size(note))}${note}`;
}

/** Whole lines only: half a line could be half a tag, which hides the rest of the page. */
function cut(text: string, limit: number): string {
  const kept: string[] = [];
  let left = limit;
  for (const line of text.split("\n")) {
    left -= size(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return kept.join("\n");
}

const size = (text: string) => Buffer.byteLength(text);

/** What one job hands to another: the job that runs a pull request's code must not be the one that may write. */
export const handover = z.strictObject({
  part: z.string().regex(/^(plan|preview-[\w.-]{1,100})$/),
  /** There is nothing to say: it is no reason to begin a comment. */
  quiet: z.boolean(),
  body: z.string().max(commentLimit),
});
export type Part = z.infer<typeof handover>;

/** In bytes, so that a plan and the previews of some stacks fit into one comment. */
export const shares = { plan: 44_000, preview: 9_000 } as const;

const marker = /^<!-- kairos:part (\S+) (\S+) -->$/;

/** @param known the comment's text as it is, if there is one @param commit that the parts are of */
export function withParts(known: string, parts: readonly Part[], commit: string): string {
  const bodies = new Map(partsIn(known, commit));
  // What looks like a marker in a body would end it.
  for (const { part, body } of parts)
    bodies.set(
      part,
      lines(body)
        .filter((line) => !marker.test(line))
        .join("\n"),
    );
  const ordered = [...bodies].sort(([a], [b]) => (a < b ? -1 : 1));
  let left = commentLimit - 1024;
  return ordered
    .map(([part, body]) => {
      const whole = `<!-- kairos:part ${part} ${commit} -->\n${body.trimEnd()}`;
      const text = Buffer.byteLength(whole) <= left ? whole : `_${part}: left out here, too long._`;
      left -= Buffer.byteLength(text) + 2;
      return text;
    })
    .join("\n\n");
}

function partsIn(text: string, commit: string): [part: string, body: string][] {
  const found: [string, string[]][] = [];
  for (const line of lines(text)) {
    const [, part, of] = marker.exec(line) ?? [];
    if (part === undefined) found.at(-1)?.[1].push(line);
    // Of another commit: its lines go nowhere.
    else found.push([of === commit ? part : "", []]);
  }
  return found.flatMap(([part, body]) => (part === "" ? [] : [[part, body.join("\n")]]));
}

/** GitHub gives comments back with the line ends that it was sent, or with its own. */
const lines = (text: string) => text.split(/\r?\n/);
