/** Numbers, times and names as people read them, in English and in French. */

/** `1 variable`, `2 variables`; a word whose plural is more than an s gives it. */
export const plural = (count: number, noun: string, more = `${noun}s`): string =>
  `${count} ${count === 1 ? noun : more}`;

/** The same in French, where nothing, and one and a half, are no plural. */
export const pluralFr = (count: number, noun: string, more = `${noun}s`): string =>
  `${count} ${Math.abs(count) < 2 ? noun : more}`;

/** A number with French's comma. */
export const decimalFr = (value: number | string): string => String(value).replace(".", ",");

export const list = (names: readonly string[]): string => names.join(", ");

const done: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  same: "unchanged",
  read: "read",
  import: "imported",
};

/** Resources by what Pulumi did to them: `1 created, 2 unchanged`; empty where there was nothing. */
export const operations = (changes: Readonly<Record<string, number>>): string =>
  list(Object.entries(changes).map(([op, count]) => `${count} ${done[op] ?? op}`));

/** `12.3 s` */
export const inSeconds = (seconds: number): string => `${seconds.toFixed(1)} s`;

/** `2 d 3 h`, `45 min`: two units, the greatest ones; rounded down. */
export function span(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return "less than a minute";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

const units = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What somebody typed, such as `90s` or `3d`, in milliseconds. @returns undefined when it is no such time */
export function milliseconds(text: string, allowed: readonly (keyof typeof units)[]): number | undefined {
  const [, amount, unit = ""] = /^(0|[1-9]\d{0,3})([smhd])$/.exec(text) ?? [];
  const known = allowed.find((one) => one === unit);
  return known === undefined ? undefined : Number(amount) * units[known];
}
