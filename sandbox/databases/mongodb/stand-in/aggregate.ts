/**
 * Aggregation: the common stages; every other is refused.
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/
 */
import { type Document, Int32, Long } from "bson";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { expression } from "./expressions.ts";
import {
  alone,
  bucket,
  group,
  type Pipeline,
  type Stage,
  type Surroundings,
  scopeOf,
  whole,
} from "./group.ts";
import { matcher, type Predicate } from "./match.ts";
import { isNothing, parts } from "./operator.ts";
import { follow, noMissing, withField } from "./paths.ts";
import { flat, projector } from "./projection.ts";
import { sorter } from "./sort.ts";
import { isDocument, missing, truthy } from "./values.ts";

export function aggregation(
  pipeline: unknown,
  surroundings = alone,
  allowed = Object.keys(stages),
): Pipeline {
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  const steps = pipeline.map((stage: unknown) => {
    const names = isDocument(stage) ? Object.keys(stage) : [];
    const [name] = names;
    if (!isDocument(stage) || name === undefined || names.length !== 1)
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    if (refused.includes(name)) throw notImplemented(`the stage ${name}`);
    const make = allowed.includes(name) ? stages[name] : undefined;
    if (make === undefined) throw unknown(40324, `the stage ${name} here`);
    return make(stage[name], surroundings, name);
  });
  return (documents) => steps.reduce((current, step) => step(current), documents);
}

const refused =
  "$bucketAuto $changeStream $collStats $currentOp $densify $documents $fill $geoNear $graphLookup $indexStats $listSessions $merge $out $redact $search $setWindowFields $vectorSearch".split(
    " ",
  );

const addFields: Stage = (operand, surroundings, name) => {
  if (!isDocument(operand)) throw new CommandError(40272, `${name} specification stage must be an object`);
  const fields = [...flat(operand)].map(([path, value]) => [path.split("."), expression(value)] as const);
  return (documents) =>
    documents.map((document) => {
      const scope = scopeOf(surroundings, document);
      return fields.reduce((result, [path, value]) => withField(result, path, value(scope)), document);
    });
};

const replaceRoot = (newRoot: unknown, surroundings: Surroundings): Pipeline => {
  const root = expression(newRoot);
  return (documents) =>
    documents.map((document) => {
      const value = root(scopeOf(surroundings, document));
      if (isDocument(value)) return value;
      throw new CommandError(40228, "'newRoot' expression must evaluate to an object");
    });
};

const unwind: Stage = (operand, _, name) => {
  const spec = typeof operand === "string" ? { path: operand } : operand;
  const options = ["preserveNullAndEmptyArrays", "includeArrayIndex"];
  const { path, preserveNullAndEmptyArrays, includeArrayIndex } = parts(spec, name, ["path"], options);
  if (typeof path !== "string" || !/^\$[^$]/.test(path))
    throw new CommandError(
      28818,
      `path option to ${name} stage should be prefixed with a '$': ${String(path)}`,
    );
  const way = path.slice(1).split(".");
  const numbered = (document: Document, index: Long | null) =>
    includeArrayIndex === undefined
      ? document
      : withField(document, String(includeArrayIndex).split("."), index);
  const unwound = (document: Document): Document[] => {
    const value = follow(document, way, false);
    if (Array.isArray(value) && value.length > 0)
      return value.map((item, i) => numbered(withField(document, way, item), Long.fromNumber(i)));
    if (!isNothing(value) && !Array.isArray(value)) return [numbered(document, null)];
    if (!truthy(preserveNullAndEmptyArrays)) return [];
    return [numbered(Array.isArray(value) ? withField(document, way, missing) : document, null)];
  };
  return (documents) => documents.flatMap(unwound);
};

const lookup: Stage = (operand, surroundings, name) => {
  const options = ["localField", "foreignField", "let", "pipeline"];
  const spec = parts(operand, name, ["from", "as"], options);
  const { from, localField, foreignField, pipeline = [] } = spec;
  if (
    (localField === undefined) !== (foreignField === undefined) ||
    (localField ?? spec.pipeline) === undefined
  )
    throw new CommandError(9, "$lookup needs both 'localField' and 'foreignField', or a 'pipeline'");
  const given = Object.entries((spec.let ?? {}) as Document);
  const vars = given.map(([key, value]) => [key, expression(value)] as const);
  return (documents) =>
    documents.map((document) => {
      const scope = scopeOf(surroundings, document);
      const values = Object.fromEntries(vars.map(([key, value]) => [key, noMissing(value(scope))]));
      const variables = { ...surroundings.variables, ...values };
      const joined = surroundings.collection(from).filter(joining(document, localField, foreignField));
      const found = aggregation(pipeline, { ...surroundings, variables })(joined);
      return withField(document, String(spec.as).split("."), found);
    });
};

/** Any value of the one is any value of the other; what is missing is null. */
function joining(document: Document, localField: unknown, foreignField: unknown): Predicate {
  if (localField === undefined) return () => true;
  const value = noMissing(follow(document, String(localField).split(".")));
  return matcher({ [String(foreignField)]: { $in: Array.isArray(value) ? value : [value] } });
}

const facet: Stage = (operand, surroundings, name) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0)
    throw new CommandError(40169, `the ${name} specification must be a non-empty object`);
  const inner = Object.keys(stages).filter((stage) => stage !== "$facet");
  const facets = Object.entries(operand).map(
    ([key, pipeline]) => [key, aggregation(pipeline, surroundings, inner)] as const,
  );
  return (documents) => [Object.fromEntries(facets.map(([key, run]) => [key, run(documents)]))];
};

const sort: Stage = (operand) => {
  const order = sorter(operand);
  if (order === undefined) throw new CommandError(15976, "$sort stage must have at least one sort key");
  return (documents) => [...documents].sort(order);
};

const project: Stage = (operand, { variables }) => {
  if (!isDocument(operand) || Object.keys(operand).length === 0)
    throw new CommandError(51272, "Invalid $project: it must have at least one field");
  const change = projector(operand, variables);
  return (documents) => documents.map(change);
};

const unset: Stage = (operand) => {
  const paths: unknown[] = Array.isArray(operand) ? operand : [operand];
  const change = projector(Object.fromEntries(paths.map((path) => [String(path), false])));
  return (documents) => documents.map(change);
};

const count: Stage = (operand) => {
  if (typeof operand !== "string" || operand === "" || /[$.\0]/.test(operand))
    throw new CommandError(40156, "the count field must be a non-empty string without $ and .");
  return (documents) => (documents.length === 0 ? [] : [{ [operand]: new Int32(documents.length) }]);
};

const sample: Stage = (operand, _, name) => {
  const size = whole(28747, name, parts(operand, name, ["size"], []).size);
  return (documents) =>
    documents
      .map((document) => ({ document, at: Math.random() }))
      .sort((a, b) => a.at - b.at)
      .slice(0, size)
      .map(({ document }) => document);
};

const limit: Stage = (operand, _, name) => {
  const most = whole(5_107_201, name, operand);
  if (most === 0) throw new CommandError(15958, "the limit must be positive");
  return (documents) => documents.slice(0, most);
};

const stages: Record<string, Stage> = {
  $match: (operand, { variables }) => {
    const matches = matcher(operand ?? {}, variables);
    return (documents) => documents.filter(matches);
  },
  $sort: sort,
  $limit: limit,
  $skip: (operand, _, name) => {
    const skipped = whole(5_107_200, name, operand);
    return (documents) => documents.slice(skipped);
  },
  $count: count,
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $unwind: unwind,
  $lookup: lookup,
  $group: group,
  $bucket: bucket,
  $facet: facet,
  $sample: sample,
  $sortByCount: (operand, surroundings) =>
    aggregation([{ $group: { _id: operand, count: { $sum: 1 } } }, { $sort: { count: -1 } }], surroundings),
  $replaceRoot: (operand, surroundings, name) =>
    replaceRoot(parts(operand, name, ["newRoot"], []).newRoot, surroundings),
  $replaceWith: replaceRoot,
  $unionWith: (operand, surroundings, name) => {
    const spec =
      typeof operand === "string" ? { coll: operand } : parts(operand, name, ["coll"], ["pipeline"]);
    const run = aggregation(spec.pipeline ?? [], surroundings);
    return (documents) => [...documents, ...run(surroundings.collection(spec.coll))];
  },
};

/** The collections that a pipeline reads besides its own: who runs it has to be allowed to read them. */
export function foreign(pipeline: unknown): string[] {
  if (Array.isArray(pipeline)) return pipeline.flatMap(foreign);
  if (!isDocument(pipeline)) return [];
  return Object.entries(pipeline).flatMap(([name, value]) => {
    const own = name === "$lookup" ? value?.from : name === "$unionWith" ? (value?.coll ?? value) : undefined;
    return [...(typeof own === "string" ? [own] : []), ...foreign(value)];
  });
}
