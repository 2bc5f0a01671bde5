/**
 * Filters. What a filter says that is not known here is an error, never a filter that lets everything through.
 * @see https://www.mongodb.com/docs/manual/reference/operator/query/
 */
import { BSONRegExp, type Document } from "bson";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { expression } from "./expressions.ts";
import { isTrue } from "./operator.ts";
import { type Found, find } from "./paths.ts";
import { regexTest } from "./regex.ts";
import {
  compare,
  equal,
  isDocument,
  missing,
  numeric,
  toNumber,
  truthy,
  typeName,
  typeNumbers,
  typeOf,
} from "./values.ts";

export type Predicate = (document: Document) => boolean;
/** Of the values that a path leads to. */
type Test = (found: Found[]) => boolean;

/** Operators of MongoDB's that are refused by name. */
const refused =
  "$where $text $jsonSchema $near $nearSphere $geoWithin $geoIntersects $bitsAllSet $bitsAllClear $bitsAnySet $bitsAnyClear".split(
    " ",
  );

/**
 * The filter as a function. Throws on what it does not understand before it sees a document.
 *
 * @param variables what `$expr` sees besides the document
 */
export function matcher(filter: unknown, variables: Document = {}): Predicate {
  if (filter === undefined) return () => true;
  if (!isDocument(filter)) throw new CommandError(14, "Expected field filter to be of type object");
  const predicates = Object.entries(filter).map(([key, value]) =>
    key.startsWith("$") ? logical(key, value, variables) : onPath(key, fieldTest(value)),
  );
  return (document) => predicates.every((predicate) => predicate(document));
}

function logical(name: string, value: unknown, variables: Document): Predicate {
  if (name === "$comment") return () => true;
  if (name === "$expr") {
    const condition = expression(value);
    return (document) => isTrue(condition({ ...variables, ROOT: document, CURRENT: document }));
  }
  if (refused.includes(name)) throw notImplemented(name);
  if (name !== "$and" && name !== "$or" && name !== "$nor")
    throw unknown(2, `the top level operator ${name} of a filter`);
  if (!Array.isArray(value) || value.length === 0)
    throw new CommandError(2, `${name} argument must be a non-empty array`);
  const parts = value.map((part) => {
    if (!isDocument(part)) throw new CommandError(2, "$or/$and/$nor entries need to be full objects");
    return matcher(part, variables);
  });
  if (name === "$and") return (document) => parts.every((part) => part(document));
  if (name === "$or") return (document) => parts.some((part) => part(document));
  return (document) => !parts.some((part) => part(document));
}

function onPath(path: string, test: Test): Predicate {
  const parts = path.split(".");
  return (document) => test([...find(document, parts)]);
}

export const hasOperators = (value: unknown): value is Document =>
  isDocument(value) && Object.keys(value)[0]?.startsWith("$") === true && !("$ref" in value);

function fieldTest(condition: unknown): Test {
  if (condition instanceof BSONRegExp) return anyOf(regexTest(condition.pattern, condition.options));
  if (!hasOperators(condition)) return equals(condition);
  const tests = Object.entries(condition).map(([name, operand]) => operatorTest(name, operand, condition));
  return (found) => tests.every((test) => test(found));
}

/** As a filter of a field, of a value that is not looked into when it is an array. */
export function valueMatcher(condition: unknown): (value: unknown) => boolean {
  const test = fieldTest(condition);
  return (value) => test([{ value, spread: false }]);
}

/** A value counts as itself and, when it is an array, as each of its elements. */
function anyOf(test: (value: unknown) => boolean): Test {
  return (found) =>
    found.some(({ value, spread }) => test(value) || (spread && Array.isArray(value) && value.some(test)));
}

const not =
  (test: Test): Test =>
  (found) =>
    !test(found);

const equals = (operand: unknown) => anyOf((value) => equal(value, operand));

/** Only values of the same type compare; a missing field equals null and nothing else. */
function compares(operand: unknown, accepts: (order: number) => boolean): Test {
  const type = typeOf(operand);
  if (type === "regex") throw new CommandError(2, "Can't have RegEx as arg to predicate over field");
  return anyOf((value) => {
    const order = compare(value, operand);
    if (type === "MinKey" || type === "MaxKey") return accepts(order);
    if (typeOf(value) !== type) return false;
    // NaN is less than no number.
    return (
      (order === 0 || type !== "number" || !(notANumber(value) || notANumber(operand))) && accepts(order)
    );
  });
}

const notANumber = (value: unknown) => Number.isNaN(numeric(value));

const comparisons: Record<string, (operand: unknown) => Test> = {
  $eq: equals,
  $ne: (operand) => not(equals(operand)),
  $gt: (operand) => compares(operand, (order) => order > 0),
  $gte: (operand) => compares(operand, (order) => order >= 0),
  $lt: (operand) => compares(operand, (order) => order < 0),
  $lte: (operand) => compares(operand, (order) => order <= 0),
};

function operatorTest(name: string, operand: unknown, all: Document): Test {
  const comparison = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (comparison !== undefined) return comparison(operand);
  switch (name) {
    case "$in":
    case "$nin": {
      const tests = list(name, operand).map((item) => {
        if (hasOperators(item)) throw new CommandError(2, `cannot nest $ under ${name}`);
        return fieldTest(item);
      });
      const isIn: Test = (found) => tests.some((test) => test(found));
      return name === "$in" ? isIn : not(isIn);
    }
    case "$exists": {
      const wanted = truthy(operand);
      return (found) => found.some(({ value }) => value !== missing) === wanted;
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
        if (hasOperators(item) && !("$elemMatch" in item))
          throw new CommandError(2, "no $ expressions in $all");
        return fieldTest(item);
      });
      return (found) => tests.length > 0 && tests.every((test) => test(found));
    }
    case "$size": {
      const size = toNumber(operand);
      if (size === undefined || !Number.isInteger(size) || size < 0)
        throw new CommandError(2, "Failed to parse $size. Expected a non-negative integer");
      return (found) => found.some(({ value }) => Array.isArray(value) && value.length === size);
    }
    case "$type":
      return anyOf(hasType(Array.isArray(operand) ? operand : [operand]));
    case "$mod": {
      const [divisor, remainder] = list(name, operand).map((each) =>
        Math.trunc(toNumber(each) ?? Number.NaN),
      );
      if (!Number.isInteger(divisor) || !Number.isInteger(remainder) || divisor === 0)
        throw new CommandError(2, "malformed mod: it takes two whole numbers, the first of them not 0");
      return anyOf((value) => Math.trunc(toNumber(value) ?? Number.NaN) % (divisor ?? 0) === remainder);
    }
    case "$elemMatch":
      return elemMatch(operand);
    default:
      throw refused.includes(name) ? notImplemented(name) : unknown(2, `the operator ${name} of a filter`);
  }
}

function elemMatch(operand: unknown): Test {
  if (!isDocument(operand)) throw new CommandError(2, "$elemMatch needs an Object");
  const logicalOnly = ["$and", "$or", "$nor"].includes(Object.keys(operand)[0] ?? "");
  const ofDocument = hasOperators(operand) && !logicalOnly ? undefined : matcher(operand);
  const one =
    ofDocument === undefined
      ? valueMatcher(operand)
      : (value: unknown) => isDocument(value) && ofDocument(value);
  return (found) => found.some(({ value }) => Array.isArray(value) && value.some(one));
}

function list(name: string, operand: unknown): unknown[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${name} needs an array`);
  return operand;
}

function hasType(wanted: unknown[]): (value: unknown) => boolean {
  const numbers = wanted.map((type) => {
    const number = typeof type === "string" ? typeNumbers[type] : toNumber(type);
    if (number === undefined || !Object.values(typeNumbers).includes(number))
      throw new CommandError(2, `Unknown type name alias: ${String(type)}`);
    return number;
  });
  return (value) => {
    if (value === missing) return false;
    const name = typeName(value);
    return numbers.some(
      (number) => typeNumbers[name] === number || (number === -2 && typeOf(value) === "number"),
    );
  };
}

function regexOf(operand: unknown, options: unknown): (value: unknown) => boolean {
  if (operand instanceof BSONRegExp) return regexTest(operand.pattern, String(options ?? operand.options));
  if (typeof operand === "string") return regexTest(operand, String(options ?? ""));
  throw new CommandError(2, "$regex has to be a string");
}

/** Which element of the array at the path it is that the filter matches the document for. */
export function matchedPlace(filter: unknown, document: Document, path: string): number | undefined {
  let place: number | undefined;
  for (const [key, condition] of Object.entries(filter as Document)) {
    if (key === "$and" && Array.isArray(condition)) {
      for (const part of condition) place = matchedPlace(part, document, path) ?? place;
      continue;
    }
    if (key !== path && !key.startsWith(`${path}.`)) continue;
    const [array] = [...find(document, path.split("."))].map(({ value }) => value).filter(Array.isArray);
    const test = fieldTest(condition);
    const rest = key === path ? [] : key.slice(path.length + 1).split(".");
    const index = array?.findIndex((element) => test([...find([element], rest)]));
    if (index !== undefined && index >= 0) place = index;
  }
  return place;
}
