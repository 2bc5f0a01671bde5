/** The stack as it stands, read once: its file, its settings, its state. */

import { UserError } from "../../engine/errors.ts";
import { credentialProblems } from "../../infra/settings/credentials.ts";
import {
  checkSettings,
  givenSettings,
  type RenderRegion,
  type Settings,
  type StackConfig,
} from "../../infra/settings/index.ts";
import { schemaOf } from "../../infra/settings/rules.ts";
import { renderRegions } from "../../infra/settings/vendors.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { RenderService } from "../../vendors/render.ts";
import type { StackFile } from "./stack-file.ts";

/** A section of the stack file, decrypted: whatever stands there. */
export type Section = Readonly<Record<string, unknown>>;

/** The sections of the stack file, decrypted. Secret. */
export interface Sections {
  mongodb: Section;
  postgres: Section;
  redis: Section;
  /** What an adoption before this one has chosen. */
  import: Section;
  backend: readonly Section[];
}

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
  const given = givenSettings(config);
  const section = (name: string): Section => {
    const value = given[name];
    return typeof value === "object" && value !== null ? (value as Section) : {};
  };
  const { backend } = given;
  return {
    file,
    config,
    existing,
    sections: {
      mongodb: section("mongodb"),
      postgres: section("postgres"),
      redis: section("redis"),
      import: section("import"),
      backend: Array.isArray(backend) ? (backend as Section[]) : [],
    },
  };
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

/** Where the backend runs. @throws UserError for a region that this stack does not know */
export function regionOf(services: readonly RenderService[]): RenderRegion {
  const regions = new Set(services.map(({ serviceDetails }) => serviceDetails?.region ?? ""));
  const [region = ""] = regions;
  if (regions.size > 1)
    throw new UserError(
      `--service: the services run in ${[...regions].join(" and ")}; expected services of one region, one stack for each`,
    );
  if (!(renderRegions as readonly string[]).includes(region))
    throw new UserError(
      `Render: the service runs in "${region}"; expected one of ${renderRegions.join(", ")}`,
    );
  return region as RenderRegion;
}
