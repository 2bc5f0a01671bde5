/** What a setting is in each stage when the stack file does not say it, from the table that the program has. */
import { defaultOf, type Row, type Stage, stageDefaults } from "../../infra/settings/stages.ts";
import type { Language } from "./languages.ts";
import { table } from "./markers.ts";

/** A stack of each stage, as an example; in the order of the columns. */
const examples: Readonly<Record<Stage, string>> = {
  prod: "prod",
  staging: "staging",
  short: "pr-123",
};

const heads: Readonly<Record<Language, readonly string[]>> = {
  en: ["setting", "production", "staging", `short-lived, such as \`${examples.short}\``],
  fr: ["réglage", "production", "staging", `éphémère, comme \`${examples.short}\``],
};

/** The table in Markdown. Names of settings and values are the same in every language. */
export function stagesTable(language: Language, rows: readonly Row[] = stageDefaults): string {
  return table(
    heads[language],
    rows.map((row) => [
      setting(row),
      ...Object.values(examples).map((stack) => cell(defaultOf(row, { stack, section: named(row, stack) }))),
    ]),
  );
}

/** Settings whose default depends on the stage: `mongodb.tier`. */
export const byStage: ReadonlySet<string> = new Set(stageDefaults.map((row) => row.setting));

const setting = ({ setting, providers = [] }: Row) =>
  `\`${setting}\`${providers.length === 0 ? "" : ` (${providers.join(", ")})`}`;

const cell = (value: unknown) => (value === undefined ? "—" : `\`${String(value)}\``);

/** The group of settings that a row belongs to, with the name that the table gives it. */
function named({ setting }: Row, stack: string): Readonly<Record<string, unknown>> {
  const name = stageDefaults.find((row) => row.setting === `${setting.split(".")[0]}.name`);
  return name === undefined ? {} : { name: defaultOf(name, { stack, section: {} }) };
}
