/** Looks for things by name at each vendor. */
import { atlas, redisCloud, render, upstash } from "../accounts.ts";
import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import { type Candidate, isOurs } from "./choice.ts";

/** What contains other things, by type: its id, once it is known or adopted. Undefined while it does not exist. */
export type ContainerId = (type: string) => string | undefined;

/** Everything of that name at the vendor, in this stack's part of the account. */
export async function candidates(
  type: string,
  name: string,
  { mongodb }: Settings,
  idOf: ContainerId,
): Promise<Candidate[]> {
  const isNamed = (one: { name: string }) => one.name === name;
  switch (type) {
    case types.project: {
      const organization = "name" in mongodb.project ? mongodb.project.organization : undefined;
      const projects = (await atlas().projects()).filter(({ orgId }) => orgId === organization);
      return projects.filter(isNamed).map(({ id, created }) => ({ id, made: timeOf(created) }));
    }
    case types.cluster:
    case types.user: {
      const given = "id" in mongodb.project ? mongodb.project.id : undefined;
      const project = given ?? idOf(types.project);
      if (project === undefined) return [];
      const inside = await (type === types.cluster ? atlasClusters : atlasUsers)(project, name);
      return given === undefined ? inside.map(({ id }) => ({ id, made: "here" })) : inside;
    }
    case types.upstash: {
      const databases = await upstash().databases();
      return databases
        .filter(({ database_name }) => database_name === name)
        .map(({ database_id, creation_time }) => ({ id: database_id, made: new Date(creation_time * 1000) }));
    }
    case types.subscription:
      return (await redisCloud().subscriptions())
        .filter(isNamed)
        .map(({ id, creationDate }) => ({ id: String(id), made: new Date(creationDate) }));
    case types.redisCloud:
      return redisCloudDatabasesNamed(name, idOf(types.subscription));
    case types.postgres:
      return (await render().named("postgres", name)).map(({ id, createdAt, databaseName }) => ({
        id,
        made: new Date(createdAt),
        databaseName,
      }));
    case types.keyValue:
      return (await render().named("key-value", name)).map(atRender);
    default: {
      const wanted = serviceTypes[type];
      if (wanted === undefined) throw new Error(`nothing of type ${type} can be looked for`);
      return (await render().named("services", name)).filter((one) => one.type === wanted).map(atRender);
    }
  }
}

/** How Render's list of services calls each type. */
const serviceTypes: Readonly<Record<string, string>> = {
  [types.web]: "web_service",
  [types.worker]: "background_worker",
  [types.private]: "private_service",
  [types.cron]: "cron_job",
};

const atRender = ({ id, createdAt }: { id: string; createdAt: string }): Candidate => ({
  id,
  made: new Date(createdAt),
});

const timeOf = (text: string | undefined) => (text === undefined ? "unknown" : new Date(text));

/** Flex clusters are of a list of their own. */
async function atlasClusters(project: string, name: string): Promise<Candidate[]> {
  const api = atlas();
  return [...(await api.clusters(project)), ...(await api.flexClusters(project))]
    .filter((cluster) => cluster.name === name)
    .map(({ createDate }) => ({ id: `${project}-${name}`, made: timeOf(createDate) }));
}

async function atlasUsers(project: string, name: string): Promise<Candidate[]> {
  return (await atlas().users(project))
    .filter(({ username, databaseName }) => username === name && databaseName === "admin")
    .map(({ labels }) => ({ id: `${project}/${name}/admin`, made: isOurs(labels) ? "here" : "unknown" }));
}

/** Databases of a name, in the subscription that has the same name. */
async function redisCloudDatabasesNamed(name: string, adopted: string | undefined): Promise<Candidate[]> {
  // Of a subscription that is no longer new, the state's outputs have the name and not the id.
  const named = (await redisCloud().subscriptions()).filter((subscription) => subscription.name === name);
  const subscriptions = adopted === undefined ? named.map(({ id }) => String(id)) : [adopted];
  const found: Candidate[] = [];
  for (const subscription of subscriptions)
    for (const database of await redisCloud().databases(subscription))
      if (database.name === name)
        found.push({
          id: `${subscription}/${database.databaseId}`,
          made: subscriptions.length === 1 ? "here" : "unknown",
        });
  return found;
}
