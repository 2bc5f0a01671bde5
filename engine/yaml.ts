/**
 * YAML as the engine reads and writes it: Go's yaml.v3 is neither YAML 1.1 nor 1.2. Dates become points in time, a
 * leading zero means octal, `_` groups digits, and `yes` is a text.
 *
 * @see https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go
 */
import {
  type Document,
  type DocumentOptions,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type ParseOptions,
  parseDocument,
  type ScalarTag,
  type SchemaOptions,
  stringify,
} from "yaml";
import { stringifyString } from "yaml/util";
import { visible } from "../vendors/redaction.ts";
import { UserError } from "./errors.ts";

/** Keys and indices, from the document's root. */
export type Path = readonly (string | number)[];

/** What stands without quotes and is no text for YAML, or another one than is written there. */
export interface Resolved {
  path: Path;
  source: string;
  /** What the engine has in its place, as a text. */
  made: string;
}

/**
 * What a YAML text says, and what of it is no text, or another one, for want of quotes.
 *
 * @throws UserError with the first line of what is wrong with it, and the file's name
 */
export function readYaml(text: string, name: string): { value: unknown; resolved: Resolved[] } {
  const document = documentOf(text, name);
  const resolved = [...resolvedIn(document.contents, [], document)];
  const value = contentOf(document, name);
  const refused = resolved.find(({ made }) => /^(-?Infinity|NaN)$/.test(made));
  if (refused === undefined) return { value, resolved };
  const { path, source, made } = refused;
  const where = visible(path.join(".").replace(/^config\./, "")).slice(0, 300);
  throw new UserError(
    `${name}: ${where}: YAML makes ${made} of ${source}, which Pulumi refuses; put it in quotes: "${source}"`,
  );
}

/** What a YAML text says. @throws UserError as {@link readYaml} */
export const yamlIn = (text: string, name: string): unknown => readYaml(text, name).value;

/** Something in a YAML text. */
export interface Placed {
  path: Path;
  /** From 1, as editors count. */
  line: number;
  /** Of a value that is no list and no group: as it is written. */
  source?: string;
}

/** Where everything stands that has a key or an index. @throws UserError as {@link readYaml} */
export function placesIn(text: string, name: string): Placed[] {
  const lines = new LineCounter();
  const { contents } = documentOf(text, name, lines);
  return [...placedIn(contents, [], (offset) => lines.linePos(offset).line)];
}

function* placedIn(node: unknown, path: Path, lineAt: (offset: number) => number): Generator<Placed> {
  const items: { at: unknown; name: string | number; value: unknown }[] = isSeq(node)
    ? node.items.map((value, name) => ({ at: value, name, value }))
    : isMap(node)
      ? node.items.map(({ key, value }) => ({
          at: key,
          name: String(isScalar(key) ? key.value : key),
          value,
        }))
      : [];
  for (const { at, name, value } of items) {
    const [offset = 0] = isNode(at) ? (at.range ?? []) : [];
    const source = isScalar(value) ? String(value.source ?? value.value) : undefined;
    yield { path: [...path, name], line: lineAt(offset), ...(source !== undefined && { source }) };
    yield* placedIn(value, [...path, name], lineAt);
  }
}

/** The text as a document whose comments and layout stay. @throws UserError as {@link readYaml} */
export function documentOf(text: string, name: string, lineCounter?: LineCounter): Document {
  if (text.length > largest)
    throw new UserError(`${name}: got ${text.length} characters; expected at most ${largest}`);
  const document = parseDocument(text, { ...dialect, ...(lineCounter && { lineCounter }) });
  const [error] = [...document.errors, ...document.warnings];
  if (error === undefined) {
    new Extent(document, name).measure(document.contents);
    return document;
  }
  if (error.code === "MULTIPLE_DOCS")
    throw new UserError(`${name}: got a second document behind ---, which Pulumi leaves out; expected one`);
  // The library reads what is nested by calling itself.
  if (error.message.startsWith("Maximum call stack")) throw new UserError(tooDeep(name));
  const [line = ""] = error.message.split("\n");
  throw new UserError(`${name}: ${line.replace(/:$/, "").slice(0, 300)}`);
}

/** Far more than any stack file has: characters, values with what aliases repeat, values within values. */
const largest = 1_000_000;
const mostValues = 100_000;
const deepest = 100;

const tooDeep = (name: string) => `${name}: got values nested more than ${deepest} deep; expected fewer`;

/** How large a document is once each alias stands for what it names: a few lines can be more than a memory holds. */
class Extent {
  private values = 0;
  private readonly open = new Set<unknown>();

  constructor(
    private readonly document: Document,
    private readonly name: string,
  ) {}

  /** @throws UserError when a value contains itself, or all are too many or too deep */
  measure(node: unknown, depth = 0): void {
    this.values += 1;
    if (this.values > mostValues)
      throw new UserError(`${this.name}: got more than ${mostValues} values, with aliases; expected fewer`);
    if (depth > deepest) throw new UserError(tooDeep(this.name));
    if (isAlias(node)) {
      const named = node.resolve(this.document);
      if (this.open.has(named))
        throw new UserError(
          `${this.name}: got *${node.source} inside of &${node.source}; expected no such circle`,
        );
      this.measure(named, depth + 1);
    } else if (isCollection(node)) {
      this.open.add(node);
      for (const item of node.items) {
        if (isPair(item) && !isScalar(item.key))
          throw new UserError(`${this.name}: got a list or a group as a key; expected a text`);
        this.measure(isPair(item) ? item.value : item, depth + 1);
      }
      this.open.delete(node);
    }
  }
}

function contentOf(document: Document, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    // Of an alias only its use tells that nothing has the name.
    throw new UserError(`${name}: ${(error as Error).message.slice(0, 300)}`);
  }
}

/** A value as YAML that the engine reads back as the same: what it would take for a number or a date is quoted. */
export const yamlOf = (value: unknown): string => stringify(value, dialect);

/** Where an alias stands, and what a merge brings, counts as written there. The key of a merge is a symbol. */
function* resolvedIn(node: unknown, path: Path, document: Document): Generator<Resolved> {
  if (isAlias(node)) yield* resolvedIn(node.resolve(document), path, document);
  else if (isSeq(node))
    for (const [index, item] of node.items.entries()) yield* resolvedIn(item, [...path, index], document);
  else if (isMap(node))
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? key.value : key;
      if (typeof name !== "symbol") yield* resolvedIn(value, [...path, String(name)], document);
      else for (const one of isSeq(value) ? value.items : [value]) yield* resolvedIn(one, path, document);
    }
  else if (isScalar(node) && node.type === "PLAIN" && node.source && node.value !== node.source)
    yield { path, source: node.source, made: String(node.value) };
}

type Meaning = number | bigint | boolean | string | null;

const words = new Map<string, Meaning>([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF"].flatMap((word) => [
    [word, Number.POSITIVE_INFINITY] as const,
    [`+${word}`, Number.POSITIVE_INFINITY] as const,
    [`-${word}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

/** What yaml.v3 makes of a text without quotes; undefined for what stays a text. */
function resolve(text: string): Meaning | undefined {
  if (words.has(text)) return words.get(text);
  if (!/^[-+.\d]/.test(text)) return undefined;
  return pointInTime(text) ?? number(text);
}

function number(text: string): number | bigint | undefined {
  // After a leading point the underscores are Go's own, between digits only.
  if (/^\./.test(text) && !/^\.\d+(_\d+)*(e[-+]?\d+)?$/i.test(text)) return undefined;
  const plain = text.replaceAll("_", "");
  const [, sign = "", digits = ""] = /^([-+]?)(0x[\da-f]+|0b[01]+|0o?[0-7]+|0|[1-9]\d*)$/i.exec(plain) ?? [];
  if (digits !== "") {
    const whole = BigInt(digits.replace(/^0(?=\d)/, "0o").toLowerCase()) * (sign === "-" ? -1n : 1n);
    const fits = whole >= -(2n ** 63n) && whole < 2n ** (sign === "" ? 64n : 63n);
    if (fits) return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  if (!/^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value + 0 : undefined;
}

/** A point in time, as Go prints it: that is what Pulumi hands to the program. */
function pointInTime(text: string): string | undefined {
  const date = "(\\d{4})-(\\d{1,2})-(\\d{1,2})";
  const time = "(\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:[.,](\\d+))?";
  const zone = "(?:Z|([-+])(\\d\\d):(\\d\\d))";
  const match = new RegExp(`^${date}(?:[Tt]${time}${zone}| ${time})?$`).exec(text);
  if (match === null) return undefined;
  const [, year, month, day, ...rest] = match;
  const zoned = rest.slice(0, 7);
  const [hour = "0", minute = "0", second = "0", fraction = ""] =
    zoned[0] === undefined ? rest.slice(7) : zoned;
  const [sign = "+", hours = "00", minutes = "00"] = zoned.slice(4);
  const two = (digits: string | undefined) => `${digits}`.padStart(2, "0");
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`;
  const moment = `${year}-${two(month)}-${two(day)}T${clock}`;
  // JavaScript takes the 31st of a shorter month for the 1st of the next.
  const parsed = Date.parse(`${moment}Z`);
  if (Number.isNaN(parsed) || new Date(parsed).toISOString().slice(0, 19) !== moment) return undefined;
  if (Number(hours) > 24 || Number(minutes) > 59) return undefined;
  const parts = fraction.slice(0, 9).replace(/0+$/, "");
  const offset = `${sign}${hours}${minutes}`;
  const place = /^[-+]0000$/.test(offset) ? "+0000 UTC" : `${offset} ${offset}`;
  return `${moment.replace("T", " ")}${parts === "" ? "" : `.${parts}`} ${place}`;
}

/** Every text without quotes that means something else. */
const meant: ScalarTag = {
  tag: "tag:yaml.org,2002:float",
  default: true,
  // The library wants a pattern, and asks it nothing but this.
  test: { test: (text: string) => resolve(text) !== undefined } as RegExp,
  resolve: (text) => {
    const meaning = resolve(text);
    return meaning === undefined ? text : meaning;
  },
  identify: (value) => value === null || ["number", "bigint", "boolean"].includes(typeof value),
  stringify: ({ source, value }) =>
    source !== undefined && Object.is(resolve(source), value) ? source : String(value),
};

/** A text; one that was written without quotes and read as a date stays as it was written. */
const text: ScalarTag = {
  tag: "tag:yaml.org,2002:str",
  default: true,
  resolve: (value) => value,
  identify: (value) => typeof value === "string",
  stringify: (item, context, onComment, onChompKeep) => {
    const { source, type, value } = item;
    const isDate = type === "PLAIN" && source !== undefined && source !== value && resolve(source) === value;
    return isDate
      ? source
      : stringifyString(item as never, { ...context, actualString: true } as never, onComment, onChompKeep);
  },
};

/** The same where it is said: `!!int "18"`. Other tags are refused. */
const explicit = ["int", "bool", "null", "timestamp"].map((name) => ({
  ...meant,
  tag: `tag:yaml.org,2002:${name}`,
  default: false,
}));

/** How the library reads and writes it. */
const dialect = {
  customTags: () => ["map", "seq", text, meant, ...explicit, "merge"],
  merge: true,
  resolveKnownTags: false,
} as const satisfies ParseOptions & DocumentOptions & SchemaOptions;
