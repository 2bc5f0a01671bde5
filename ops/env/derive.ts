/**
 * The stack file of a short-lived stack, made from another one: where the backend runs and what it is, who may connect.
 * Names, tiers, plans and sizes are left to the table of environments; nothing that is the other stack's own comes along.
 */
import { UserError } from "../../engine/errors.ts";
import { credentialKeys } from "../../infra/settings/credentials.ts";
import { holdsSecret } from "../plan/stack-file.ts";

/** What stands below `config:` in a stack file. */
export type Config = Record<string, unknown>;

export interface DerivationOptions {
  /** Name of the new stack. */
  name: string;
  /** Name of the stack that it is made from. */
  from: string;
  branch?: string | undefined;
  tag?: string | undefined;
}

export interface DerivedStack {
  config: Config;
  /** Keys that say whose accounts it is made in, and what else is encrypted: to be copied by Pulumi if need be. */
  credentials: string[];
  /** Paths of services' secrets in the other stack and in this one, for whoever wants them copied. */
  secrets: { from: string; to: string }[];
  /** What is different from the other stack beyond size. */
  notes: string[];
}

type Group = Record<string, unknown>;

/** @throws UserError when the other stack has nothing that could be taken over */
export function derived(base: Config, { name, from, branch, tag }: DerivationOptions): DerivedStack {
  const section = (key: string) => group(base[`kairos:${key}`]);
  const notes: string[] = [];
  const mongodb = section("mongodb");
  const { organization } = group(mongodb.project);
  if (organization === undefined)
    throw new UserError(
      `--from: ${from} uses an Atlas project that exists; expected a stack with kairos:mongodb.project.organization, in which ${name} gets a project of its own`,
    );
  const backend = services(base["kairos:backend"], { name, from, branch, tag }, notes);
  const [credentials, plain] = providers(base);
  return {
    config: {
      ...pick(base, "kairos:region"),
      "kairos:mongodb": {
        project: { organization },
        ...pick(mongodb, "region", "database", "user", "accessList"),
        // How the backend's driver behaves, but not how many connections it holds: that is the tier's matter.
        ...given(
          "driver",
          pick(group(mongodb.driver), "timeout", "retryWrites", "retryReads", "heartbeat", "compressors"),
        ),
      },
      ...given(
        "kairos:postgres",
        section("postgres").enabled === true
          ? pick(
              section("postgres"),
              ...["enabled", "version", "region", "database", "user", "network", "accessList"],
            )
          : {},
      ),
      ...given("kairos:redis", redis(section("redis"), notes)),
      "kairos:backend": backend.services,
      // Whether Redis holds sessions decides what the policies look for; exceptions are each stack's own.
      ...given("kairos:policies", pick(section("policies"), "sessionsInRedis")),
      ...plain,
    },
    credentials,
    secrets: backend.secrets,
    notes,
  };
}

/** The providers' settings: whose accounts, and the others, such as how Render's provider deploys. */
function providers(base: Config): [credentials: string[], plain: Config] {
  const all = Object.entries(base).filter(([key]) => !key.startsWith("kairos:"));
  const isAccount = ([key, value]: [string, unknown]) => credentialKeys.has(key) || holdsSecret(value);
  return [
    all.filter(isAccount).map(([key]) => key),
    Object.fromEntries(all.filter((entry) => !isAccount(entry))),
  ];
}

/** The same vendor, so that what is tried is what will run. A Redis of somebody else is not shared silently. */
function redis(settings: Group, notes: string[]): Group {
  const { provider } = settings;
  if (provider === undefined || provider === "none") return {};
  if (provider === "external" || provider === "redis-cloud") {
    notes.push(
      provider === "external"
        ? "no Redis: the other stack's is one that it does not make"
        : "no Redis: Redis Cloud has one free database per account; pulumi config set kairos:redis for a paid one",
    );
    return {};
  }
  return pick(settings, "provider", "primaryRegion", "eviction", "maxmemoryPolicy", "accessList");
}

function services(given: unknown, wishes: DerivationOptions, notes: string[]) {
  const { name, from } = wishes;
  const all = Array.isArray(given) ? given.map(group) : [];
  const created = all
    .map((service, index) => ({ service, index }))
    .filter(({ service }) => !("link" in service));
  for (const { name: linked, link } of all)
    if (link !== undefined) notes.push(`without ${linked}: a service that ${from} does not make`);
  if (created.length === 0)
    throw new UserError(
      `--from: ${from} makes no service that ${name} could have one like; expected one in kairos:backend`,
    );
  const secrets: DerivedStack["secrets"] = [];
  const made = created.map(({ service, index }, position) => {
    for (const [variable, value] of Object.entries(group(service.secrets)))
      if (value !== undefined)
        secrets.push({
          from: `kairos:backend[${index}].secrets.${variable}`,
          to: `kairos:backend[${position}].secrets.${variable}`,
        });
    return {
      name: `${baseName(String(service.name), from)}-${name}`,
      ...pick(
        service,
        ...["type", "start", "migration", "seed", "healthCheck", "schedule", "deployedBy", "variables"],
      ),
      source: source(group(service.source), wishes),
    };
  });
  return { services: made, secrets };
}

/** A name without the ending that marks it as the other stack's. */
function baseName(name: string, stack: string): string {
  return name.endsWith(`-${stack}`) ? name.slice(0, -stack.length - 1) : name;
}

function source(given: Group, { branch, tag }: DerivationOptions): Group {
  if ("repository" in given) {
    if (tag !== undefined)
      throw new UserError("--tag: the backend is built from a repository; expected --branch");
    return { ...given, ...(branch !== undefined && { branch }) };
  }
  if (branch !== undefined) throw new UserError("--branch: the backend is an image; expected --tag");
  if (tag === undefined) return given;
  const { digest: _, ...image } = given;
  return { ...image, tag };
}

const group = (value: unknown): Group =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Group) : {};

function pick(from: Group, ...keys: string[]): Group {
  return Object.fromEntries(keys.filter((key) => from[key] !== undefined).map((key) => [key, from[key]]));
}

/** A group under its key, unless there is nothing in it. */
const given = (key: string, value: Group): Group => (Object.keys(value).length > 0 ? { [key]: value } : {});
