/** What a value looks like from the outside: generated, made up, or standing where a secret will stand. */

/** Words that documents and examples use. */
const words =
  /^(?:user(?:name)?|login|pass|pa55|password|passwort|passwd|pwd|secret|token|key|api-?key|opaque|canary|example|exemple|changeme|change-me|your[-_ ].*|my[-_].*|mot[-_ ]?de[-_ ]?passe|none|null|undefined|redacted|hidden|masked|xxx+|\*+|\.+|…+)$/i;

/** Markers of Pulumi's wire format and state, the same for everybody. Source: sdk/go/common/resource/sig of Pulumi. */
const markers = new Set(["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"]);

/** True for `<mot-de-passe>`, `${VAR}`, `[secret]`, `{{ x }}`, `$VAR`, `%VAR%`, `***`, `…` and the words of examples. */
export function isPlaceholder(value: string): boolean {
  if (markers.has(value)) return true;
  return (
    /[<>{}[\]…]|\$\(|\*\*\*|\.\.\.|^\$|^%(?:[sd(]|\w+%$)/.test(value) ||
    words.test(value) ||
    new Set(value).size < 3
  );
}

/**
 * Hosts that are nobody's: reserved names (RFC 2606, RFC 6761), this machine, and names without a dot, such as
 * `host`, which examples use and Render's private network too.
 */
export function isNobodysHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, "");
  return (
    !name.includes(".") ||
    /(?:^|\.)(?:example|invalid|test|localhost)$/.test(name) ||
    /(?:^|\.)example\.(?:com|net|org)$/.test(name) ||
    /^127\.|^0\.0\.0\.0$/.test(name)
  );
}

/** Whether a value is a password at this host: at one that nobody has, or that is put in later, examples live. */
export const isPasswordAt = (host: string, value: string): boolean =>
  !isPlaceholder(value) && (!(isNobodysHost(host) || isPlaceholder(host)) || strength(value) >= 60);

/**
 * Bits of entropy that a value has at least, by the look of it. Words count little, repetitions nothing, a run of
 * digits as a date or a number. A random value may come out too low now and then (a password of 32 letters and digits
 * below 88 bits: one in a thousand); one that a person made up comes out high only when it is very long.
 */
export function strength(value: string): number {
  // No vendor generates blanks; a sentence is a person's.
  if (/\s/.test(value)) return 0;
  if (isHexadecimal(value)) {
    const digits = value.toLowerCase().replaceAll("-", "");
    return new Set(digits).size >= 10 && !isSequence(digits) ? digits.length * 4 : 0;
  }
  const alphabet = Math.log2(
    (/[a-z]/.test(value) ? 26 : 0) +
      (/[A-Z]/.test(value) ? 26 : 0) +
      (/[0-9]/.test(value) ? 10 : 0) +
      (/[^A-Za-z0-9]/.test(value) ? 10 : 0),
  );
  const seen = new Set<string>();
  let bits = 0;
  for (const [part] of value.matchAll(/[A-Z]?[a-z]{3,}|[A-Z]{4,}|[0-9]{3,}|./gsu)) {
    const known = part.length > 1 && seen.has(part.toLowerCase());
    seen.add(part.toLowerCase());
    if (known) bits += 1;
    else if (part.length === 1) bits += alphabet;
    else if (/^[0-9]/.test(part)) bits += Math.min(part.length * Math.log2(10), 12);
    // About what a word of a language tells that was not expected.
    else bits += /[aeiouy]/i.test(part) ? 6 : alphabet * part.length;
  }
  return Math.min(bits, value.length * Math.log2(new Set(value).size));
}

const isHexadecimal = (value: string) =>
  /^[0-9a-f-]+$/i.test(value) && /[0-9]/.test(value) && /[a-f]/i.test(value);

/** `0123456789abcdef…`: what people type when they need an id. */
const isSequence = (digits: string) => "0123456789abcdef0123456789abcdef".includes(digits.slice(0, 12));
