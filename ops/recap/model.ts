/**
 * A document as data, whatever it is written as: sections, and blocks in them. Text is never markup; the writers
 * (markdown.ts, html.ts) escape all of it.
 */

/** How something stands. `note`: no mistake, such as an optional database that is not configured; `unchecked`: nobody looked. */
export type Mark = "good" | "warning" | "bad" | "note" | "unchecked";

/** How a mark looks where only text can be. */
export const emoji: Record<Mark, string> = {
  good: "✅",
  warning: "⚠️",
  bad: "❌",
  note: "ℹ️",
  unchecked: "❔",
};

/** A piece of running text. */
export type Span = string | { code: string } | { strong: Inline } | { link: string; text: string };
export type Inline = readonly Span[];

/** A point of a list, or a cell of a table. */
export interface Item {
  content: Inline;
  mark?: Mark;
}

/** A database at a glance. */
export interface Card extends Item {
  mark: Mark;
  /** Id of the section that tells more. */
  section: string;
  emoji: string;
  title: string;
  /** How it stands, in a few words. */
  status: string;
}

export type Block =
  | ({ kind: "paragraph" } & Item)
  | { kind: "list"; ordered: boolean; items: Item[] }
  /** The first column names what the row is about. */
  | { kind: "table"; head: string[]; rows: Item[][] }
  /** Ticked only where somebody saw it. */
  | { kind: "checklist"; items: { ticked: boolean; content: Inline }[] }
  | { kind: "code"; language: "yaml" | "sh" | "sql" | "text"; text: string }
  /** What the checks said, line by line. */
  | { kind: "log"; lines: { mark: Mark; text: string }[] }
  | { kind: "cards"; cards: Card[] };

/** A part of the document. Its level is its depth. */
export interface Section {
  /** Anchor: the same in every language. */
  id: string;
  emoji?: string;
  title: string;
  /** Behind the title. */
  mark?: Mark;
  blocks: Block[];
  sections: Section[];
}

/** The whole. */
export interface Document {
  language: "fr" | "en";
  emoji: string;
  title: string;
  blocks: Block[];
  sections: Section[];
  /** Below everything. */
  closing: Inline;
  /** Words that a writer needs for itself. */
  labels: { contents: string; colon: string; marks: Record<Mark, string>; ticked: string; unticked: string };
}

/** Running text from a template: texts and spans, arrays of spans laid flat. */
export function say(texts: TemplateStringsArray, ...values: (Span | Inline | number)[]): Inline {
  return texts.flatMap((text, index): Span[] => {
    const value = values[index];
    const before = text === "" ? [] : [text];
    if (value === undefined) return before;
    if (typeof value === "number") return [...before, String(value)];
    return isInline(value) ? [...before, ...value] : [...before, value];
  });
}

const isInline = (value: Span | Inline): value is Inline => Array.isArray(value);

export const code = (text: string): Span => ({ code: text });
export const strong = (...content: Span[]): Span => ({ strong: content });
export const link = (href: string, text = href): Span => ({ link: href, text });

/** Spans with a separator between them, such as a list of names. */
export function joined(spans: readonly Span[], separator = ", "): Inline {
  return spans.flatMap((span, index) => (index === 0 ? [span] : [separator, span]));
}
export const codes = (names: readonly string[]): Inline => joined(names.map(code));

/** The text of a piece of running text, without its markup. */
export function plain(content: Inline): string {
  return content
    .map((span) => {
      if (typeof span === "string") return span;
      if ("code" in span) return span.code;
      return "strong" in span ? plain(span.strong) : span.text;
    })
    .join("");
}

export const cell = (...content: Span[]): Item => ({ content });
export const paragraph = (content: Inline, mark?: Mark): Block => ({
  kind: "paragraph",
  content,
  ...(mark !== undefined && { mark }),
});
export const bullets = (items: Item[]): Block => ({ kind: "list", ordered: false, items });
export const numbered = (items: Item[]): Block => ({ kind: "list", ordered: true, items });

/** A section from its parts; blocks that are undefined are left out. */
export function section(
  head: Pick<Section, "id" | "title"> & Partial<Pick<Section, "emoji" | "mark">>,
  parts: readonly (Block | Section | undefined)[],
): Section {
  const isBlock = (part: Block | Section): part is Block => "kind" in part;
  const there = parts.filter((part) => part !== undefined);
  return {
    ...head,
    blocks: there.filter(isBlock),
    sections: there.filter((part): part is Section => !isBlock(part)),
  };
}
