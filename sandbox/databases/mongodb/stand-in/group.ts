/** What stages of an aggregation are made of, and those that make one document of several. */
import type { Document } from "bson";
import { CommandError, unknown } from "./errors.ts";
import { expression } from "./expressions.ts";
import { parts, type Scope } from "./operator.ts";
import { accumulators } from "./operators.ts";
import { noMissing } from "./paths.ts";
import { compare, isDocument, keyOf, toNumber } from "./values.ts";

export type Pipeline = (documents: Document[]) => Document[];

/** What a stage sees besides the documents. */
export interface Surroundings {
  /** Documents of another collection of the database. */
  collection(name: unknown): Document[];
  variables: Document;
}

export const alone: Surroundings = { collection: () => [], variables: {} };
export type Stage = (operand: unknown, surroundings: Surroundings, name: string) => Pipeline;

export function whole(code: number, name: string, operand: unknown): number {
  const value = toNumber(operand);
  if (value === undefined || !Number.isInteger(value) || value < 0)
    throw new CommandError(code, `invalid argument to ${name} stage: expected a whole number of at least 0`);
  return value;
}

export const scopeOf = ({ variables }: Surroundings, document: Document): Scope => ({
  ...variables,
  ROOT: document,
  CURRENT: document,
});

export const group: Stage = (operand, surroundings) => {
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

export const bucket: Stage = (operand, surroundings, name) => {
  const spec = parts(operand, name, ["groupBy", "boundaries"], ["default", "output"]);
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
