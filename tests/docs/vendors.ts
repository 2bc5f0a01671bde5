/** What the vendors offer and what a change means to what exists, as infra/facts has it: docs/reference/vendors.md. */
import fields from "../../infra/facts/fields.json" with { type: "json" };
import { type KindName, kinds } from "../../infra/resources.ts";
import { type OpenKind, openFields } from "../../infra/settings/fields.ts";
import { type Facts, facts } from "../../infra/settings/vendors.ts";
import { transitions } from "../../infra/transitions.ts";
import { oldestFact } from "../../ops/plan/warnings.ts";
import { plain, table } from "./markers.ts";

/** The whole file. */
export function vendorsReference(): string {
  return [
    "# What the vendors offer",
    `Regions, plans, versions and limits that the settings keep to, with the source and the day for which it vouches. They stand in [\`infra/facts\`](../../infra/facts), one file a vendor. ${oldestFact} days later each plan asks somebody to look again.`,
    ...Object.entries(facts).flatMap(([vendor, { tables }]) => [
      `## ${vendor}`,
      table(
        ["list", "words", "no longer sold: what takes its place", "source", "day"],
        Object.entries(tables as Record<string, Facts>).map(factsRow),
      ),
    ]),
    "## What `with:` takes",
    "Fields of the providers' resources that no setting has, by their own names, and what each has to be. A section's `with:` passes them on as they are; a field that a setting has, one that holds a secret and one that may lose data unseen are refused.",
    table(
      ["below", "resource", "fields", "source", "day"],
      (Object.keys(fields) as OpenKind[]).map((kind) => [
        `\`${kinds[kind].section}${kinds[kind].section === "backend" ? "[]" : ""}.with\``,
        resourceWord(kind),
        openFields(kind)
          .map(([field, type]) => `\`${field}\` (${type})`)
          .join(", "),
        linked(fields[kind].source),
        fields[kind].day,
      ]),
    ),
    "## What a change means",
    "Of what exists already, by the setting that changes. The first row that fits holds; what fits none is changed in place. `refused` and `two steps` are refused before anything is touched, `loses data` until the database's section says its name in `mayBeDestroyed`.",
    table(
      ["setting", "of", "from", "to", "outcome", "the vendor's rule", "instead", "source"],
      transitions.map(
        ({ kind, setting, from, to, tier, direction, outcome, rule, instead = "", ...about }) => [
          `\`${setting}\``,
          resourceWord(kind),
          plain(from ?? "anything"),
          plain(
            [to ?? direction ?? "anything", ...(tier === undefined ? [] : [`with a tier ${tier}`])].join(
              ", ",
            ),
          ),
          outcome === "allowed" ? outcome : `**${outcome}**`,
          plain(rule),
          plain(instead),
          `${linked(about.source)}, ${about.day}`,
        ],
      ),
    ),
  ].join("\n\n");
}

const resourceWord = (kind: KindName) => kinds[kind].type.replace(/^(\w+):.*:(\w+)$/, "$2 ($1)");

const linked = (source: string) => source.replaceAll(/https:\/\/[^\s,)]+/g, "<$&>");

function factsRow([name, { words, retired = {}, source, day, note }]: [string, Facts]): string[] {
  return [
    `${name}${note === undefined ? "" : ` (${note})`}`,
    Object.entries(words)
      .map(([word, about]) => `\`${word}\`${aboutOf(about)}`)
      .join(", "),
    Object.entries(retired)
      .map(
        ([word, { successor, kept }]) => `\`${word}\`${kept ? " (kept where it is)" : ""}: \`${successor}\``,
      )
      .join(", "),
    linked(source),
    day,
  ];
}

/** ` (disk 128, connections 1500)`; nothing where there is nothing to say. */
function aboutOf(about: object): string {
  const parts = Object.entries(about).map(([key, value]) => (value === true ? key : `${key} ${value}`));
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
