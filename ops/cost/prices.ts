/**
 * The price table, prices.json: one page and one date for each family, or for a single price where it has its own.
 * Nothing in it is guessed; what has no source is null there and unknown here.
 */
import table from "./prices.json" with { type: "json" };

/** What a plan costs per month. `to` undefined: at least `from`. Both equal: exactly that. */
export interface Price {
  from: number;
  to: number | undefined;
}

type PriceEntry =
  | number
  | null
  | { from?: number; to?: number; hourly?: number; page?: string; date?: string };

/** Prices of one vendor's kind of resource. */
interface Family {
  /** The vendor's page. */
  page: string;
  /** The day for which the source vouches, `YYYY-MM-DD`. */
  date: string;
  note?: string;
  prices: Readonly<Record<string, PriceEntry>>;
}

export type FamilyName = keyof typeof table.families;
export const families: Readonly<Record<FamilyName, Family>> = table.families;
export const currency = table.currency;

export const cents = (amount: number): number => Math.round(amount * 100) / 100;

/** Hours of a month, as Render's and Atlas' monthly figures take them: 365 × 24 / 12. */
export const hoursPerMonth = 730;

/** The price of a plan; undefined where the table has none. */
export function priceOf(family: FamilyName, plan: string): Price | undefined {
  const { prices } = families[family];
  const given = Object.hasOwn(prices, plan) ? prices[plan] : undefined;
  if (given === undefined || given === null) return undefined;
  if (typeof given === "number") return { from: given, to: given };
  if (given.hourly !== undefined) return { from: given.hourly * hoursPerMonth, to: undefined };
  return { from: given.from ?? 0, to: given.to };
}

/** Where the price of a plan was read, and when. */
export function sourceOf(family: FamilyName, plan: string): { page: string; date: string } {
  const { prices, ...whole } = families[family];
  const given = prices[plan];
  const { page = whole.page, date = whole.date } = typeof given === "object" && given !== null ? given : {};
  return { page, date };
}

/** How old a price may grow before people are told to look again. In days. */
export const oldest = 90;

/** One line for each page whose prices are older than {@link oldest} days on a day. */
export function outdated(sources: readonly { page: string; date: string }[], now: Date): string[] {
  const byPage = new Map<string, string>();
  for (const { page, date } of sources) {
    const known = byPage.get(page);
    if (known === undefined || date < known) byPage.set(page, date);
  }
  return [...byPage].flatMap(([page, date]) => {
    const days = Math.floor((now.getTime() - Date.parse(date)) / 86_400_000);
    return days > oldest
      ? [`prices of ${page} are of ${date}, ${days} days old: look again and correct ops/cost/prices.json`]
      : [];
  });
}
