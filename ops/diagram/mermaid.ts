/** The little of Mermaid's flowchart syntax that a diagram needs. @see https://mermaid.js.org/syntax/flowchart.html */

const brackets = {
  box: ["[", "]"],
  cylinder: ["[(", ")]"],
  rounded: ["(", ")"],
  note: ["[/", "/]"],
} as const;

/** How a node looks: its lines of text, its shape, and the class of its style. */
export interface Look {
  lines: readonly string[];
  shape: keyof typeof brackets;
  style: "data" | "secret" | "plain";
}

/** A label of several lines. Everything that Mermaid or HTML would read as syntax is written as an entity. */
const label = (lines: readonly string[]): string => `"${lines.map(escaped).join("<br/>")}"`;

/** One line: `n1[("cluster0")]:::data`. */
export function node(id: string, { shape, lines, style }: Look): string {
  const [open, close] = brackets[shape];
  return `${id}${open}${label(lines)}${close}:::${style}`;
}

/** A box around lines of the diagram; nothing when it would be empty. */
export function group(id: string, title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  return [`subgraph ${id}[${label([title])}]`, ...lines.map((line) => `  ${line}`), "end"];
}

// Entities are written #name; or #number; because & would need escaping itself. The backtick begins Markdown.
const escaped = (text: string) =>
  text.replaceAll(/[#&<>"`\\]/g, (character) => `#${character.codePointAt(0)};`).replaceAll(/\s+/g, " ");
