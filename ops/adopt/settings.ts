/** The stack's settings as they stand, and as they would be. */
import { checkSettings, type RenderRegion, type Settings } from "../../infra/settings/index.ts";
import { schemaOf } from "../../infra/settings/rules.ts";
import { renderRegions } from "../../infra/settings/vendors.ts";
import { UserError } from "../errors.ts";
import type { Values } from "./credentials.ts";
import type { Section } from "./describe/types.ts";
import type { Sections } from "./selection.ts";

/** The sections, decrypted, whatever they hold. Secret. */
export function sectionsOf(values: Values): Sections {
  const group = (name: string): Section => {
    const value = parsed(values[`kairos:${name}`]);
    return typeof value === "object" && value !== null ? (value as Section) : {};
  };
  const backend = parsed(values["kairos:backend"]);
  return {
    mongodb: group("mongodb"),
    postgres: group("postgres"),
    redis: group("redis"),
    import: group("import"),
    backend: Array.isArray(backend) ? (backend as Section[]) : [],
  };
}

/** @throws UserError with one line for each problem: something exists that the settings cannot say */
export function checked(values: Values, environment: NodeJS.ProcessEnv, stack: string): Settings {
  const { settings, problems } = checkSettings({ stack, values, isSecret: () => true }, environment);
  if (settings !== undefined) return settings;
  throw new UserError(
    ["what exists does not fit the settings; nothing was written:", ...problems.map(({ line }) => line)].join(
      "\n",
    ),
  );
}

/** The settings alone, whatever credentials there are. @throws UserError when they do not fit */
export function settingsIn(values: Values, stack: string): Settings {
  const own = Object.entries(values).filter(([key]) => key.startsWith("kairos:"));
  const result = schemaOf(stack).safeParse(
    Object.fromEntries(own.map(([key, text]) => [key.slice("kairos:".length), parsed(text)])),
  );
  if (result.success) return result.data;
  throw new UserError("the settings have problems; npm run plan names them. Nothing was written");
}

/** Where the backend runs. @throws UserError for a region that this stack does not know */
export function regionOf(services: readonly { thing: { name: string; region: string } }[]): RenderRegion {
  const regions = new Set(services.map(({ thing }) => thing.region));
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

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}
