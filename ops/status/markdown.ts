/** A status in Markdown, for an issue or a pull request. */
import { table, text } from "../terminal/markdown.ts";
import type { HealthState, Status } from "./model.ts";
import { type Section, sectionsOf, timeText, titleOf, verdictOf } from "./view.ts";
import type { Words } from "./words.ts";

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
    `## ${text(titleOf(status, words))}`,
    table([[check, state], ...overview.map((row) => row.map(text))]),
    `${verdictOf(status, strict, words)} (${timeText(status.seconds, words)}, ${status.at})`,
    ...sections.flatMap((section) => sectionMarkdown(section, words)),
  ];
  return `${parts.join("\n\n")}\n`;
}

function sectionMarkdown(section: Section, words: Words): string[] {
  const { title, state, lines, trouble, remarks } = section;
  const { fact, value, causes, problem } = words.labels;
  if (lines.length + remarks.length === 0 && trouble === undefined) return [];
  const parts = [`### ${signs[state]} ${text(title)}`];
  const labelled = lines.filter(([label]) => label !== "");
  if (labelled.length > 0) parts.push(table([[fact, value], ...labelled.map((row) => row.map(text))]));
  const plain = lines.filter(([label]) => label === "").map(([, says]) => `- ${text(says)}`);
  if (plain.length > 0) parts.push(plain.join("\n"));
  if (trouble) {
    const details = trouble.details.map(([label, says]) => `- ${label}${words.colon}${text(says)}`);
    parts.push([`**${problem}${words.colon}${text(trouble.says)}**`, "", ...details].join("\n"));
    const steps = trouble.causes.map(({ says, next }, n) => `${n + 1}. ${text(says)} → ${text(next)}`);
    parts.push([`${causes}${words.colon.trimEnd()}`, "", ...steps].join("\n"));
  }
  const said = remarks.map(
    ({ severity, says, next }) =>
      `- ${severity === "warning" ? "⚠️" : "ℹ️"} ${text(says)}${next ? ` → ${text(next)}` : ""}`,
  );
  if (said.length > 0) parts.push(said.join("\n"));
  return parts;
}
