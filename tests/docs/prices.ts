/** Where the prices of the cost estimate come from, and how old they are: docs/reference/prices.md. */
import { type FamilyName, families, oldest, sourceOf } from "../../ops/cost/prices.ts";
import { table } from "./markers.ts";

/** The whole file. */
export function pricesReference(): string {
  return [
    "# Prices",
    `Every price of the [cost estimate](../en/reading-a-plan.md#what-it-costs) stands in [\`ops/cost/prices.json\`](../../ops/cost/prices.json) with the page that it was read from and the day for which that page vouches. ${oldest} days later each plan asks somebody to look again.`,
    table(
      ["prices", "page", "read for", "look again after", "prices", "without a source"],
      (Object.keys(families) as FamilyName[]).flatMap(rowsOf),
    ),
  ].join("\n\n");
}

/** One row for each page and day of a family. */
function rowsOf(family: FamilyName): string[][] {
  const { prices, note } = families[family];
  const sources = new Map<string, string[]>();
  for (const plan of Object.keys(prices)) {
    const { page, date } = sourceOf(family, plan);
    const key = `${page} ${date}`;
    sources.set(key, [...(sources.get(key) ?? []), plan]);
  }
  return [...sources].map(([source, plans], index) => {
    const [page = "", date = ""] = source.split(" ");
    const known = plans.filter((plan) => prices[plan] !== null);
    return [
      `\`${family}\`${note === undefined || index > 0 ? "" : ` (${note})`}`,
      `<${page}>`,
      date,
      later(date, oldest),
      String(known.length),
      plans
        .filter((plan) => !known.includes(plan))
        .map((plan) => `\`${plan}\``)
        .join(", "),
    ];
  });
}

const later = (day: string, days: number) =>
  new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
