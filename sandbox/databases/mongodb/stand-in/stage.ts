/** What stages of an aggregation are made of. */
import type { Document } from "bson";
import { CommandError } from "./errors.ts";
import type { Scope } from "./operator.ts";
import { toNumber } from "./values.ts";

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
