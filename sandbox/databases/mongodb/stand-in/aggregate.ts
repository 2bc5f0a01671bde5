/**
 * Aggregation: the common stages; every other is refused.
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/
 */
import { type Document, Double, Int32 } from "bson";
import { CommandError, notImplemented } from "./errors.ts";
import { matcher } from "./match.ts";
import { projector, sorter } from "./shape.ts";
import { add, compare, isDocument, keyOf, missing, numeric, toNumber, typeOf } from "./values.ts";

type Stage = (documents: Document[]) => Document[];

export function aggregation(pipeline: unknown): Stage {
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  const stages = pipeline.map((stage: unknown) => {
    const names = isDocument(stage) ? Object.keys(stage) : [];
    const [name] = names;
    if (!isDocument(stage) || name === undefined || names.length !== 1)
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    return makeStage(name, stage[name]);
  });
  return (documents) => stages.reduce((current, stage) => stage(current), documents);
}

function makeStage(name: string, operand: unknown): Stage {
  switch (name) {
    case "$match": {
      const matches = matcher(operand ?? {});
      return (documents) => documents.filter(matches);
    }
    case "$sort": {
      const order = sorter(operand);
      if (order === undefined) throw new CommandError(15976, "$sort stage must have at least one sort key");
      return (documents) => [...documents].sort(order);
    }
    case "$limit": {
      const limit = whole(name, operand, 1);
      return (documents) => documents.slice(0, limit);
    }
    case "$skip": {
      const skip = whole(name, operand, 0);
      return (documents) => documents.slice(skip);
    }
    case "$count": {
      if (typeof operand !== "string" || operand === "" || /[$.\0]/.test(operand))
        throw new CommandError(40156, "the count field must be a non-empty string without $ and .");
      return (documents) => (documents.length === 0 ? [] : [{ [operand]: new Int32(documents.length) }]);
    }
    case "$project": {
      if (!isDocument(operand) || Object.keys(operand).length === 0)
        throw new CommandError(
          51272,
          "Invalid $project :: caused by :: projection specification must have at least one field",
        );
      const project = projector(operand);
      return (documents) => documents.map(project);
    }
    case "$group":
      return group(operand);
    default:
      if (knownStages.includes(name)) throw notImplemented(`the stage ${name}`);
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
  }
}

const knownStages =
  "$addFields $bucket $bucketAuto $changeStream $collStats $currentOp $densify $facet $fill $geoNear $graphLookup $indexStats $listSessions $lookup $merge $out $redact $replaceRoot $replaceWith $sample $search $set $setWindowFields $sortByCount $unionWith $unset $unwind".split(
    " ",
  );

function whole(name: string, operand: unknown, least: number): number {
  const value = toNumber(operand);
  if (value === undefined || !Number.isInteger(value) || value < least)
    throw new CommandError(15957, `the ${name} must be specified as a whole number of at least ${least}`);
  return value;
}

type Expression = (document: Document) => unknown;

/** A path, a constant, or a document of them. */
function expression(value: unknown): Expression {
  if (typeof value === "string" && value.startsWith("$")) {
    if (value === "$$ROOT") return (document) => document;
    if (value.startsWith("$$")) throw notImplemented(`the variable ${value}`);
    const parts = value.slice(1).split(".");
    return (document) => follow(document, parts, 0);
  }
  if (!isDocument(value)) {
    if (Array.isArray(value)) throw notImplemented("arrays in expressions");
    return () => value;
  }
  const [first] = Object.keys(value);
  if (first === "$literal") return () => value.$literal;
  if (first?.startsWith("$"))
    throw new CommandError(
      168,
      `Unrecognized expression '${first}' (or one that this stand-in does not know)`,
    );
  const fields = Object.entries(value).map(([name, field]) => [name, expression(field)] as const);
  return (document) =>
    Object.fromEntries(
      fields.map(([name, field]) => [name, field(document)]).filter(([, field]) => field !== missing),
    );
}

/** Unlike in a filter, numbers are no places in an array, and an array gives an array. */
function follow(value: unknown, parts: string[], at: number): unknown {
  const part = parts[at];
  if (part === undefined) return value;
  if (Array.isArray(value))
    return value.map((element) => follow(element, parts, at)).filter((each) => each !== missing);
  if (isDocument(value) && Object.hasOwn(value, part)) return follow(value[part], parts, at + 1);
  return missing;
}

type Accumulator = (values: unknown[]) => unknown;

const numbers = (values: unknown[]) => values.filter((value) => typeOf(value) === "number");
const sum: Accumulator = (values) =>
  numbers(values).reduce<unknown>((total, value) => add(total, value), new Int32(0));
const present = (values: unknown[]) => values.filter((value) => typeOf(value) !== "null");
const extreme =
  (sign: number): Accumulator =>
  (values) =>
    present(values).reduce<unknown>(
      (best, value) => (best === null || compare(value, best) * sign > 0 ? value : best),
      null,
    );
const orNull = (value: unknown) => (value === missing || value === undefined ? null : value);

const accumulators: Record<string, Accumulator> = {
  $sum: sum,
  $count: (values) => new Int32(values.length),
  $avg: (values) => {
    const all = numbers(values);
    return all.length === 0 ? null : new Double(Number(numeric(sum(all))) / all.length);
  },
  $min: extreme(-1),
  $max: extreme(1),
  $first: (values) => orNull(values[0]),
  $last: (values) => orNull(values.at(-1)),
};

function group(operand: unknown): Stage {
  if (!isDocument(operand)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!("_id" in operand)) throw new CommandError(15955, "a group specification must include an _id");
  const { _id, ...rest } = operand;
  const id = expression(_id);
  const fields = Object.entries(rest).map(([name, spec]) => {
    const [operator] = isDocument(spec) ? Object.keys(spec) : [];
    if (!isDocument(spec) || operator === undefined || Object.keys(spec).length !== 1)
      throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
    const accumulate = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
    if (accumulate === undefined) throw new CommandError(15952, `unknown group operator '${operator}'`);
    if (operator === "$count" && !(isDocument(spec[operator]) && Object.keys(spec[operator]).length === 0))
      throw new CommandError(14, "$count takes no arguments, i.e. $count:{}");
    return { name, accumulate, value: expression(spec[operator]) };
  });
  return (documents) => {
    const groups = new Map<string, { _id: unknown; members: Document[] }>();
    for (const document of documents) {
      const value = orNull(id(document));
      const found = groups.get(keyOf(value));
      if (found === undefined) groups.set(keyOf(value), { _id: value, members: [document] });
      else found.members.push(document);
    }
    return [...groups.values()].map(({ _id, members }) => ({
      _id,
      ...Object.fromEntries(
        fields.map(({ name, accumulate, value }) => [name, accumulate(members.map(value))]),
      ),
    }));
  };
}
