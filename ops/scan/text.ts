/** Texts as they are and as they are once decoded, always with the line that they came from. */

export class Text {
  constructor(
    readonly text: string,
    /** The line of the original, from 1, that each line came from. */
    private readonly lines: readonly number[] = text.split("\n").map((_, index) => index + 1),
  ) {}

  private breaks: number[] | undefined;
  private byteBreaks: number[] | undefined;

  /** Line of the original, from 1. */
  lineAt(offset: number): number {
    this.breaks ??= breaksIn(this.text);
    return this.lines[countBelow(this.breaks, offset)] ?? 1;
  }

  /** The same by the offset in UTF-8. */
  lineAtByte(offset: number): number {
    this.byteBreaks ??= breaksIn(Buffer.from(this.text));
    return this.lines[countBelow(this.byteBreaks, offset)] ?? 1;
  }

  /** What each decoder makes of it, where it makes anything. */
  decoded(): Text[] {
    const lines = this.text.split("\n");
    return decoders.flatMap((decode) => {
      const found = lines.flatMap((line, index) =>
        decode(line).flatMap((inner) =>
          inner.split("\n").map((text) => ({ text, line: this.lines[index] ?? 1 })),
        ),
      );
      if (found.length === 0) return [];
      return [
        new Text(
          found.map(({ text }) => text).join("\n"),
          found.map(({ line }) => line),
        ),
      ];
    });
  }
}

function breaksIn(text: string | Buffer): number[] {
  const found: number[] = [];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) found.push(at);
  return found;
}

/** How many of them are smaller; they are in their order, and may be as many as a file has lines. */
function countBelow(numbers: readonly number[], limit: number): number {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((numbers[middle] ?? 0) < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * A text and what comes out of it when percent-encoding, JSON's escapes, base64 and hexadecimal are undone, up to two
 * of them one in the other (a URL in JSON in base64 is found; base64 in base64 in base64 is not).
 */
export function viewsOf(text: string): Text[] {
  const original = new Text(text);
  const once = original.decoded();
  return [original, ...once, ...once.flatMap((view) => view.decoded())];
}

/** Each gives what it finds in a line, or nothing. */
const decoders: readonly ((line: string) => string[])[] = [percent, json, base64, hexadecimal];

function percent(line: string): string[] {
  if (!/%[0-9a-f]{2}/i.test(line)) return [];
  return [
    line.replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll("%", ""), "hex").toString()),
  ];
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function json(line: string): string[] {
  if (!line.includes("\\")) return [];
  return [
    line.replaceAll(/\\(?:u([0-9a-f]{4})|(.))/gi, (_, code: string | undefined, character: string) =>
      code === undefined ? (escapes[character] ?? character) : String.fromCharCode(Number.parseInt(code, 16)),
    ),
  ];
}

function base64(line: string): string[] {
  // What stands before it without a gap (a path, a prefix) shifts the groups of four.
  return [...line.matchAll(/[A-Za-z0-9+/_-]{11,}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((shift) => Buffer.from(run.slice(shift), "base64").toString()).filter(holdsText),
  );
}

function hexadecimal(line: string): string[] {
  return [...line.matchAll(/[0-9a-f]{16,}/gi)].flatMap(([run]) =>
    [0, 1].map((shift) => Buffer.from(run.slice(shift), "hex").toString()).filter(holdsText),
  );
}

/** Whether decoding gave something that somebody could have written: most runs are not base64 at all. */
const holdsText = (text: string) => /[\x20-\x7e\u00a1-\u1fff\u2010-\u2fff]{8,}/.test(text);
