/** A status in Markdown, for an issue or a pull request. */
import { markdownTable } from "markdown-table";
import type { HealthState, Status } from "./model.ts";
import { type Section, sectionsOf, titleOf, verdictOf } from "./view.ts";
import type { Words } from "./words/model.ts";

const signs: Record<HealthState | "unchecked", string> = {
  well: "✅",
  warning: "⚠️",
  failed: "❌",
  off: "ℹ️",
  unchecked: "❔",
};

/** The whole status. Ends with a newline. */
export function statusMarkdown(status: Status, words: Words, { strict = false } = {}): string {
  const sections = sectionsOf(status, words);
  const { check, state } = words.labels;
  const overview = sections.map((section) => [
    section.title,
    `${signs[section.state]} ${words.states[section.state]}`,
  ]);
  const parts = [
    `## ${escaped(titleOf(status, words))}`,
    markdownTable([[check, state], ...overview.map((row) => row.map(cell))]),
    `${verdictOf(status, strict, words)} (${words.took(status.seconds)}, ${status.at})`,
    ...sections.flatMap((section) => sectionMarkdown(section, words)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionMarkdown(section: Section, words: Words): string[] {
  const { title, state, lines, trouble, remarks } = section;
  const { fact, value, causes, problem } = words.labels;
  if (lines.length + remarks.length === 0 && trouble === undefined) return [];
  const parts = [`### ${signs[state]} ${escaped(title)}`];
  const labelled = lines.filter(([label]) => label !== "");
  if (labelled.length > 0)
    parts.push(markdownTable([[fact, value], ...labelled.map((row) => row.map(cell))]));
  const plain = lines.filter(([label]) => label === "").map(([, text]) => `- ${escaped(text)}`);
  if (plain.length > 0) parts.push(plain.join("\n"));
  if (trouble) {
    const details = trouble.details.map(([label, text]) => `- ${label}${words.colon}${escaped(text)}`);
    parts.push([`**${problem}${words.colon}${escaped(trouble.says)}**`, "", ...details].join("\n"));
    const steps = trouble.causes.map(
      ({ because, next }, n) => `${n + 1}. ${escaped(because)} → ${escaped(next)}`,
    );
    parts.push([`${causes}${words.colon.trimEnd()}`, "", ...steps].join("\n"));
  }
  const said = remarks.map(
    ({ severity, says, next }) =>
      `- ${severity === "warning" ? "⚠️" : "ℹ️"} ${escaped(says)}${next ? ` → ${escaped(next)}` : ""}`,
  );
  if (said.length > 0) parts.push(said.join("\n"));
  return parts;
}

/** Names come from databases: they must not become markup. Angle brackets of a placeholder neither. */
const escaped = (text: string) =>
  text
    .replaceAll(/[\\`*<>|]/g, (character) => `\\${character}`)
    .replaceAll(/(?<![a-zA-Z0-9])_|_(?![a-zA-Z0-9])/g, "\\_");

const cell = (text: string) => escaped(text);
