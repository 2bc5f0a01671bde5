/** Goes through everything that can be taken over, and chooses. */
import { types } from "../../infra/resources.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { Render } from "../../vendors/render.ts";
import { UserError } from "../errors.ts";
import { choose, describedKind, meant, type Prompt, type Selected } from "./choose.ts";
import type { Section } from "./describe/types.ts";
import type { Inventory, RenderService, ServiceVariables } from "./model.ts";
import { choosePostgres, chooseRedis } from "./select-databases.ts";
import { chooseMongodb } from "./select-mongodb.ts";
import type { Flags, Sections, Selection } from "./selection.ts";
import { mongodbUrlOf } from "./urls.ts";
import { variablesOf } from "./vendors/render.ts";

const serviceTypes: readonly string[] = [types.web, types.worker, types.private, types.cron];
const redisTypes: readonly string[] = [types.upstash, types.keyValue, types.redisCloud];

export async function select(
  inventory: Inventory & { render: Render },
  sections: Sections,
  existing: readonly ExistingResource[],
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
  return {
    services,
    variables,
    together,
    url,
    mongodb: has(types.cluster)
      ? "managed"
      : await chooseMongodb(inventory.projects, sections, url, flags, ask),
    postgres: has(types.postgres)
      ? "managed"
      : await choosePostgres(inventory.postgres, sections.postgres, together, flags.postgres, ask),
    redis: has(...redisTypes)
      ? "managed"
      : await chooseRedis(inventory.redis, sections.redis, together, flags.redis, ask),
  };
}

/** Of those that the stack has not made itself. */
async function chooseServices(
  all: readonly RenderService[],
  backend: readonly Section[],
  wanted: readonly string[],
  ask: Prompt | undefined,
): Promise<Selected<RenderService>[]> {
  const choice = {
    kind: describedKind("service", "on Render"),
    flag: "--service",
    all,
    id: ({ id }: RenderService) => id,
    name: ({ name }: RenderService) => name,
  };
  if (wanted.length > 0)
    return wanted.map((one) => ({
      thing: meant({ ...choice, wanted: one }, one),
      why: "by --service",
    }));
  const links = backend.map(({ link }) => link);
  const linked = all.filter(({ id }) => links.includes(id));
  if (linked.length > 0) return linked.map((thing) => ({ thing, why: "by the settings" }));
  const one = await choose({ ...choice, wanted: undefined }, ask);
  return one === undefined ? [] : [one];
}
