/** Glob-style patterns as KEYS takes them. Ends in good time whatever the pattern: a regular expression might not. */

type Part = "*" | ((char: string) => boolean);

/** Whether a text matches a pattern. */
export function glob(pattern: string): (text: string) => boolean {
  const parts = partsOf(pattern);
  return (text) => {
    let [part, at] = [0, 0];
    /** The last `*`, and up to where it reaches so far. */
    let star: { part: number; at: number } | undefined;
    while (at < text.length) {
      const wanted = parts[part];
      if (wanted === "*") star = { part: part++, at };
      else if (wanted?.(text[at] as string)) {
        part += 1;
        at += 1;
      } else if (star !== undefined) {
        star.at += 1;
        [part, at] = [star.part + 1, star.at];
      } else return false;
    }
    return parts.slice(part).every((rest) => rest === "*");
  };
}

function partsOf(pattern: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at] as string;
    if (char === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (char === "?") parts.push(() => true);
    else if (char === "[") {
      const { matches, end } = classFrom(pattern, at + 1);
      parts.push(matches);
      at = end;
    } else {
      const literal = char === "\\" ? (pattern[++at] ?? char) : char;
      parts.push((given) => given === literal);
    }
  }
  return parts;
}

/** `[a-z]` and its like; a range that is the wrong way round is turned, one without an end goes on to the end. */
function classFrom(pattern: string, start: number) {
  const not = pattern[start] === "^";
  const ranges: [string, string][] = [];
  let end = not ? start + 1 : start;
  for (; end < pattern.length && pattern[end] !== "]"; end++) {
    const escaped = pattern[end] === "\\" && end + 1 < pattern.length;
    if (escaped) end += 1;
    const low = pattern[end] as string;
    const isRange = !escaped && pattern[end + 1] === "-" && end + 2 < pattern.length;
    if (isRange) end += 2;
    const high = pattern[end] as string;
    ranges.push(low <= high ? [low, high] : [high, low]);
  }
  return {
    end,
    matches: (char: string) => ranges.some(([low, high]) => low <= char && char <= high) !== not,
  };
}
