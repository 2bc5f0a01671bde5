/** How hard a value is to guess, seen from its characters alone: low rather than high. */

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
