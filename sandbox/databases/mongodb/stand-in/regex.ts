/** MongoDB's regular expressions are PCRE's; those that JavaScript cannot read the same way are refused. */
import { BSONRegExp } from "bson";
import { notImplemented, unknown } from "./errors.ts";

/** What these mean in PCRE, without the option `m` and with it, and without `s`. */
const translated: Record<string, string> = {
  $: "(?=\\n?(?![^]))",
  "\\A": "(?<![^])",
  "\\Z": "(?=\\n?(?![^]))",
  "\\z": "(?![^])",
};
const multiline: Record<string, string> = { ...translated, $: "(?![^\\n])", "^": "(?<![^\\n])" };

/** Whether a value is a text that the expression finds something in, or the same expression. */
export function regexTest(pattern: string, options: string): (value: unknown) => boolean {
  if (/[^imsu]/.test(options)) throw notImplemented(`the regular expression option in "${options}"`);
  if (/\(\?[a-zA-Z#>|]|\\[GQEKhHRX]|\[\^?\]|\[\[:|[*+?}]\+|\(\*/.test(pattern))
    throw notImplemented("a regular expression that only PCRE knows");
  const anchors = options.includes("m") ? multiline : translated;
  const source = pattern.replace(/\\.|\[(?:\\.|[^\]\\])*\]|[$^.]/gs, (token) =>
    token === "." && !options.includes("s") ? "[^\\n]" : (anchors[token] ?? token),
  );
  const regex = compile(source, options.includes("i") ? "is" : "s");
  return (value) => {
    if (typeof value === "string") return regex.test(value);
    return value instanceof BSONRegExp && value.pattern === pattern && value.options === options;
  };
}

function compile(source: string, flags: string): RegExp {
  for (const unicode of ["u", ""]) {
    try {
      return new RegExp(source, flags + unicode);
    } catch {
      // With "u" an escape that is not needed, such as \@, is an error; without it \p{…} would mean something else.
      if (/\\[pPux]/.test(source)) break;
    }
  }
  throw unknown(51091, "this regular expression, which may be invalid");
}
