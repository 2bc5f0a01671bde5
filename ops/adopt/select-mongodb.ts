/** Chooses at MongoDB Atlas. */
import { UserError } from "../errors.ts";
import { choose, describedKind, meant, type Prompt, textOf } from "./choose.ts";
import type { Section } from "./describe/types.ts";
import type { AccessEntry, AtlasCluster, AtlasProject, AtlasUser } from "./model.ts";
import type { Flags, MongodbSelection, Sections } from "./selection.ts";
import type { MongodbUrl } from "./urls.ts";

/** The cluster, its user and who may connect. */
export async function chooseMongodb(
  projects: readonly AtlasProject[],
  { mongodb: section, import: ids }: Pick<Sections, "mongodb" | "import">,
  url: MongodbUrl | undefined,
  flags: Flags,
  ask: Prompt | undefined,
): Promise<MongodbSelection> {
  const isUsed = (cluster: AtlasCluster) => url?.hosts.some((host) => cluster.hosts.includes(host)) ?? false;
  const withClusters = projects.filter(({ clusters }) => clusters.length > 0);
  const project = await choose(
    {
      kind: describedKind("Atlas project"),
      flag: "--mongodb-project",
      all: withClusters,
      id: ({ id }) => id,
      name: ({ name }) => name,
      wanted: flags.mongodbProject,
      settled: textOf((section.project as Section | undefined)?.id),
      isUsed: ({ clusters }) => clusters.some(isUsed),
    },
    ask,
  );
  if (project === undefined)
    throw new UserError(
      "MongoDB Atlas: the keys see no cluster, so there is none to take over, and the backend cannot do without; pulumi up creates one",
    );
  const name = ({ name: text }: AtlasCluster | AtlasUser) => text;
  const cluster = await choose<AtlasCluster>(
    {
      kind: describedKind("cluster", `in ${project.thing.name}`),
      flag: "--cluster",
      all: project.thing.clusters,
      id: name,
      name,
      wanted: flags.cluster,
      // Only beside its project: the default name of a template says nothing.
      settled: project.why === "by the settings" ? textOf(section.name) : undefined,
      isUsed,
    },
    ask,
  );
  if (cluster === undefined) throw new Error("a project without clusters was chosen");
  const users = project.thing.users.filter(
    ({ scopes }) => scopes.length === 0 || scopes.includes(cluster.thing.name),
  );
  const user = await choose<AtlasUser>(
    {
      kind: describedKind("database user", `of ${cluster.thing.name}`),
      flag: "--user",
      all: users,
      id: name,
      name,
      wanted: flags.user,
      settled: project.why === "by the settings" ? textOf(section.user) : undefined,
      isUsed: (one) => one.name === url?.user && isUsed(cluster.thing),
    },
    ask,
  );
  if (user === undefined)
    throw new UserError(
      `MongoDB Atlas: ${cluster.thing.name} has no database user with a password; expected the one that the backend logs in as`,
    );
  return {
    project,
    cluster,
    user,
    accessList: chosenEntries(project.thing, flags.accessList, ids.accessList),
  };
}

/** Those that are named; those that an adoption has chosen before; all. */
function chosenEntries(
  { id, accessList }: AtlasProject,
  wanted: readonly string[] = [],
  before: unknown,
): AccessEntry[] {
  const cidr = (entry: AccessEntry) => entry.cidr;
  const choice = {
    kind: describedKind("block", "in the access list"),
    flag: "--access-list",
    all: accessList,
    id: cidr,
    name: cidr,
  };
  if (wanted.length > 0) return wanted.map((one) => meant({ ...choice, wanted: one }, one));
  const chosen = accessList.filter(
    (entry) => Array.isArray(before) && before.includes(`${id}-${entry.cidr}`),
  );
  return chosen.length > 0 ? chosen : accessList;
}
