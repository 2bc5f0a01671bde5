/** A status for a terminal of 80 columns. */
import pc from "picocolors";
import { columnsText } from "../terminal/table.ts";
import type { HealthState, Status } from "./model.ts";
import { type Section, sectionsOf, timeText, titleOf, verdictOf } from "./view.ts";
import type { Words } from "./words.ts";

const signs: Record<HealthState | "unchecked", string> = {
  well: "✓",
  warning: "!",
  failed: "✗",
  off: "-",
  unchecked: "?",
};
const colours: Record<HealthState | "unchecked", (text: string) => string> = {
  well: pc.green,
  warning: pc.yellow,
  failed: (text) => pc.bold(pc.red(text)),
  off: pc.dim,
  unchecked: pc.dim,
};

/** Widths of the two columns; with indent and padding they make a line of 80. */
const columns = [16, 62];

/** The whole status. Ends with a newline. */
export function statusText(status: Status, words: Words, { strict = false } = {}): string {
  const { ok, allWell } = status;
  const well = strict ? allWell : ok;
  const verdict = `${verdictOf(status, strict, words)} (${timeText(status.seconds, words)})`;
  const parts = [
    `${pc.bold(titleOf(status, words))}\n${pc.dim(status.at)}`,
    ...sectionsOf(status, words).map((section) => sectionText(section, words)),
    (well ? pc.green : colours.failed)(verdict),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** One line for each check: what `--watch` writes where nobody looks at a terminal. */
export function statusLines(status: Status, words: Words): string {
  const lines = sectionsOf(status, words).map(({ title, state, trouble, remarks }) => {
    const warning = remarks.find(({ severity }) => severity === "warning");
    const why = trouble?.says ?? (state === "warning" ? warning?.says : undefined);
    return `${status.at} ${signs[state]} ${title}${words.colon}${words.states[state]}${why === undefined ? "" : words.colon + why}`;
  });
  return `${lines.join("\n")}\n`;
}

function sectionText({ title, state, seconds, lines, trouble, remarks }: Section, words: Words): string {
  const time = seconds === undefined ? "" : pc.dim(`  ${timeText(seconds, words)}`);
  const colour = colours[state];
  const head = `${colour(signs[state])} ${pc.bold(title)}  ${colour(words.states[state])}${time}`;
  const rows: [string, string][] = lines.map(([label, value]) => [pc.dim(label), value]);
  if (trouble) {
    const { problem, cause } = words.labels;
    rows.push([colours.failed(problem), trouble.says]);
    for (const [label, value] of trouble.details) rows.push([pc.dim(label), value]);
    trouble.causes.forEach(({ says, next: step }, index) => {
      rows.push([index === 0 ? pc.dim(cause) : "", `${index + 1}. ${says}`]);
      rows.push(["", `${pc.cyan("→")} ${step}`]);
    });
  }
  for (const { severity, says, next } of remarks) {
    const warns = severity === "warning";
    rows.push([warns ? pc.yellow("!") : pc.dim("i"), says]);
    if (next !== undefined && next !== "") rows.push(["", `${pc.cyan("→")} ${next}`]);
  }
  return rows.length === 0 ? head : `${head}\n${columnsText(columns, rows)}`;
}
