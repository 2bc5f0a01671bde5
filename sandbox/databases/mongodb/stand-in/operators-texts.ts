/** Operators of expressions on texts, where they are not as in JavaScript. */
import { BSONRegExp, ObjectId } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { isNothing, type Operator, of, parts, strict } from "./operator.ts";
import { regexTest } from "./regex.ts";
import { numeric, toNumber, typeName, typeOf } from "./values.ts";

function toText(value: unknown): string {
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Date) return value.toISOString();
  if (["string", "bool", "number"].includes(typeOf(value)))
    return typeOf(value) === "number" ? String(numeric(value)) : String(value);
  throw new CommandError(241, `Unsupported conversion from ${typeName(value)} to string in $convert`);
}

/** Only letters of ASCII change; nothing is an empty text. */
const cased = (letters: RegExp, change: (text: string) => string) =>
  of(1, (value) => (isNothing(value) ? "" : toText(value).replace(letters, change)));

/** Counted in bytes; a length of less than 0, or of more than there is, is to the end. */
function substring(value: unknown, start: unknown, length: unknown): string {
  const bytes = Buffer.from(isNothing(value) ? "" : toText(value));
  const [from, count] = [toNumber(start) ?? 0, toNumber(length) ?? 0];
  const part = bytes.subarray(from, count < 0 ? undefined : from + count);
  if (from >= 0 && Buffer.from(part.toString()).equals(part)) return part.toString();
  throw new CommandError(
    28656,
    "$substrBytes: Invalid range, it starts or ends in the middle of a character",
  );
}

export const textOperators: Record<string, Operator> = {
  $toString: strict(1, toText),
  $toUpper: cased(/[a-z]+/g, (text) => text.toUpperCase()),
  $toLower: cased(/[A-Z]+/g, (text) => text.toLowerCase()),
  $substr: of(3, substring),
  $substrBytes: of(3, substring),
  $regexMatch: (operand, compile, name) => {
    const { input, regex, options } = parts(operand, name, ["input", "regex"]);
    const [pattern, flags] = regex instanceof BSONRegExp ? [regex.pattern, regex.options] : [regex, ""];
    if (typeof pattern !== "string" || pattern.startsWith("$"))
      throw notImplemented(`a computed regex of ${name}`);
    const test = regexTest(pattern, String(options ?? flags));
    const source = compile(input);
    return (scope) => test(source(scope));
  },
};
