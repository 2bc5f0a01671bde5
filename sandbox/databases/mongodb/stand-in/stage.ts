/** What stages of an aggregation are made of. */
import type { Document } from "bson";
import { CommandError, unknown } from "./errors.ts";
import type { Scope } from "./operator.ts";
import { isDocument, toNumber } from "./values.ts";

export type Pipeline = (documents: Document[]) => Document[];

/** What a stage sees besides the documents. */
export interface Surroundings {
  /** Documents of another collection of the database. */
  collection(name: unknown): Document[];
  variables: Document;
}

export const alone: Surroundings = { collection: () => [], variables: {} };
export type Stage = (operand: unknown, surroundings: Surroundings, name: string) => Pipeline;

/** A stage's parts by their names: those that have to be there, and those that may. */
export function parts(name: string, operand: unknown, required: string[], optional: string[] = []): Document {
  if (!isDocument(operand)) throw new CommandError(9, `${name}: expected an object`);
  const lacking = required.find((part) => !(part in operand));
  if (lacking !== undefined) throw new CommandError(9, `${name}: got no '${lacking}'; expected one`);
  const other = Object.keys(operand).find((part) => !required.includes(part) && !optional.includes(part));
  if (other !== undefined) throw unknown(9, `'${other}' of ${name}`);
  return operand;
}

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
