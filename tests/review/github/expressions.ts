/** GitHub's expressions, evaluated by GitHub's own library. */
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** The contexts of a job: `github`, `vars`, `needs`, … */
export type Contexts = Record<string, unknown>;

/** How a job's needs have ended so far. */
export interface Status {
  success: boolean;
  failure: boolean;
}

/** Whether a condition holds. Without a status function in it GitHub adds `success() &&`. */
export function holds(
  condition: string | undefined,
  contexts: Contexts,
  { success, failure }: Status,
): boolean {
  const text = (condition ?? "success()").replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, "$1");
  const hasStatus = /\b(success|always|cancelled|failure)\s*\(/.test(text);
  if (!hasStatus && !success) return false;
  const result = value(text, contexts, { success, failure, always: true, cancelled: false });
  return result.kind === data.Kind.Boolean
    ? (result as data.BooleanData).value
    : result.coerceString() !== "";
}

/** A text with its expressions replaced by their values. */
export const filled = (text: string, contexts: Contexts): string =>
  text.replaceAll(/\$\{\{([\s\S]*?)\}\}/g, (_, expression: string) =>
    value(expression, contexts).coerceString(),
  );

function value(text: string, contexts: Contexts, status: Record<string, boolean> = {}): data.ExpressionData {
  const functions = Object.entries(status).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
  const { tokens } = new Lexer(text).lex();
  const tree = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver) as data.Dictionary;
  return new Evaluator(tree, context, new Map(functions.map((one) => [one.name, one]))).evaluate();
}
