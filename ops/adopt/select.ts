/** Goes through everything that can be taken over, and chooses. */

import { UserError } from "../../engine/errors.ts";
import { types } from "../../infra/resources.ts";
import type { RenderService } from "../../vendors/render.ts";
import {
  type Choice,
  choose,
  describedKind,
  identified,
  meant,
  type Prompt,
  type Selected,
  textOf,
} from "./choose.ts";
import type { Inventory, RenderPostgres } from "./inventory.ts";
import type { Redis } from "./redis.ts";
import { chooseMongodb, type MongodbSelection } from "./select-mongodb.ts";
import type { Section, Sections, Standing } from "./settings.ts";
import { type MongodbUrl, mongodbUrlOf, placeOf, samePlace } from "./urls.ts";
import { type ServiceVariables, variablesOf } from "./variables.ts";

/** What the command line says of what is meant. */
export interface Flags {
  mongodbProject?: string;
  cluster?: string;
  user?: string;
  accessList?: string[];
  postgres?: string;
  service?: string[];
  redis?: string;
}

/** What was chosen. `managed`: the state has it, so its settings are the operator's and are not written again. */
export interface Selection {
  services: Selected<RenderService>[];
  /** What reaches the services, by their ids, the first one's first. */
  variables: Map<string, ServiceVariables>;
  /** What the backend has, all services together. */
  together: ServiceVariables;
  url: MongodbUrl | undefined;
  mongodb: MongodbSelection | "managed";
  postgres: Selected<RenderPostgres> | "managed" | undefined;
  redis: Selected<Redis> | "managed" | undefined;
}

/** What a choice goes by. */
export interface Clues {
  sections: Sections;
  flags: Flags;
  together: ServiceVariables;
  url: MongodbUrl | undefined;
  /** Undefined where nobody can be asked. */
  ask: Prompt | undefined;
}

const serviceTypes: readonly string[] = [types.web, types.worker, types.private, types.cron];

export async function select(
  inventory: Inventory,
  { sections, existing }: Standing,
  flags: Flags,
  ask: Prompt | undefined,
): Promise<Selection> {
  const has = (...wanted: readonly string[]) => existing.some(({ type }) => wanted.includes(type));
  const own = existing.filter(({ type }) => serviceTypes.includes(type)).map(({ outputs }) => outputs.id);
  const services = await chooseServices(
    inventory.services.filter(({ id }) => !own.includes(id)),
    sections.backend,
    flags.service ?? [],
    ask,
  );
  // A stack that has made its own services may have nothing else to take over.
  if (services.length === 0 && own.length === 0)
    throw new UserError(
      "Render: there is no service in the workspace of render:ownerId; expected one that the databases are for",
    );
  const variables = new Map<string, ServiceVariables>();
  for (const { thing } of services) variables.set(thing.id, await variablesOf(inventory.render, thing.id));
  const together = Object.assign({}, ...[...variables.values()].reverse()) as ServiceVariables;
  const url = mongodbUrlOf(together.MONGODB_URL?.value);
  const clues = { sections, flags, together, url, ask };
  return {
    services,
    variables,
    together,
    url,
    mongodb: has(types.cluster) ? "managed" : await chooseMongodb(inventory.projects, clues),
    postgres: has(types.postgres) ? "managed" : await choosePostgres(inventory.postgres, clues),
    redis: has(types.upstash, types.keyValue, types.redisCloud)
      ? "managed"
      : await chooseRedis(inventory.redis, clues),
  };
}

/** Of those that the stack has not made itself. */
async function chooseServices(
  all: readonly RenderService[],
  backend: readonly Section[],
  wanted: readonly string[],
  ask: Prompt | undefined,
): Promise<Selected<RenderService>[]> {
  const choice: Choice<RenderService> = {
    ...identified,
    kind: describedKind("service", "on Render"),
    flag: "--service",
    all,
  };
  if (wanted.length > 0) return wanted.map((one) => ({ thing: meant(choice, one), why: "by --service" }));
  const links = backend.map(({ link }) => link);
  const linked = all.filter(({ id }) => links.includes(id));
  if (linked.length > 0) return linked.map((thing) => ({ thing, why: "by the settings" }));
  const one = await choose(choice, ask);
  return one === undefined ? [] : [one];
}

/** Undefined: none is taken over. */
async function choosePostgres(
  all: readonly RenderPostgres[],
  { sections: { postgres }, flags, together, ask }: Clues,
): Promise<Selected<RenderPostgres> | undefined> {
  if (flags.postgres === "none") return undefined;
  const host = together.POSTGRES_HOST?.value;
  const port = together.POSTGRES_PORT?.value ?? "5432";
  const leadsTo = (url: string) => {
    const place = placeOf(url);
    return place?.host === host && place?.port === port;
  };
  return choose<RenderPostgres>(
    {
      ...identified,
      kind: describedKind("Postgres database", "on Render"),
      flag: "--postgres",
      all,
      wanted: flags.postgres,
      settled: postgres.enabled === true ? textOf(postgres.name) : undefined,
      isUsed: ({ internalConnectionString, externalConnectionString }) =>
        leadsTo(internalConnectionString) || leadsTo(externalConnectionString),
    },
    ask,
  );
}

/** At any of the four, or one that only the services' variables know. Undefined: none is taken over. */
async function chooseRedis(
  all: readonly Redis[],
  { sections: { redis }, flags, together, ask }: Clues,
): Promise<Selected<Redis> | undefined> {
  if (flags.redis === "none") return undefined;
  const url = together.REDIS_URL?.value;
  const isUsed = (one: Redis) =>
    samePlace(one.url, url) || ("externalUrl" in one && samePlace(one.externalUrl, url));
  const known = url === undefined || all.some(isUsed);
  const kept = redis.provider === "external" ? textOf(redis.url) : undefined;
  const elsewhere = known ? kept : url;
  const candidates: Redis[] =
    elsewhere === undefined
      ? [...all]
      : [...all, { provider: "external", id: "external", name: "external", url: elsewhere }];
  return choose<Redis>(
    {
      ...identified,
      kind: describedKind("Redis database"),
      flag: "--redis",
      all: candidates,
      wanted: flags.redis,
      settled: redis.provider === "external" ? (known ? "external" : undefined) : textOf(redis.name),
      isUsed: (one) => one.provider === "external" || isUsed(one),
    },
    ask,
  );
}
