/** The log of a deploy: line by line, in a file and in memory, without the secrets that the process was given. */
import { closeSync, openSync, writeSync } from "node:fs";
import type { Output } from "../processes/supervised.ts";

/** Lines that are kept in memory. */
const kept = 500;
/** Characters after which a line is cut, so that a process that never ends one fills no memory. */
const longest = 64 * 1024;
const shortestSecret = 8;
export const hidden = "[secret]";

/** Replaces secrets in a text. */
interface Redactor {
  (text: string): string;
  /** Length of the longest secret. */
  readonly longest: number;
}

/**
 * Hides some values wherever they occur: as they are, percent-encoded, in JSON, and the passwords in those that are
 * URLs. Shorter ones than 8 characters are not looked for: they occur in ordinary words.
 */
export function redactor(values: Iterable<string>): Redactor {
  const forms = [...values].flatMap(partsOf).flatMap((part) => {
    const encoded = encodeURIComponent(part);
    return [part, encoded, encoded.replaceAll(/%../g, (code) => code.toLowerCase()), inJson(part)];
  });
  // The longest first: a URL before the password in it.
  const secrets = [...new Set(forms)]
    .filter(({ length }) => length >= shortestSecret)
    .sort((one, other) => other.length - one.length);
  const pattern = new RegExp(secrets.map(escaped).join("|"), "g");
  const redact = (text: string) => (secrets.length === 0 ? text : text.replaceAll(pattern, hidden));
  return Object.assign(redact, { longest: secrets[0]?.length ?? 0 });
}

/** The value, its lines, and what a URL has for a password, encoded and not. */
function partsOf(value: string): string[] {
  const parts = [value, ...value.split(/\r?\n/)];
  const userInfo = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)@/i.exec(value)?.[1] ?? "";
  const colon = userInfo.indexOf(":");
  if (colon === -1) return parts;
  const password = userInfo.slice(colon + 1);
  return [...parts, password, decoded(password)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const escaped = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

export class Log {
  /** The last 500 lines. */
  readonly lines: string[] = [];
  /** The same as they were printed, secrets too, which a vendor's log does not hide. In memory only. */
  readonly printed: { timestamp: string; message: string }[] = [];
  readonly redact: Redactor;
  private readonly onLine: (line: string) => void;
  private file: number | undefined;

  constructor(file: string, redact: Redactor, onLine: (line: string) => void) {
    this.redact = redact;
    this.onLine = onLine;
    this.file = openSync(file, "a", 0o600);
  }

  add(text: string): void {
    const line = this.redact(text);
    this.lines.push(line);
    if (this.lines.length > kept) this.lines.shift();
    this.printed.push({ timestamp: new Date().toISOString(), message: text });
    if (this.printed.length > kept) this.printed.shift();
    if (this.file !== undefined) writeSync(this.file, `${line}\n`);
    this.onLine(line);
  }

  /** For one output: puts its pieces together to lines. `end` gives the line that was never finished. */
  output(): { push: Output; end(): void } {
    let rest = "";
    return {
      push: (text) => {
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.add(line.replace(/\r$/, ""));
        if (rest.length <= longest) return;
        // A secret may have begun at the end of it: that much waits for what comes.
        rest = this.redact(rest);
        const cut = rest.length - this.redact.longest;
        if (cut > 0) this.add(rest.slice(0, cut));
        rest = rest.slice(Math.max(cut, 0));
      },
      end: () => {
        if (rest !== "") this.add(rest);
        rest = "";
      },
    };
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
