/** What operators of expressions are made of. */
import type { Document } from "bson";
import { CommandError, unknown } from "./errors.ts";
import { isDocument, missing, numeric, typeName, typeOf } from "./values.ts";

/** Variables by their names; ROOT and CURRENT are the document. */
export type Scope = Document;
export type Expression = (scope: Scope) => unknown;
/** How an operator reads the expressions that it is given. */
export type Compile = (value: unknown) => Expression;
export type Operator = (operand: unknown, compile: Compile, name: string) => Expression;

export const isTrue = (value: unknown) =>
  typeOf(value) === "number" ? Number(numeric(value)) !== 0 : value !== false && !isNothing(value);

export const isNothing = (value: unknown) => value === null || value === undefined || value === missing;

const listOf = (operand: unknown): unknown[] => (Array.isArray(operand) ? operand : [operand]);

/** An operator of values, of which there have to be so many. */
export const of =
  (count: number | undefined, act: (...values: unknown[]) => unknown): Operator =>
  (operand, compile, name) => {
    const args = listOf(operand).map(compile);
    if (count !== undefined && args.length !== count)
      throw new CommandError(
        16020,
        `Expression ${name} takes exactly ${count} arguments. ${args.length} were passed in.`,
      );
    return (scope) => act(...args.map((arg) => arg(scope)));
  };

/** Null where a value is null or missing. */
export const strict = (count: number | undefined, act: (...values: unknown[]) => unknown): Operator =>
  of(count, (...values) => (values.some(isNothing) ? null : act(...values)));

/** An operator that need not look at all of its values. */
export const lazy =
  (act: (args: Expression[], scope: Scope) => unknown): Operator =>
  (operand, compile) => {
    const args = listOf(operand).map(compile);
    return (scope) => act(args, scope);
  };

/** Named parts of an operand, or of a stage: those that have to be there and, where others are refused, those that may. */
export function parts(operand: unknown, name: string, required: string[], optional?: string[]): Document {
  if (!isDocument(operand)) throw new CommandError(9, `${name}: got no object; expected one`);
  const lacking = required.find((part) => !(part in operand));
  if (lacking !== undefined) throw new CommandError(9, `${name}: got no '${lacking}'; expected one`);
  const known = optional && [...required, ...optional];
  const other = known && Object.keys(operand).find((part) => !known.includes(part));
  if (other !== undefined) throw unknown(9, `'${other}' of ${name}`);
  return operand;
}

export function arrayOf(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new CommandError(17040, `${name}: got a value of type ${typeName(value)}; expected an array`);
}
