/**
 * Expressions of aggregations: paths, variables, constants, and operators.
 * @see https://www.mongodb.com/docs/manual/reference/operator/aggregation/
 */
import { borrowed } from "./borrowed.ts";
import { CommandError, unknown } from "./errors.ts";
import type { Expression } from "./operator.ts";
import { operators } from "./operators.ts";
import { follow, noMissing } from "./paths.ts";
import { isDocument, missing } from "./values.ts";

/** The expression as a function, which gives `missing` where there is nothing. */
export function expression(value: unknown): Expression {
  if (typeof value === "string" && value.startsWith("$")) return path(value);
  if (Array.isArray(value)) {
    const items = value.map(expression);
    return (scope) => items.map((item) => noMissing(item(scope)));
  }
  if (!isDocument(value)) return () => value;
  const names = Object.keys(value);
  const [first = ""] = names;
  if (first.startsWith("$")) {
    if (names.length > 1)
      throw new CommandError(15983, "an object representing an expression must have exactly one field");
    const operator = Object.hasOwn(operators, first) ? operators[first] : borrowed(first);
    if (operator === undefined) throw unknown(168, `the expression ${first}`);
    return operator(value[first], expression, first);
  }
  const fields = Object.entries(value).map(([name, field]) => [name, expression(field)] as const);
  return (scope) => {
    const values = fields.map(([name, field]) => [name, field(scope)] as const);
    return Object.fromEntries(values.filter(([, field]) => field !== missing));
  };
}

function path(text: string): Expression {
  const [first = "", ...rest] = text.slice(1).split(".");
  if (first === "") throw new CommandError(16872, `'${text}' by itself is not a valid FieldPath`);
  if (!first.startsWith("$")) return ({ CURRENT }) => follow(CURRENT, [first, ...rest]);
  const variable = first.slice(1);
  if (variable === "NOW") return ({ NOW }) => NOW ?? new Date();
  if (variable === "REMOVE") return () => missing;
  return (scope) => {
    if (!Object.hasOwn(scope, variable)) throw unknown(17276, `the variable $$${variable} here`);
    return follow(scope[variable], rest);
  };
}
