/**
 * Text that others wrote (names from databases, settings, errors), as Markdown that says no more than the text.
 * Rules: https://github.github.com/gfm/
 */
import { markdownTable } from "markdown-table";
import { visible } from "../../vendors/redaction.ts";

/** On one line, with what would be markup escaped: emphasis, code, links, tags, entities, cells. */
export const text = (content: string): string =>
  oneLine(content).replaceAll(
    /[\\`*[\]<>~|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#|\w+;)/gu,
    (character) => `\\${character}`,
  );

/**
 * The same for a comment at GitHub, where it must not mention, refer or link to anything either, nor begin a
 * comment's marker, and an error may be pages long. Of a URL the zero-width space keeps GitHub from making a link.
 */
export const prose = (content: string): string =>
  unlinked(shortened(content).replaceAll(/[\\`*_[\]<>|#~!]/g, "\\$&"));

/**
 * A code span, in as many backticks as the content has not: nothing can be escaped inside. At most 300 characters.
 * https://github.github.com/gfm/#code-spans
 */
export function code(content: string): string {
  const line = shortened(content);
  const fence = "`".repeat(longestRun(line) + 1);
  const padded = /^`|`$/.test(line) ? ` ${line} ` : line;
  return `${fence}${padded}${fence}`;
}

/** A block of code, with the language that colours it. */
export function fenced(language: string, content: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(content) + 1));
  return `${fence}${language}\n${content}\n${fence}`;
}

/** A link; no address breaks out of it. */
export const link = (address: string, label = address): string =>
  `[${text(label)}](${address.replaceAll(/[\s()<>]/g, percent)})`;

/** A table of cells that are Markdown; the first row is its head. A pipe would end a cell even inside code. */
export const table = (rows: readonly (readonly string[])[]): string =>
  markdownTable(rows.map((row) => row.map((cell) => cell.replaceAll(/(?<!\\)\|/g, "\\|"))));

/** The first items, and how many more there are. */
export function capped(items: readonly string[], most = 20): string[] {
  if (items.length <= most) return [...items];
  return [...items.slice(0, most), `and ${items.length - most} more`];
}

/** Folded until somebody opens it. The title stands in HTML, where Markdown's escapes would be shown. */
export const folded = (title: string, body: string): string =>
  `<details><summary>${html(title)}</summary>\n\n${body}\n\n</details>`;

const html = (content: string) =>
  unlinked(shortened(content).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
const unlinked = (content: string) => content.replaceAll(/@|:\/\//g, "$&\u200b");

/** A line of its own could begin a block. */
export const oneLine = (content: string) => visible(content.replaceAll(/\s*[\r\n]+\s*|\p{Cc}+/gu, " "));

const longest = 300;
const shortened = (content: string) => {
  const line = oneLine(content);
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};

const longestRun = (content: string) =>
  Math.max(0, ...(content.match(/`+/g) ?? []).map(({ length }) => length));

/** Unlike encodeURIComponent also for parentheses, which end a link. */
const percent = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
