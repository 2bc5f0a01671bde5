/** The stack as it stands, read once: its file, its settings, its state. */

import { UserError } from "../../engine/errors.ts";
import { credentialProblems } from "../../infra/settings/credentials.ts";
import { checkSettings, givenSettings, type Settings, type StackConfig } from "../../infra/settings/index.ts";
import { schemaOf } from "../../infra/settings/rules.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { Section, Sections } from "./section.ts";
import type { StackFile } from "./stack-file.ts";

/** What every step of an adoption is handed. */
export interface Standing {
  file: StackFile;
  /** All values, decrypted. Secret. */
  config: StackConfig & { stack: string };
  sections: Sections;
  existing: readonly ExistingResource[];
}

/** @param values of the stack's configuration, decrypted */
export function standing(
  file: StackFile,
  stack: string,
  values: Readonly<Record<string, string>>,
  existing: readonly ExistingResource[],
): Standing {
  const config = configOf(stack, values);
  const { mongodb, postgres, redis, import: ids, backend } = givenSettings(config);
  const section = (value: unknown) => (typeof value === "object" && value !== null ? value : {}) as Section;
  const sections = {
    ...{ mongodb: section(mongodb), postgres: section(postgres), redis: section(redis) },
    import: section(ids),
    backend: Array.isArray(backend) ? (backend as Section[]) : [],
  };
  return { file, config, existing, sections };
}

/** What is written here is encrypted, and what stands in clear is for the plan to say. */
const configOf = (stack: string, values: StackConfig["values"]) => ({ stack, values, isSecret: () => true });

/** The settings alone, whatever credentials there are. @throws UserError when they do not fit */
export function settingsOf({ config }: Standing): Settings {
  const result = schemaOf(config.stack).safeParse(givenSettings(config));
  if (result.success) return result.data;
  throw new UserError("the settings have problems; npx kairos plan names them. Nothing was written");
}

/**
 * The settings that were made of what exists.
 *
 * @param values as the engine reads them out of the new file
 * @throws UserError with one line for each problem: something exists that the settings cannot say
 */
export function checked(
  stack: string,
  values: StackConfig["values"],
  environment: NodeJS.ProcessEnv,
): Settings {
  const { settings, problems } = checkSettings(configOf(stack, values), environment);
  if (settings !== undefined) return settings;
  throw new UserError(
    ["what exists does not fit the settings; nothing was written:", ...problems.map(({ line }) => line)].join(
      "\n",
    ),
  );
}

/** @throws UserError when a key of Atlas or Render is missing: without these two there is nothing to ask */
export function checkCredentials({ config }: Standing, environment: NodeJS.ProcessEnv): void {
  const missing = credentialProblems({}, config, environment).filter((problem) => problem.missing);
  if (missing.length > 0) throw new UserError(missing.map(({ line }) => line).join("\n"));
}
