/** Markdown within a limit: what a reviewer needs first stays, details go, and it is said that they went. */

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
