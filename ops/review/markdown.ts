/** Text that others wrote, as Markdown that says no more than the text. */

/**
 * Text of a stack file or of an error. It must not become markup, a link, a mention or a reference; nor may it begin a
 * comment's marker. Of a URL the zero-width space keeps GitHub from making a link.
 */
export const prose = (text: string) =>
  oneLine(text)
    .replaceAll(/[\\`*_[\]<>|#~!]/g, "\\$&")
    .replaceAll(/@|:\/\//g, "$&\u200b");

/** The same as code. A backtick cannot be escaped there. */
export const code = (text: string) => `\`${oneLine(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;

/** Folded until somebody opens it. */
export const folded = (title: string, body: string) =>
  `<details><summary>${prose(title)}</summary>\n\n${body}\n\n</details>`;

/** The first items, and how many more there are. */
export function capped(items: readonly string[], most = 20): string[] {
  if (items.length <= most) return [...items];
  return [...items.slice(0, most), `and ${items.length - most} more`];
}

const longest = 300;
const oneLine = (text: string) => {
  const line = text.replaceAll(/\s*[\r\n]+\s*/g, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};
