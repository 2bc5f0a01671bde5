/** Parts of a document that a program writes: between two comments that no reader sees. */

/** Says to whoever edits the file that the next lines are not theirs. */
export const begin = (what: string) => `<!-- ${what}, written by npm run docs -->`;
export const end = (what: string) => `<!-- end of ${what} -->`;

/**
 * The text with this Markdown between the markers of `what`.
 *
 * @throws Error when the markers are not there once each, in order
 */
export function withPart(text: string, what: string, markdown: string): string {
  const [before, old, ...moreBegins] = text.split(begin(what));
  const [, after, ...moreEnds] = old?.split(end(what)) ?? [];
  if (before === undefined || after === undefined || moreBegins.length + moreEnds.length > 0)
    throw new Error(`expected ${begin(what)} and then ${end(what)}, once each`);
  return `${before}${begin(what)}\n\n${markdown.trim()}\n\n${end(what)}${after}`;
}

/** A table. Cells are Markdown already; a bar in them would end the cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows.map((row) => row.map((cell) => cell.replaceAll("|", "\\|")))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

/** Words of the code as Markdown that says no more than they do; what they have in backticks stays code. */
export const plain = (text: string) =>
  text
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/[\\*<]/g, "\\$&")))
    .join("");
