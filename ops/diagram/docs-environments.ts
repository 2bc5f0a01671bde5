/** The guides' table of what a setting is in each environment, from the table that the program has. Only for tests. */
import { defaultOf, type Row, type Stage, stageDefaults } from "../../infra/settings/stages.ts";

/** Says how the table is renewed to whoever edits the file. */
export const begin = "<!-- defaults by environment: npx vitest run ops/diagram -u -->";
export const end = "<!-- end of the defaults -->";

/** A stack of each environment, as an example; in the order of the columns. */
const examples: Readonly<Record<Stage, string>> = {
  prod: "prod",
  staging: "staging",
  short: "pr-123",
};

/** The heads of the columns in the language of a guide. */
export const heads = {
  en: ["setting", "production", "staging", `short-lived, such as \`${examples.short}\``],
  fr: ["réglage", "production", "staging", `éphémère, comme \`${examples.short}\``],
} as const;

/** The table in Markdown. Names of settings and values are the same in every language. */
export function defaultsTable(language: keyof typeof heads, rows: readonly Row[] = stageDefaults): string {
  return [
    [...heads[language]],
    ["---", "---", "---", "---"],
    ...rows.map((row) => [
      setting(row),
      ...Object.values(examples).map((stack) => cell(defaultOf(row, { stack, section: named(row, stack) }))),
    ]),
  ]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
}

const setting = ({ setting, providers = [] }: Row) =>
  `\`${setting}\`${providers.length === 0 ? "" : ` (${providers.join(", ")})`}`;

const cell = (value: unknown) => (value === undefined ? "—" : `\`${String(value)}\``);

/** The group of settings that a row belongs to, with the name that the table gives it. */
function named({ setting }: Row, stack: string): Readonly<Record<string, unknown>> {
  const name = stageDefaults.find((row) => row.setting === `${setting.split(".")[0]}.name`);
  return name === undefined ? {} : { name: defaultOf(name, { stack, section: {} }) };
}

/**
 * A text with this table between its markers.
 *
 * @throws Error when the markers are not there once each, in order
 */
export function withTable(text: string, markdown: string): string {
  const [before, old, ...moreBegins] = text.split(begin);
  const [, after, ...moreEnds] = old?.split(end) ?? [];
  if (before === undefined || after === undefined || moreBegins.length + moreEnds.length > 0)
    throw new Error(`expected ${begin} and then ${end}, once each`);
  return `${before}${begin}\n\n${markdown}\n\n${end}${after}`;
}
