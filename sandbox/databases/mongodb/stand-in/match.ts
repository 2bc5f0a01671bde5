/**
 * Filters. What a filter says that is not known here is an error, never a filter that lets everything through.
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/
 */
import { BSONRegExp, type Document } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { compare, equal, isDocument, missing, toNumber, truthy, typeOf } from "./values.ts";

export type Predicate = (document: Document) => boolean;
/** Of the values that a path leads to. */
type Test = (values: unknown[]) => boolean;

/** The filter as a function. Throws on what it does not understand before it sees a document. */
export function matcher(filter: unknown): Predicate {
  if (filter === undefined) return () => true;
  if (!isDocument(filter)) throw new CommandError(14, "Expected field filter to be of type object");
  const predicates = Object.entries(filter).map(([key, value]) =>
    key.startsWith("$") ? logical(key, value) : onPath(key, fieldTest(value)),
  );
  return (document) => predicates.every((predicate) => predicate(document));
}

function logical(name: string, value: unknown): Predicate {
  if (name === "$comment") return () => true;
  if (name !== "$and" && name !== "$or" && name !== "$nor") {
    if (["$expr", "$where", "$text", "$jsonSchema"].includes(name)) throw notImplemented(name);
    throw new CommandError(2, `unknown top level operator: ${name}`);
  }
  if (!Array.isArray(value) || value.length === 0)
    throw new CommandError(2, `${name} argument must be a non-empty array`);
  const parts = value.map((part) => {
    if (!isDocument(part)) throw new CommandError(2, "$or/$and/$nor entries need to be full objects");
    return matcher(part);
  });
  if (name === "$and") return (document) => parts.every((part) => part(document));
  if (name === "$or") return (document) => parts.some((part) => part(document));
  return (document) => !parts.some((part) => part(document));
}

function onPath(path: string, test: Test): Predicate {
  const parts = path.split(".");
  return (document) => test([...valuesAt(document, parts, 0)]);
}

/** What a path leads to, without what is not there. */
export const valuesOf = (document: Document, path: string) =>
  [...valuesAt(document, path.split("."), 0)].filter((value) => value !== missing);

/** Through documents and, without being asked to, through the documents in arrays. */
function* valuesAt(value: unknown, parts: string[], at: number): Generator<unknown> {
  const part = parts[at];
  if (part === undefined) yield value;
  else if (Array.isArray(value)) {
    if (/^\d+$/.test(part) && Number(part) < value.length)
      yield* valuesAt(value[Number(part)], parts, at + 1);
    for (const element of value) if (isDocument(element)) yield* valuesAt(element, parts, at);
  } else if (isDocument(value) && Object.hasOwn(value, part)) yield* valuesAt(value[part], parts, at + 1);
  else yield missing;
}

const hasOperators = (value: unknown): value is Document =>
  isDocument(value) && Object.keys(value)[0]?.startsWith("$") === true && !("$ref" in value);

function fieldTest(condition: unknown): Test {
  if (condition instanceof BSONRegExp) return anyOf(regexTest(condition.pattern, condition.options));
  if (!hasOperators(condition)) return equals(condition);
  const tests = Object.entries(condition).map(([name, operand]) => operatorTest(name, operand, condition));
  return (values) => tests.every((test) => test(values));
}

/** A value counts as itself and, when it is an array, as each of its elements. */
function anyOf(test: (value: unknown) => boolean): Test {
  return (values) => values.some((value) => test(value) || (Array.isArray(value) && value.some(test)));
}

const not =
  (test: Test): Test =>
  (values) =>
    !test(values);

const equals = (operand: unknown) => anyOf((value) => equal(value, operand));

function compares(operand: unknown, accepts: (order: number) => boolean): Test {
  const type = typeOf(operand);
  if (type === "regex") throw new CommandError(2, "Can't have RegEx as arg to predicate over field");
  // Only values of the same type compare; a missing field equals null and nothing else.
  return anyOf((value) => typeOf(value) === type && accepts(compare(value, operand)));
}

function operatorTest(name: string, operand: unknown, all: Document): Test {
  switch (name) {
    case "$eq":
      return equals(operand);
    case "$ne":
      return not(equals(operand));
    case "$gt":
      return compares(operand, (order) => order > 0);
    case "$gte":
      return compares(operand, (order) => order >= 0);
    case "$lt":
      return compares(operand, (order) => order < 0);
    case "$lte":
      return compares(operand, (order) => order <= 0);
    case "$in":
    case "$nin": {
      const tests = list(name, operand).map((item) => {
        if (hasOperators(item)) throw new CommandError(2, `cannot nest $ under ${name}`);
        return fieldTest(item);
      });
      const isIn: Test = (values) => tests.some((test) => test(values));
      return name === "$in" ? isIn : not(isIn);
    }
    case "$exists": {
      const wanted = truthy(operand);
      return (values) => values.some((value) => value !== missing) === wanted;
    }
    case "$not":
      if (!hasOperators(operand) && !(operand instanceof BSONRegExp))
        throw new CommandError(2, "$not needs a regex or a document");
      return not(fieldTest(operand));
    case "$regex":
      return anyOf(regexOf(operand, all.$options));
    case "$options":
      if (!("$regex" in all)) throw new CommandError(2, "$options needs a $regex");
      return () => true;
    case "$all": {
      const tests = list(name, operand).map((item) => {
        if (hasOperators(item)) throw notImplemented("operators in $all");
        return fieldTest(item);
      });
      return (values) => tests.length > 0 && tests.every((test) => test(values));
    }
    case "$size": {
      const size = toNumber(operand);
      if (size === undefined || !Number.isInteger(size) || size < 0)
        throw new CommandError(2, "Failed to parse $size. Expected a non-negative integer");
      return (values) => values.some((value) => Array.isArray(value) && value.length === size);
    }
    case "$elemMatch": {
      if (!isDocument(operand)) throw new CommandError(2, "$elemMatch needs an Object");
      const logicalOnly = ["$and", "$or", "$nor"].includes(Object.keys(operand)[0] ?? "");
      const test = hasOperators(operand) && !logicalOnly ? fieldTest(operand) : undefined;
      const predicate = test === undefined ? matcher(operand) : undefined;
      const one = (element: unknown) =>
        test?.([element]) ?? (isDocument(element) && predicate?.(element) === true);
      return (values) => values.some((value) => Array.isArray(value) && value.some(one));
    }
    default:
      if (
        ["$type", "$mod", "$geoWithin", "$geoIntersects", "$near", "$nearSphere", "$bitsAllSet"].includes(
          name,
        )
      )
        throw notImplemented(name);
      throw new CommandError(2, `unknown operator: ${name}`);
  }
}

function list(name: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${name} needs an array`);
  return operand;
}

function regexOf(operand: unknown, options: unknown): (value: unknown) => boolean {
  if (operand instanceof BSONRegExp) return regexTest(operand.pattern, String(options ?? operand.options));
  if (typeof operand === "string") return regexTest(operand, String(options ?? ""));
  throw new CommandError(2, "$regex has to be a string");
}

/** MongoDB's are PCRE's; those that JavaScript reads otherwise are refused where that can be seen. */
function regexTest(pattern: string, options: string): (value: unknown) => boolean {
  if (/[^imsu]/.test(options)) throw notImplemented(`the regular expression option in "${options}"`);
  if (/\(\?[a-zA-Z#>|]|\\[AZzGQEKhHRX]|\[\[:|[*+?}]\+|\(\*/.test(pattern))
    throw notImplemented("a regular expression that only PCRE knows");
  const regex = compile(pattern, options.replace("u", ""));
  return (value) => {
    if (typeof value === "string") return regex.test(value);
    return value instanceof BSONRegExp && value.pattern === pattern && value.options === options;
  };
}

function compile(pattern: string, options: string): RegExp {
  for (const unicode of ["u", ""]) {
    try {
      return new RegExp(pattern, options + unicode);
    } catch {
      // With "u" an escape that is not needed, such as \@, is an error; without it \p{…} would mean something else.
      if (/\\[pPux]/.test(pattern)) break;
    }
  }
  throw new CommandError(51091, "Regular expression is invalid (or one that this stand-in does not know)");
}
