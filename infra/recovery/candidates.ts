/** Looks for things by name at each vendor. */
import { getAdvancedClusters } from "@pulumi/mongodbatlas/getAdvancedClusters.js";
import { getDatabaseUsers } from "@pulumi/mongodbatlas/getDatabaseUsers.js";
import { getProjects } from "@pulumi/mongodbatlas/getProjects.js";
import { redisCloud, render, upstash } from "../accounts.ts";
import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { Candidate } from "./choice.ts";
import { isOurs } from "./mark.ts";

/** What contains other things, by type: its id, once it is known or adopted. Undefined while it does not exist. */
export type ContainerId = (type: string) => string | undefined;

/** Everything of that name at the vendor, in this stack's part of the account. */
export async function candidates(
  type: string,
  name: string,
  { mongodb }: Settings,
  idOf: ContainerId,
): Promise<Candidate[]> {
  switch (type) {
    case types.project:
      return "name" in mongodb.project ? atlasProject(name, mongodb.project.organization) : [];
    case types.cluster:
    case types.user: {
      const given = "id" in mongodb.project ? mongodb.project.id : undefined;
      const project = given ?? idOf(types.project);
      if (project === undefined) return [];
      const find = type === types.cluster ? atlasClusters : atlasUsers;
      const inside = await find(project, name);
      return given === undefined ? inside.map(({ id }) => ({ id, made: "here" })) : inside;
    }
    case types.upstash: {
      const databases = await upstash().databases();
      return databases
        .filter(({ database_name }) => database_name === name)
        .map(({ database_id, creation_time }) => ({ id: database_id, made: new Date(creation_time * 1000) }));
    }
    case types.subscription: {
      const subscriptions = await redisCloud().subscriptions();
      return subscriptions
        .filter((subscription) => subscription.name === name)
        .map(({ id, creationDate }) => ({ id: String(id), made: new Date(creationDate) }));
    }
    case types.redisCloud:
      return redisCloudDatabasesNamed(name, idOf(types.subscription));
    default:
      return atRender(type, name);
  }
}

/** Kinds of Render's lists by Pulumi's types, and the type that the list shows, where it has several. */
const renderKinds = {
  [types.postgres]: { kind: "postgres" },
  [types.keyValue]: { kind: "key-value" },
  [types.web]: { kind: "services", type: "web_service" },
  [types.worker]: { kind: "services", type: "background_worker" },
  [types.private]: { kind: "services", type: "private_service" },
  [types.cron]: { kind: "services", type: "cron_job" },
} as const;

async function atRender(type: string, name: string): Promise<Candidate[]> {
  const wanted: { kind: "postgres" | "key-value" | "services"; type?: string } | undefined =
    renderKinds[type as keyof typeof renderKinds];
  if (wanted === undefined) throw new Error(`nothing of type ${type} can be looked for`);
  const listed: { id: string; createdAt: string; type?: string; databaseName?: string }[] =
    await render().named(wanted.kind, name);
  return listed
    .filter((one) => wanted.type === undefined || one.type === wanted.type)
    .map(({ id, createdAt, databaseName }) => ({
      id,
      made: new Date(createdAt),
      ...(databaseName !== undefined && { databaseName }),
    }));
}

const projectsPerPage = 100;

// An empty list arrives as nothing, whatever the SDK's types say.

async function atlasProject(name: string, organization: string): Promise<Candidate[]> {
  const found: Candidate[] = [];
  // All of them, page by page: asked for one that does not exist, the provider logs an error, which fails the run.
  for (let pageNum = 1, seen = 0, total = 1; seen < total; pageNum += 1, seen += projectsPerPage) {
    const { results, totalCount } = await getProjects({ pageNum, itemsPerPage: projectsPerPage });
    total = totalCount;
    for (const { id, orgId, name: other, created } of results ?? [])
      if (other === name && orgId === organization) found.push({ id, made: new Date(created) });
  }
  return found;
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

async function atlasClusters(project: string, name: string): Promise<Candidate[]> {
  const { results } = await getAdvancedClusters({ projectId: project });
  return (results ?? [])
    .filter((cluster) => cluster.name === name)
    .map(({ createDate }) => ({ id: `${project}-${name}`, made: new Date(createDate) }));
}

async function atlasUsers(project: string, name: string): Promise<Candidate[]> {
  const { results } = await getDatabaseUsers({ projectId: project });
  return (results ?? [])
    .filter(({ username, authDatabaseName }) => username === name && authDatabaseName === "admin")
    .map(({ labels }) => ({ id: `${project}/${name}/admin`, made: isOurs(labels) ? "here" : "unknown" }));
}
