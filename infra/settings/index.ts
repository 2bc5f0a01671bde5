/**
 * Reads the settings of a stack, once, whole.
 *
 * Pulumi hands every value of the stack file over as text, decrypted, and says per top-level key whether it held
 * a secret. The namespace `kairos:` is put together again here, checked against the schema, and its secrets are
 * wrapped before anything else can see them.
 */
import * as pulumi from "@pulumi/pulumi";
import { visible } from "../../vendors/redaction.ts";
import { OperatorError } from "../errors.ts";
import { credentialProblems } from "./credentials.ts";
import { foreignNames } from "./own.ts";
import { type Problem, problemsOf, settingName } from "./problems.ts";
import { schemaOf } from "./rules.ts";
import type { Settings } from "./schema.ts";
import type { StackConfig } from "./stack-config.ts";

export type { Problem } from "./problems.ts";
export * from "./schema.ts";
export type { StackConfig } from "./stack-config.ts";

const namespace = "kairos:";

/** The outcome of checking a stack file: settings, or everything that is wrong with it. Never both. */
export type SettingsCheck =
  | { settings: Settings; problems: [] }
  | { settings: undefined; problems: Problem[] };

/**
 * Checks a stack's settings and the credentials that they need. Reports all problems together.
 *
 * @param config the stack file's values
 * @param environment the process' variables, the other place where the providers look for credentials
 */
export function checkSettings(config: StackConfig, environment: NodeJS.ProcessEnv): SettingsCheck {
  const given = givenSettings(config);
  const result = schemaOf(config.stack).safeParse(given);
  const mayBeSecret = (path: readonly PropertyKey[]) =>
    config.isSecret(`${namespace}${String(path[0])}`, path as (string | number)[]);
  const problems = [
    ...(result.success
      ? [
          ...unencrypted(result.data, config),
          ...encryptedFields(result.data, config),
          ...foreignNames(result.data, config.stack ?? "prod"),
        ]
      : problemsOf(result.error.issues, given, mayBeSecret)),
    ...credentialProblems(given, config, environment),
  ];
  return result.success && problems.length === 0
    ? { settings: result.data, problems: [] }
    : { settings: undefined, problems: problems.map((one) => ({ ...one, line: visible(one.line) })) };
}

/**
 * The settings of the stack that is being run.
 *
 * @throws OperatorError with one line per problem
 */
export function readSettings(): Settings {
  const config: StackConfig = {
    stack: pulumi.getStack(),
    values: pulumi.runtime.allConfig(),
    // Part of the runtime, but left out of its type declarations.
    isSecret: (key) =>
      (pulumi.runtime as unknown as { isConfigSecret(k: string): boolean }).isConfigSecret(key),
  };
  const { settings, problems } = checkSettings(config, process.env);
  if (settings !== undefined) return settings;
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  throw new OperatorError(
    [`${count} in Pulumi.${pulumi.getStack()}.yaml:`, ...problems.map(({ line }) => `  ${line}`)].join("\n"),
  );
}

/** The namespace as one object. A value that is not JSON is the plain text that it looks like. */
export function givenSettings(config: StackConfig): Record<string, unknown> {
  const own = Object.entries(config.values).filter(([key]) => key.startsWith(namespace));
  return Object.fromEntries(own.map(([key, text]) => [key.slice(namespace.length), parsed(text)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Encrypted values in `with:`, which would come out in clear: the provider's fields are no secrets. Who reads the stack
 * file itself sees each; Pulumi, which answers per top-level key, those of a section without secrets of its own.
 */
function encryptedFields(settings: Settings, config: StackConfig): Problem[] {
  const { mongodb, postgres, redis, backend } = settings;
  const sections: [path: (string | number)[], given: object, hasSecrets: boolean][] = [
    [["mongodb"], mongodb, mongodb.password !== undefined],
    [["postgres"], postgres, false],
    [["redis"], redis, "password" in redis && redis.password !== undefined],
    ...backend.map((service, index): (typeof sections)[number] => [
      ["backend", index],
      service,
      backend.some(({ secrets }) => Object.keys(secrets).length > 0),
    ]),
  ];
  return sections.flatMap(([path, given, hasSecrets]) => {
    const key = `${namespace}${path[0]}`;
    const isPerKey = config.isSecret(key, [...path, "with", ""]);
    if (isPerKey && hasSecrets) return [];
    return Object.keys("with" in given ? (given.with as object) : {})
      .map((field) => [...path, "with", field])
      .filter((field) => config.isSecret(key, field))
      .map((field) => ({
        path: field,
        line: `${settingName(field)}: got an encrypted value; expected a plain one: what is in with: is shown in plans and pull requests`,
      }));
  });
}

/**
 * Secrets that stand in the stack file in clear. Pulumi marks a whole top-level key secret as soon as anything
 * below it is, so this finds the section that holds no encrypted value at all.
 */
function unencrypted(settings: Settings, config: StackConfig): Problem[] {
  const problems: Problem[] = [];
  const report = (section: string, path: (string | number)[], name: string) => {
    if (config.isSecret(`${namespace}${section}`, [section, ...path])) return;
    problems.push({
      path: [section, ...path],
      line: `${namespace}${name}: got a secret in clear; expected an encrypted value: rotate it, then pulumi config set --secret --path '${namespace}${name}'`,
    });
  };
  if (settings.mongodb.password !== undefined) report("mongodb", ["password"], "mongodb.password");
  if ("password" in settings.redis && settings.redis.password !== undefined)
    report("redis", ["password"], "redis.password");
  if (settings.redis.provider === "external") report("redis", ["url"], "redis.url");
  for (const [index, service] of settings.backend.entries())
    for (const name of Object.keys(service.secrets))
      report("backend", [index, "secrets", name], `backend[${index}].secrets.${name}`);
  return problems;
}
