/** Texts as they are and as they are once decoded, always with the line that they came from. */

/** A text whose every place leads to a line of the original. */
export class Text {
  private constructor(
    readonly text: string,
    /** Where each piece starts, ascending, and the line of the original it came from. */
    private readonly starts: readonly number[],
    private readonly lines: readonly number[],
  ) {}

  static original(text: string): Text {
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    return new Text(
      text,
      starts,
      starts.map((_, index) => index + 1),
    );
  }

  static of(pieces: readonly Piece[]): Text {
    const starts: number[] = [];
    let length = 0;
    for (const { text } of pieces) {
      starts.push(length);
      length += text.length + 1;
    }
    return new Text(
      pieces.map(({ text }) => text).join("\n"),
      starts,
      pieces.map(({ line }) => line),
    );
  }

  /** Line of the original, from 1. */
  lineAt(offset: number): number {
    return this.lines[this.pieceAt(offset)] ?? 1;
  }

  /** All pieces: the lines of an original, or what was decoded. */
  *pieces(): Generator<Piece> {
    for (const [index, start] of this.starts.entries()) {
      const next = this.starts[index + 1] ?? this.text.length + 1;
      yield { line: this.lines[index] ?? 1, text: this.text.slice(start, next - 1) };
    }
  }

  private pieceAt(offset: number): number {
    let [low, high] = [0, this.starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

interface Piece {
  line: number;
  text: string;
}

/**
 * A text and what comes out of it when percent-encoding, JSON's escapes, base64 and hexadecimal are undone, up to two
 * of them one in the other (a URL in JSON in base64 is found; base64 in base64 in base64 is not).
 */
export function viewsOf(text: string): Text[] {
  const original = Text.original(text);
  const once = decoded(original);
  return [original, ...once, ...once.flatMap(decoded)];
}

function decoded(view: Text): Text[] {
  const pieces = [...view.pieces()];
  return decoders
    .map((decode) => pieces.flatMap(({ line, text }) => decode(text).map((inner) => ({ line, text: inner }))))
    .filter((found) => found.length > 0)
    .map((found) => Text.of(found));
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
