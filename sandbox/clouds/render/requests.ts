/** The bodies that Render's API takes, as far as the stand-in looks at them; other attributes are passed over. */
import { z } from "zod";
import { list, parser } from "../api.ts";
import { RenderError } from "./error.ts";

/** A text that has to be there; Render says so of what is empty, too. */
const required = (name: string) =>
  z.string(`${name} is required`).refine((text) => text !== "", `${name} is required`);

/** A text of a certain kind; a refusal quotes it. */
const like = (name: string, isValid: (text: string) => boolean) => {
  const error = ({ input = "" }: { input?: unknown }) => `invalid ${name}: ${input}`;
  return z.string({ error }).refine(isValid, { error });
};
const oneOf = (name: string, values: readonly string[]) => like(name, (text) => values.includes(text));
const matching = (name: string, pattern: RegExp) => like(name, (text) => pattern.test(text));

const region = oneOf("region", ["frankfurt", "ohio", "oregon", "singapore", "virginia"]);
const allowedBlock = z.object({ cidrBlock: z.string(), description: z.string() });
export type AllowedBlock = z.output<typeof allowedBlock>;

const variable = z.object({ key: z.string(), value: z.string() });
export type EnvVar = z.output<typeof variable>;

const postgresPlan =
  /^(free|basic_(256mb|1gb|4gb)|(pro|accelerated)_\d+gb|starter|standard|pro|pro_plus|Custom.*)$/;
const keyValuePlan = /^(free|starter|standard|pro|pro_plus|Custom.*)$/;
const policy = /^(noeviction|(allkeys|volatile)_(lru|lfu|random)|volatile_ttl)$/;

/** `POST /postgres`; names that are empty are made up. */
export const postgres = z.object({
  name: required("name"),
  plan: matching("plan", postgresPlan),
  version: oneOf("version", ["11", "12", "13", "14", "15", "16", "17", "18"]),
  region,
  databaseName: z.string().optional(),
  databaseUser: z.string().optional(),
  diskSizeGB: z.number().optional(),
  enableHighAvailability: z.boolean().optional(),
  readReplicas: list(z.object({ name: z.string() })),
  ipAllowList: list(allowedBlock),
});
export const postgresChanges = postgres.partial();
export const postgresUser = z.object({
  username: matching("username", /^[a-z_][a-z0-9_]{0,62}$/),
});

export const keyValue = z.object({
  name: required("name"),
  plan: matching("plan", keyValuePlan),
  maxmemoryPolicy: matching("maxmemoryPolicy", policy).optional(),
  region,
  persistenceMode: z.string().optional(),
  ipAllowList: list(allowedBlock),
});
export const keyValueChanges = keyValue.partial();

export const envGroup = z.object({ name: required("name"), envVars: list(variable) });
export const name = z.object({ name: required("name") });
export const value = z.object({ value: z.string() });

/** `generateValue` asks Render for a value, which then stays. */
const variableInput = variable.partial({ value: true }).extend({ generateValue: z.boolean().optional() });
export type EnvVarInput = z.output<typeof variableInput>;
export const variables = list(variableInput);

export const serviceTypes = ["web_service", "background_worker", "private_service", "cron_job"] as const;

const serviceDetails = z.looseObject({
  region,
  plan: oneOf("plan", ["free", "starter", "standard", "pro", "pro_plus", "pro_max", "pro_ultra"]),
});

/** `POST /services` */
export const service = z.object({
  name: required("name"),
  type: z.enum(serviceTypes, { error: ({ input }) => `invalid service type: ${input}` }),
  ownerId: z.string().optional(),
  repo: z.string().optional(),
  branch: z.string().optional(),
  autoDeployTrigger: z.string().optional(),
  image: z.object({ imagePath: z.string() }).optional(),
  rootDir: z.string().optional(),
  envVars: variables,
  serviceDetails,
});
export const serviceChanges = service
  .partial()
  .extend({ serviceDetails: serviceDetails.partial().optional() });
export const scale = z.object({ numInstances: z.int() });
export const deploy = z.object({ commitId: z.string().optional(), imageUrl: z.string().optional() });

export type PostgresRequest = z.output<typeof postgres>;
export type PostgresChanges = z.output<typeof postgresChanges>;
export type PostgresUserRequest = z.output<typeof postgresUser>;
export type KeyValueRequest = z.output<typeof keyValue>;
export type KeyValueChanges = z.output<typeof keyValueChanges>;
export type EnvGroupRequest = z.output<typeof envGroup>;
export type ServiceRequest = z.output<typeof service>;
export type ServiceChanges = z.output<typeof serviceChanges>;
export type DeployRequest = z.output<typeof deploy>;

/** Render names the first thing that is wrong. */
export const parse = parser(([issue]) => {
  const { message = "", path = [] } = issue ?? {};
  // What has no words of its own above.
  return new RenderError(400, message.startsWith("Invalid input") ? `invalid ${path.join(".")}` : message);
});
