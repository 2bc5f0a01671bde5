/** Templates that are Markdown: what stands in them is markup, what is put into them is text. */
import * as markdown from "../terminal/markdown.ts";

/** Markdown, unlike a string, which is text that others wrote. */
export class Markdown {
  readonly #source: string;
  constructor(source: string) {
    this.#source = source;
  }
  toString(): string {
    return this.#source;
  }
}

/** What a template may hold: text, Markdown, nothing, or a line each of these. */
export type Content = string | number | Markdown | false | undefined | readonly Content[];

/**
 * Markdown from a template. A line that nothing comes of goes, and of several blank lines one stays, so that a
 * paragraph or a point can be left out where it stands.
 */
export function md(texts: TemplateStringsArray, ...values: Content[]): Markdown {
  const [first = "", ...rest] = texts;
  const source = rest.reduce((before, after, index) => {
    const value = sourceOf(values[index]);
    const nothing = value === "" && /(^|\n)$/.test(before) && after.startsWith("\n");
    return before + value + (nothing ? after.slice(1) : after);
  }, first);
  return new Markdown(source.replaceAll(/\n{3,}/g, "\n\n").replaceAll(/^\n+|\n+$/g, ""));
}

/** Markdown that there is only on a condition. */
export const when =
  (condition: unknown) =>
  (texts: TemplateStringsArray, ...values: Content[]): Markdown =>
    condition ? md(texts, ...values) : md``;

function sourceOf(content: Content): string {
  if (content === false || content === undefined) return "";
  if (content instanceof Markdown) return String(content);
  if (typeof content !== "object") return markdown.text(String(content));
  return content
    .map(sourceOf)
    .filter((line) => line !== "")
    .join("\n");
}

/** A text of a table of words, which is Markdown, with what stands in braces in it. */
export const filledIn = (source: string, parts: Readonly<Record<string, Content>> = {}): Markdown =>
  new Markdown(source.replaceAll(/\{(\w+)\}/g, (_, name: string) => sourceOf(parts[name])));

export const code = (content: string): Markdown => new Markdown(markdown.code(content));
export const codes = (names: readonly string[]): Markdown => joined(names.map(code), ", ");
export const link = (address: string): Markdown => new Markdown(markdown.link(address));

/** A block of code: text as it is, or lines, each of which stays one. */
export const fenced = (language: "yaml" | "sh" | "sql" | "", content: string | readonly string[]): Markdown =>
  new Markdown(
    markdown.fenced(
      language,
      typeof content === "string" ? content : content.map(markdown.oneLine).join("\n"),
    ),
  );

export const joined = (parts: readonly Content[], separator: string): Markdown =>
  new Markdown(
    parts
      .map(sourceOf)
      .filter((part) => part !== "")
      .join(separator),
  );

/** Parts with a blank line between them. */
export const blocks = (parts: readonly Content[]): Markdown => joined(parts, "\n\n");

/** A numbered list of what there is. */
export const numbered = (items: readonly Content[]): Markdown =>
  joined(
    items
      .filter((item) => item !== false && item !== undefined)
      .map((item, index) => md`${index + 1}. ${item}`),
    "\n",
  );

/** The first column names what a row is about. */
export const table = (head: readonly string[], rows: readonly (readonly Content[])[]): Markdown =>
  new Markdown(markdown.table([head, ...rows].map((row) => row.map(sourceOf))));

/** Text in which addresses are links. */
export const linked = (content: string): Markdown =>
  joined(
    content
      .split(/(https:\/\/[^\s)]+[^\s).,;])/)
      .map((part) => (part.startsWith("https://") ? link(part) : part)),
    "",
  );
