/**
 * Aggregation: the common stages; every other is refused.
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation-pipeline/
 */
import { type Document, Int32, Long } from "bson";
import { accumulators } from "./accumulators.ts";
import { CommandError, notImplemented, unknown } from "./errors.ts";
import { expression, isNothing } from "./expressions.ts";
import { matcher, type Predicate } from "./match.ts";
import { follow, noMissing, withField } from "./paths.ts";
import { flat, projector } from "./projection.ts";
import { sorter } from "./sort.ts";
import { compare, isDocument, keyOf, missing, toNumber, truthy } from "./values.ts";

export type Pipeline = (documents: Document[]) => Document[];

/** What a stage sees besides the documents. */
export interface Surroundings {
  /** Documents of another collection of the database. */
  collection(name: unknown): Document[];
  variables: Document;
}

const alone: Surroundings = { collection: () => [], variables: {} };
type Stage = (operand: unknown, surroundings: Surroundings, name: string) => Pipeline;

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

/** A stage's parts by their names: those that have to be there, and those that may. */
function parts(name: string, operand: unknown, required: string[], optional: string[] = []): Document {
  if (!isDocument(operand)) throw new CommandError(9, `${name}: expected an object`);
  const lacking = required.find((part) => !(part in operand));
  if (lacking !== undefined) throw new CommandError(9, `${name}: got no '${lacking}'; expected one`);
  const other = Object.keys(operand).find((part) => !required.includes(part) && !optional.includes(part));
  if (other !== undefined) throw unknown(9, `'${other}' of ${name}`);
  return operand;
}

function whole(code: number, name: string, operand: unknown): number {
  const value = toNumber(operand);
  if (value === undefined || !Number.isInteger(value) || value < 0)
    throw new CommandError(code, `invalid argument to ${name} stage: expected a whole number of at least 0`);
  return value;
}

const scopeOf = ({ variables }: Surroundings, document: Document) => ({
  ...variables,
  ROOT: document,
  CURRENT: document,
});

const fieldPath = (name: string, text: unknown): string => {
  if (typeof text === "string" && /^\$[^$]/.test(text)) return text.slice(1);
  throw new CommandError(
    28818,
    `${name}: got a path that does not begin with one '$'; expected such as "$a.b"`,
  );
};

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
  const { path, preserveNullAndEmptyArrays, includeArrayIndex } = parts(name, spec, ["path"], options);
  const way = fieldPath(name, path).split(".");
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
  const spec = parts(name, operand, ["from", "as"], options);
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

const group: Stage = (operand, surroundings) => {
  if (!isDocument(operand)) throw new CommandError(15947, "a group's fields must be specified in an object");
  if (!("_id" in operand)) throw new CommandError(15955, "a group specification must include an _id");
  const { _id, ...rest } = operand;
  const id = expression(_id);
  const fields = Object.entries(rest).map(([name, spec]) => {
    const [operator] = isDocument(spec) ? Object.keys(spec) : [];
    if (!isDocument(spec) || operator === undefined || Object.keys(spec).length !== 1)
      throw new CommandError(40234, `The field '${name}' must be an accumulator object`);
    const accumulate = Object.hasOwn(accumulators, operator) ? accumulators[operator] : undefined;
    if (accumulate === undefined) throw unknown(15952, `the group operator ${operator}`);
    if (operator === "$count" && !(isDocument(spec[operator]) && Object.keys(spec[operator]).length === 0))
      throw new CommandError(14, "$count takes no arguments, i.e. $count:{}");
    return { name, accumulate, value: expression(spec[operator]) };
  });
  return (documents) => {
    const groups = grouped(documents, (document) => noMissing(id(scopeOf(surroundings, document))));
    return groups.map(({ id: _id, members }) => {
      const made = fields.map(({ name, accumulate, value }) => {
        const values = members.map((member) => value(scopeOf(surroundings, member)));
        return [name, accumulate(values)];
      });
      return { _id, ...Object.fromEntries(made) };
    });
  };
};

/** Documents by what their ids are worth, in the order in which these came. */
function grouped(documents: Document[], idOf: (document: Document) => unknown) {
  const groups = new Map<string, { id: unknown; members: Document[] }>();
  for (const document of documents) {
    const id = idOf(document);
    const found = groups.get(keyOf(id));
    if (found === undefined) groups.set(keyOf(id), { id, members: [document] });
    else found.members.push(document);
  }
  return [...groups.values()];
}

const bucket: Stage = (operand, surroundings, name) => {
  const spec = parts(name, operand, ["groupBy", "boundaries"], ["default", "output"]);
  const { groupBy, boundaries, default: otherwise, output = { count: { $sum: 1 } } } = spec;
  if (!Array.isArray(boundaries) || boundaries.length < 2)
    throw new CommandError(40192, "$bucket: expected at least two boundaries");
  if (boundaries.some((value, i) => i > 0 && compare(boundaries[i - 1], value) >= 0))
    throw new CommandError(40194, "$bucket: expected boundaries in ascending order");
  const value = expression(groupBy);
  const bucketOf = (document: Document): unknown => {
    const given = noMissing(value(scopeOf(surroundings, document)));
    const above = boundaries.findIndex((boundary) => compare(given, boundary) < 0);
    if (above > 0) return boundaries[above - 1];
    if (otherwise !== undefined) return otherwise;
    throw new CommandError(40066, "$bucket could not find a matching bucket, and there is no default");
  };
  const spread = { _id: { $literal: null }, ...(output as Document) };
  return (documents) =>
    grouped(documents, bucketOf)
      .sort((a, b) => compare(a.id, b.id))
      .flatMap(({ id, members }) =>
        group(spread, surroundings, name)(members).map((made) => ({ ...made, _id: id })),
      );
};

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
  const size = whole(28747, name, parts(name, operand, ["size"]).size);
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
    replaceRoot(parts(name, operand, ["newRoot"]).newRoot, surroundings),
  $replaceWith: replaceRoot,
  $unionWith: (operand, surroundings, name) => {
    const spec =
      typeof operand === "string" ? { coll: operand } : parts(name, operand, ["coll"], ["pipeline"]);
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
