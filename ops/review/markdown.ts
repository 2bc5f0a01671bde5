/** What the Markdown of reviews is made of. */
export { code, folded, prose, table } from "../terminal/markdown.ts";

/** The first items, and how many more there are. */
export function capped(items: readonly string[], most = 20): string[] {
  if (items.length <= most) return [...items];
  return [...items.slice(0, most), `and ${items.length - most} more`];
}
