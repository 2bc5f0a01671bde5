/** Text that others wrote, as Markdown that says no more than the text. */

/**
 * Text of a stack file or of an error. It must not become markup, a link, a mention or a reference; nor may it begin a
 * comment's marker. Of a URL the zero-width space keeps GitHub from making a link.
 */
export const prose = (text: string) => unlinked(oneLine(text).replaceAll(/[\\`*_[\]<>|#~!]/g, "\\$&"));

/** The same as code. A backtick cannot be escaped there. */
export const code = (text: string) => `\`${oneLine(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;

/** Folded until somebody opens it. The title stands in HTML, where Markdown's escapes would be shown. */
export const folded = (title: string, body: string) =>
  `<details><summary>${html(title)}</summary>\n\n${body}\n\n</details>`;

const html = (text: string) =>
  unlinked(oneLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"));
const unlinked = (text: string) => text.replaceAll(/@|:\/\//g, "$&\u200b");

const longest = 300;
const oneLine = (text: string) => {
  const line = text.replaceAll(/\s*[\r\n]+\s*/g, " ");
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
};
