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
import { at } from "../resources.ts";
import { credentialProblems } from "./credentials.ts";
import { foreignNames } from "./own.ts";
import { type Problem, problemAt, problemsOf, settingName } from "./problems.ts";
import { schemaOf } from "./rules.ts";
import type { Settings } from "./schema.ts";

export type { Problem } from "./problems.ts";
export * from "./schema.ts";

const namespace = "kairos:";

/** What a stack file holds, as Pulumi hands it over: whole keys to text, and which of the keys are secret. */
export interface StackConfig {
  /** The stack's name, which says what environment it is (stages.ts); production by default. */
  stack?: string;
  values: Readonly<Record<string, string>>;
  /**
   * Whether a key holds an encrypted value; Pulumi answers per top-level key. Who reads the stack file itself
   * can answer for the very setting at `path`.
   */
  isSecret(key: string, path?: readonly (string | number)[]): boolean;
}

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
      ? [...misplacedSecrets(result.data, config), ...foreignNames(result.data, config.stack ?? "prod")]
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

type Path = (string | number)[];

/** Where the settings have secrets. */
const secretsIn = ({ mongodb, redis, backend }: Settings): Path[] => [
  ...(mongodb.password === undefined ? [] : [["mongodb", "password"]]),
  ...("password" in redis && redis.password !== undefined ? [["redis", "password"]] : []),
  ...(redis.provider === "external" ? [["redis", "url"]] : []),
  ...backend.flatMap(({ secrets }, index) =>
    Object.keys(secrets).map((name): Path => ["backend", index, "secrets", name]),
  ),
];

/** Where the settings have fields of `with:`, which come out in clear. */
const fieldsIn = (settings: Settings): Path[] =>
  [["mongodb"], ["postgres"], ["redis"], ...settings.backend.map((_, index): Path => ["backend", index])]
    .map((path) => [...path, "with"])
    .flatMap((path) => Object.keys(at(settings, ...path) ?? {}).map((field) => [...path, field]));

/**
 * Secrets in clear, and encrypted values in `with:`. Who reads the stack file itself sees each; Pulumi marks a whole
 * top-level key secret as soon as anything below it is, so that it tells the section that holds no encrypted value at
 * all, and the encrypted field of a section without secrets of its own.
 */
function misplacedSecrets(settings: Settings, config: StackConfig): Problem[] {
  const isEncrypted = (path: Path) => config.isSecret(`${namespace}${path[0]}`, path);
  const secrets = secretsIn(settings);
  const isOfOthers = (path: Path) =>
    isEncrypted([...path.slice(0, -1), ""]) && secrets.some(([section]) => section === path[0]);
  const inClear = secrets.filter((path) => !isEncrypted(path));
  const closed = fieldsIn(settings).filter((path) => isEncrypted(path) && !isOfOthers(path));
  return [
    ...inClear.map((path) =>
      problemAt(
        path,
        `got a secret in clear; expected an encrypted value: rotate it, then pulumi config set --secret --path '${settingName(path)}'`,
      ),
    ),
    ...closed.map((path) =>
      problemAt(
        path,
        "got an encrypted value; expected a plain one: what is in with: is shown in plans and pull requests",
      ),
    ),
  ];
}
