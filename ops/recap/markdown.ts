/** A document as Markdown, as GitHub understands it: https://github.github.com/gfm/ */
import { markdownTable } from "markdown-table";
import {
  type Block,
  type Document,
  emoji,
  type Inline,
  type Item,
  type Section,
  type Span,
} from "./model.ts";

/** The whole document. Ends with a newline. */
export function markdownOf(document: Document): string {
  const parts = [
    heading(1, `${document.emoji} ${document.title}`),
    ...document.blocks.map((one) => block(one, document)),
    ...document.sections.flatMap((section) => ["---", ...sectionParts(section, 2, document)]),
    "---",
    inline(document.closing),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionParts(section: Section, level: number, document: Document): string[] {
  const { emoji: icon, title, mark } = section;
  const words = [icon, escaped(title), mark && emoji[mark]].filter((part) => part !== undefined);
  return [
    heading(level, words.join(" ")),
    ...section.blocks.map((one) => block(one, document)),
    ...section.sections.flatMap((inner) => sectionParts(inner, level + 1, document)),
  ];
}

const heading = (level: number, text: string) => `${"#".repeat(level)} ${text}`;

function block(of: Block, { labels }: Document): string {
  switch (of.kind) {
    case "paragraph":
      return item(of);
    case "list":
      return of.items.map((one, index) => `${of.ordered ? `${index + 1}.` : "-"} ${item(one)}`).join("\n");
    case "checklist":
      return of.items.map(({ ticked, content }) => `- [${ticked ? "x" : " "}] ${inline(content)}`).join("\n");
    case "table":
      return markdownTable([
        of.head.map(escaped),
        ...of.rows.map((row) => row.map((one) => inTable(item(one)))),
      ]);
    case "code":
      return fenced(of.language, of.text);
    case "log":
      return fenced("", of.lines.map(({ mark, text }) => `${emoji[mark]} ${text}`).join("\n"));
    case "cards":
      return of.cards
        .map(
          ({ title, content, mark, status }, index) =>
            `${index + 1}. **${escaped(title)}**${labels.colon}${inline(content)} - ${emoji[mark]} ${escaped(status)}`,
        )
        .join("\n");
  }
}

const item = ({ mark, content }: Item) => `${mark === undefined ? "" : `${emoji[mark]} `}${inline(content)}`;

const inline = (content: Inline): string => content.map(span).join("");

function span(of: Span): string {
  if (typeof of === "string") return escaped(of);
  if ("code" in of) return codeSpan(of.code);
  if ("strong" in of) return `**${inline(of.strong)}**`;
  return `[${escaped(of.text)}](${of.link.replaceAll(/[\s()<>]/g, percent)})`;
}

/** What would be markup; and no line of its own, which could start a block. */
const escaped = (text: string) =>
  oneLine(text).replaceAll(/[\\`*[\]<>~|]|\b_|_\b/g, (character) => `\\${character}`);

const oneLine = (text: string) => text.replaceAll(/\p{Cc}+/gu, " ");

/** In as many backticks as the text has not: https://github.github.com/gfm/#code-spans */
function codeSpan(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const padded = /^`|`$/.test(text) ? ` ${text} ` : text;
  return `${fence}${oneLine(padded)}${fence}`;
}

function fenced(language: string, text: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

const longestRun = (text: string) => Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));

/** A pipe ends a cell even inside code; one that is escaped already stays. */
const inTable = (text: string) => text.replaceAll(/(?<!\\)\|/g, "\\|");

/** Unlike encodeURIComponent also for parentheses, which end a link. */
const percent = (character: string) =>
  `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
