/** Chooses at MongoDB Atlas: the cluster, its user with the password, and who may connect. */

import { UserError } from "../../engine/errors.ts";
import type { AtlasUserAnswer } from "../../vendors/atlas.ts";
import type { AtlasCluster, AtlasProject } from "./atlas.ts";
import { choose, describedKind, identified, meant, type Prompt, type Selected, textOf } from "./choose.ts";
import type { AccessEntry } from "./describe/access-list.ts";
import type { Clues, Selection } from "./select.ts";
import type { Section, Sections } from "./settings.ts";
import { mongodbUrlOf } from "./urls.ts";

export interface MongodbSelection {
  project: Selected<AtlasProject>;
  cluster: Selected<AtlasCluster>;
  user: Selected<AtlasUserAnswer>;
  accessList: AccessEntry[];
}

export async function chooseMongodb(
  projects: readonly AtlasProject[],
  { sections: { mongodb: section, import: ids }, flags, url, ask }: Clues,
): Promise<MongodbSelection> {
  const isUsed = (cluster: AtlasCluster) => url?.hosts.some((host) => cluster.hosts.includes(host)) ?? false;
  const project = await choose<AtlasProject>(
    {
      ...identified,
      kind: describedKind("Atlas project"),
      flag: "--mongodb-project",
      all: projects.filter(({ clusters }) => clusters.length > 0),
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
  // Only beside its project: the default name of a template says nothing.
  const settled = (name: unknown) => (project.why === "by the settings" ? textOf(name) : undefined);
  const cluster = await choose<AtlasCluster>(
    {
      id: identified.name,
      name: identified.name,
      kind: describedKind("cluster", `in ${project.thing.name}`),
      flag: "--cluster",
      all: project.thing.clusters,
      wanted: flags.cluster,
      settled: settled(section.name),
      isUsed,
    },
    ask,
  );
  if (cluster === undefined) throw new Error("a project without clusters was chosen");
  const username = (one: AtlasUserAnswer) => one.username;
  const user = await choose<AtlasUserAnswer>(
    {
      id: username,
      name: username,
      kind: describedKind("database user", `of ${cluster.thing.name}`),
      flag: "--user",
      all: project.thing.users.filter((one) => {
        const clusters = clustersOf(one);
        return clusters.length === 0 || clusters.includes(cluster.thing.name);
      }),
      wanted: flags.user,
      settled: settled(section.user),
      isUsed: (one) => one.username === url?.user && isUsed(cluster.thing),
    },
    ask,
  );
  if (user === undefined)
    throw new UserError(
      `MongoDB Atlas: ${cluster.thing.name} has no database user with a password; expected the one that the backend logs in as`,
    );
  const accessList = chosenEntries(project.thing, flags.accessList, ids.accessList);
  return { project, cluster, user, accessList };
}

/** Names of the clusters that a user may use; empty: all. */
export const clustersOf = ({ scopes = [] }: AtlasUserAnswer) =>
  scopes.filter(({ type }) => type === "CLUSTER").map(({ name }) => name);

/** Those that are named; those that an adoption has chosen before; all. */
function chosenEntries(
  { id, accessList }: AtlasProject,
  wanted: readonly string[] = [],
  before: unknown,
): AccessEntry[] {
  const cidr = (entry: AccessEntry) => entry.cidr;
  const kind = describedKind("block", "in the access list");
  const choice = { kind, flag: "--access-list", all: accessList, id: cidr, name: cidr };
  if (wanted.length > 0) return wanted.map((one) => meant(choice, one));
  const chosen = accessList.filter(
    (entry) => Array.isArray(before) && before.includes(`${id}-${entry.cidr}`),
  );
  return chosen.length > 0 ? chosen : accessList;
}

/**
 * The password that the user has: nobody can ask Atlas for it. From the standard input where it was promised there, the
 * services' own variables, the stack file, or the person at the terminal.
 *
 * @throws UserError when none of them has it
 */
export async function passwordOf(
  { cluster, user }: MongodbSelection,
  { variables }: Pick<Selection, "variables">,
  { input, sections, ask }: { input?: () => Promise<string>; sections: Sections; ask: Prompt | undefined },
): Promise<string> {
  const { username } = user.thing;
  if (input !== undefined) {
    const given = (await input()).replace(/\r?\n$/, "");
    if (given === "") throw new UserError("--password-stdin: got nothing; expected the password in one line");
    return given;
  }
  for (const has of variables.values()) {
    const url = mongodbUrlOf(has.MONGODB_URL?.value);
    const leadsHere = url?.hosts.some((host) => cluster.thing.hosts.includes(host)) === true;
    if (url !== undefined && leadsHere && url.user === username && url.password !== "") return url.password;
  }
  const inFile = sections.mongodb.password;
  if (typeof inFile === "string" && inFile !== "") return inFile;
  if (ask !== undefined) return ask.secret(`Password of the database user ${username}`);
  throw new UserError(
    `--password-stdin: the password of the database user ${username} is not known: no chosen service has a MONGODB_URL with it, and Atlas tells nobody; expected it on the standard input`,
  );
}
