/**
 * Where a file differs from what it should be, one line for each place. Of the file itself only numbers of lines are said:
 * somebody may have written a secret into it.
 */
export function differences(found: string, wanted: string): string[] {
  const [old, now] = [linesOf(found), linesOf(wanted)];
  const common = commonLines(old, now);
  const said: string[] = [];
  let [at, to] = [0, 0];
  for (const [index, twin] of [...common, [old.length, now.length] as const]) {
    const expected = now.slice(to, twin);
    if (index > at || expected.length > 0) said.push(placeOf(at + 1, index, expected));
    [at, to] = [index + 1, twin + 1];
  }
  return said;
}

/** Without what an editor or git on Windows adds. */
const linesOf = (text: string) => text.replaceAll("\r\n", "\n").trimEnd().split("\n");

/** @param first line of the file that is wrong @param last before `first` where only something is missing */
function placeOf(first: number, last: number, expected: readonly string[]): string {
  const where =
    last < first ? `before line ${first}` : first === last ? `line ${first}` : `lines ${first} to ${last}`;
  return expected.length === 0
    ? `  ${where}: expected nothing`
    : [`  ${where}: expected`, ...expected.map((line) => `    ${line}`.trimEnd())].join("\n");
}

/** Pairs of lines that are the same, as many as there are in order. */
function commonLines(one: readonly string[], other: readonly string[]): (readonly [number, number])[] {
  const length: number[][] = Array.from({ length: one.length + 1 }, () => Array(other.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = one.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      (length[i] as number[])[j] =
        one[i] === other[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const pairs: [number, number][] = [];
  for (let [i, j] = [0, 0]; i < one.length && j < other.length; ) {
    if (one[i] === other[j]) pairs.push([i++, j++]);
    else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return pairs;
}
