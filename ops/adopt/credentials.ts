/** The operator's keys, from where the providers take them: the stack file, or the environment. */
import { credentialProblems } from "../../infra/settings/credentials.ts";
import type { StackConfig } from "../../infra/settings/index.ts";
import type { Lookup } from "../../vendors/http.ts";
import { UserError } from "../errors.ts";

/** The values of a stack's configuration, decrypted. Secret. */
export type Values = Readonly<Record<string, string>>;

/** Values of the stack file first, as the providers have it. */
export const lookupIn =
  (values: Values, environment: NodeJS.ProcessEnv): Lookup =>
  (key, ...variables) =>
    values[key] || variables.map((name) => environment[name]).find((value) => value) || "";

/** @throws UserError when a key of Atlas or Render is missing: without these two there is nothing to ask */
export function checkCredentials(values: Values, environment: NodeJS.ProcessEnv): void {
  const config: StackConfig = { values, isSecret: () => true };
  const missing = credentialProblems({}, config, environment).filter((problem) => problem.missing);
  if (missing.length > 0) throw new UserError(missing.map(({ line }) => line).join("\n"));
}
