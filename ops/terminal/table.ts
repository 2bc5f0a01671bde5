/** Tables for a terminal: columns without lines, since what is printed is often pasted. */
import Table from "cli-table3";
import pc from "picocolors";
import { harmless } from "./output.ts";

const bare = Object.fromEntries(
  "top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid"
    .split(" ")
    .map((part) => [part, ""])
    .concat([["middle", " "]]),
);

/** At a non-breaking space no line may end. The table breaks at every kind of space, so it gets none there. */
const unbreakable = "\u00a0";
const glue = "\ue000";

/** Characters of a cell: nobody reads more, and the table takes minutes to wrap as much as a vendor's name can have. */
const longest = 1000;

/** As they are shown: of what a terminal obeys, links for one, the table makes something of its own. */
const cells = (row: readonly string[]) =>
  row.map(harmless).map((cell) => (cell.length > longest ? `${cell.slice(0, longest)}…` : cell));

/** Rows under no head, in columns of these widths, wrapped. */
export function columnsText(widths: readonly number[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: bare,
    colWidths: [...widths],
    wordWrap: true,
    style: { head: [], border: [], "padding-left": 2, "padding-right": 0 },
  });
  table.push(...rows.map((row) => cells(row).map((cell) => cell.replaceAll(unbreakable, glue))));
  return table.toString().replaceAll(glue, unbreakable).replaceAll(/ +$/gm, "");
}

/** A table without spaces at the ends of its lines. */
export function tableText(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: head.map((title) => pc.dim(title)),
    style: { head: [], border: [], "padding-left": 1, "padding-right": 1 },
    chars: bare,
  });
  table.push(...rows.map(cells));
  return table.toString().replaceAll(/ +$/gm, "");
}
