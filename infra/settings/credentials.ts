/**
 * The credentials that the providers of a stack need, where they may stand, and where to get them. The program
 * never reads their values (Render's API key excepted, see accounts.ts): it only says, before anything
 * is touched, which ones are missing, instead of one provider's error at a time.
 */

import type { StackConfig } from "./index.ts";
import { type Problem, problemAt, shown } from "./problems.ts";

/** One value that a provider must be given: in the stack file, or in any of these variables. */
interface Credential {
  key: string;
  variables: readonly string[];
  secret: boolean;
  where: string;
}

const credential = (key: string, variables: string[], where: string, secret = true): Credential => ({
  key,
  variables,
  where,
  secret,
});

const atlasKeys =
  "Atlas: Organization, Applications, Service Accounts (or API Keys, for mongodbatlas:publicKey and privateKey); role Project Owner, or Organization Project Creator where the stack makes the project";

/** Atlas takes a service account or an API key pair. Sources: provider-apis notes; Atlas provider 2.16.0. */
const atlas = {
  serviceAccount: [
    credential("mongodbatlas:clientId", ["MONGODB_ATLAS_CLIENT_ID"], atlasKeys, false),
    credential("mongodbatlas:clientSecret", ["MONGODB_ATLAS_CLIENT_SECRET"], atlasKeys),
  ],
  apiKey: [
    credential(
      "mongodbatlas:publicKey",
      ["MONGODB_ATLAS_PUBLIC_API_KEY", "MONGODB_ATLAS_PUBLIC_KEY", "MCLI_PUBLIC_API_KEY"],
      atlasKeys,
      false,
    ),
    credential(
      "mongodbatlas:privateKey",
      ["MONGODB_ATLAS_PRIVATE_API_KEY", "MONGODB_ATLAS_PRIVATE_KEY", "MCLI_PRIVATE_API_KEY"],
      atlasKeys,
    ),
  ],
};

const render = [
  credential("render:apiKey", ["RENDER_API_KEY"], "Render dashboard: Account Settings, API Keys"),
  credential(
    "render:ownerId",
    ["RENDER_OWNER_ID"],
    "Render dashboard: Workspace Settings, the id tea-… or usr-…",
    false,
  ),
];

const byRedisProvider: Readonly<Record<string, readonly Credential[]>> = {
  upstash: [
    credential("upstash:email", ["UPSTASH_EMAIL"], "the e-mail address of the Upstash account", false),
    credential("upstash:apiKey", ["UPSTASH_API_KEY"], "Upstash console: Account, Management API"),
  ],
  "redis-cloud": [
    credential(
      "rediscloud:apiKey",
      ["REDISCLOUD_ACCESS_KEY"],
      "Redis Cloud: Access Management, API Keys, API account key",
    ),
    credential(
      "rediscloud:secretKey",
      ["REDISCLOUD_SECRET_KEY"],
      "Redis Cloud: Access Management, API Keys, API user key",
    ),
  ],
};

const all = [atlas.serviceAccount, atlas.apiKey, render, ...Object.values(byRedisProvider)].flat();

/** Every key of a stack file that says whose account it is, and whether it is secret. */
export const credentialKeys: ReadonlyMap<string, boolean> = new Map(
  all.map(({ key, secret }) => [key, secret]),
);

/** Every variable of the environment in which a secret of theirs may stand. */
export const secretVariables: ReadonlySet<string> = new Set(
  all.filter(({ secret }) => secret).flatMap(({ variables }) => variables),
);

/** What is missing or wrong about the credentials of a stack with these settings. */
export function credentialProblems(
  settings: Record<string, unknown>,
  config: StackConfig,
  environment: NodeJS.ProcessEnv,
): Problem[] {
  const present = (one: Credential) => source(one, config, environment) !== undefined;
  // The guide's first choice, unless the stack already has a part of the other.
  const hasKey = atlas.apiKey.some(present) && !atlas.serviceAccount.some(present);
  const atlasSet = hasKey ? atlas.apiKey : atlas.serviceAccount;
  const redis = settings.redis as { provider?: unknown } | undefined;
  const needed = [...atlasSet, ...render, ...(byRedisProvider[String(redis?.provider)] ?? [])];
  return [
    ...needed.filter((one) => !present(one)).map(missing),
    ...[...needed, ...atlas.serviceAccount, ...atlas.apiKey]
      .filter((one, index, all) => all.indexOf(one) === index && one.secret)
      .filter(({ key }) => config.values[key] !== undefined && !config.isSecret(key))
      .map(inClear),
    ...atlasFromOnePlace(config, environment),
    ...oneDeployPerChange(config, environment),
  ];
}

function source(one: Credential, config: StackConfig, environment: NodeJS.ProcessEnv): string | undefined {
  if ((config.values[one.key] ?? "") !== "") return one.key;
  return one.variables.find((name) => (environment[name] ?? "") !== "");
}

function missing({ key, variables, where, secret }: Credential): Problem {
  const how = `pulumi config set ${secret ? "--secret " : ""}${key}, or the variable ${variables[0]}`;
  const problem = problemAt([key], `got nothing; expected ${how}. Where: ${where}`);
  return { ...problem, missing: true, example: () => "none" };
}

const inClear = ({ key }: Credential): Problem =>
  problemAt(
    [key],
    `got a secret in clear; expected an encrypted value: rotate it, then pulumi config set --secret ${key}`,
  );

/**
 * The Atlas provider takes its keys and its address as one block, from its arguments or from the environment:
 * keys in the stack file beside an address in the environment would go to the public cloud.
 */
function atlasFromOnePlace(config: StackConfig, environment: NodeJS.ProcessEnv): Problem[] {
  const variable = ["MONGODB_ATLAS_BASE_URL", "MCLI_OPS_MANAGER_URL"].find((name) => environment[name]);
  const keysInFile = [...atlas.serviceAccount, ...atlas.apiKey].find(
    ({ key }) => config.values[key] !== undefined,
  );
  const addressInFile = config.values["mongodbatlas:baseUrl"] !== undefined;
  const apart = (key: string, got: string) => [
    problemAt(
      [key],
      `got ${got}; expected both in one place: the provider would ignore the address and call the public cloud`,
    ),
  ];
  if (keysInFile !== undefined && variable !== undefined && !addressInFile)
    return apart(keysInFile.key, `keys in the stack file and the address in ${variable}`);
  if (keysInFile === undefined && addressInFile)
    return apart("mongodbatlas:baseUrl", "the address in the stack file and the keys elsewhere");
  return [];
}

/**
 * The stack deploys a service itself, once, after its variables have changed (see backend/redeploy.ts). The
 * provider must not add a second deploy, of another commit or image perhaps.
 */
function oneDeployPerChange(config: StackConfig, environment: NodeJS.ProcessEnv): Problem[] {
  const key = "render:skipDeployAfterServiceUpdate";
  const value = config.values[key] ?? environment.RENDER_SKIP_DEPLOY_AFTER_SERVICE_UPDATE;
  if (value === "true") return [];
  const got = value === undefined ? "nothing" : shown(value);
  return [
    problemAt(
      [key],
      `got ${got}; expected true: the stack deploys once by itself, after the variables are there (pulumi config set ${key} true)`,
    ),
  ];
}
