/** MongoDB Atlas: which cluster, user and access list are taken over, and how `kairos:mongodb` says them. */
import { UserError } from "../../engine/errors.ts";
import { urlOptions } from "../../infra/mongodb/index.ts";
import { mongodbUrl } from "../../infra/mongodb/url.ts";
import { types } from "../../infra/resources.ts";
import { isDedicated } from "../../infra/settings/rules.ts";
import { type atlasLeavable, beside, isTenant, type RenderRegion } from "../../infra/settings/vendors.ts";
import { milliseconds } from "../terminal/amounts.ts";
import type { AtlasCluster, AtlasProject, AtlasUser } from "./atlas.ts";
import { choose, chosenOf, rowsOf, type Thing, textOf } from "./choose.ts";
import type { Difference } from "./report.ts";
import {
  type AccessEntry,
  accessDifferences,
  accessEntries,
  type Choices,
  type Ground,
  isManaged,
  Secret,
  type Section,
  type SectionDescription,
} from "./section.ts";
import { mongodbUrlOf } from "./urls.ts";

export async function chooseMongodb(projects: readonly AtlasProject[], ground: Ground): Promise<Choices> {
  if (isManaged(ground, types.cluster)) return { rows: rowsOf(projects, "managed") };
  const { sections, flags, url, ask } = ground;
  const { mongodb: section, import: ids } = sections;
  const isUsed = (cluster: AtlasCluster) => url?.hosts.some((host) => cluster.hosts.includes(host)) ?? false;
  const project = await choose<AtlasProject>(
    {
      noun: "Atlas project",
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
  const { id, name, clusters, users, accessList } = project.thing;
  // Only beside its project: the default name of a template says nothing.
  const settled = (value: unknown) => (project.why === "by the settings" ? textOf(value) : undefined);
  const cluster = await choose<AtlasCluster>(
    {
      noun: "cluster",
      where: `in ${name}`,
      flag: "--cluster",
      all: clusters,
      wanted: flags.cluster,
      settled: settled(section.name),
      isUsed,
    },
    ask,
  );
  if (cluster === undefined) throw new Error("a project without clusters was chosen");
  const user = await choose<AtlasUser>(
    {
      noun: "database user",
      where: `of ${cluster.thing.name}`,
      flag: "--user",
      all: users.filter((one) => {
        const usable = clustersOf(one);
        return usable.length === 0 || usable.includes(cluster.thing.name);
      }),
      wanted: flags.user,
      settled: settled(section.user),
      isUsed: (one) => one.name === url?.user && isUsed(cluster.thing),
    },
    ask,
  );
  if (user === undefined)
    throw new UserError(
      `MongoDB Atlas: ${cluster.thing.name} has no database user with a password; expected the one that the backend logs in as`,
    );
  const named = chosenOf(
    { noun: "block", where: "in the access list", flag: "--access-list", all: accessList },
    flags.accessList,
    ({ cidr }) => Array.isArray(ids.accessList) && ids.accessList.includes(`${id}-${cidr}`),
  ).map(({ thing }) => thing);
  const entries = named.length > 0 ? named : accessList;
  const of = { project: project.thing, cluster: cluster.thing, user: user.thing, accessList: entries };
  return {
    rows: projects.flatMap((one) => [
      ...rowsOf([one], project),
      // What lies in a project that was not chosen is left out.
      ...(one === project.thing
        ? [
            ...rowsOf(clusters, cluster),
            ...rowsOf(users, user),
            ...rowsOf(
              accessList,
              entries.map((thing) => ({ thing, why: thing.comment })),
            ),
          ]
        : []),
    ]),
    describe: async (region) =>
      describeMongodb({ ...of, password: await passwordOf(of, ground) }, region, ground),
  };
}

/** Names of the clusters that a user may use; empty: all. */
const clustersOf = ({ scopes = [] }: AtlasUser) =>
  scopes.filter(({ type }) => type === "CLUSTER").map(({ name }) => name);

/**
 * The password that the user has: nobody can ask Atlas for it. From the standard input where it was promised there, the
 * services' own variables, the stack file, or the person at the terminal.
 *
 * @throws UserError when none of them has it
 */
async function passwordOf(
  { cluster, user: { name } }: Pick<MongodbSelection, "cluster" | "user">,
  { input, sections, services, ask }: Ground,
): Promise<string> {
  if (input !== undefined) {
    const given = (await input()).replace(/\r?\n$/, "");
    if (given === "") throw new UserError("--password-stdin: got nothing; expected the password in one line");
    return given;
  }
  for (const { MONGODB_URL } of services) {
    const url = mongodbUrlOf(MONGODB_URL?.value);
    const leadsHere = url?.hosts.some((host) => cluster.hosts.includes(host)) === true;
    if (url !== undefined && leadsHere && url.user === name && url.password !== "") return url.password;
  }
  const inFile = sections.mongodb.password;
  if (typeof inFile === "string" && inFile !== "") return inFile;
  if (ask !== undefined) return ask.secret(`Password of the database user ${name}`);
  throw new UserError(
    `--password-stdin: the password of the database user ${name} is not known: no chosen service has a MONGODB_URL with it, and Atlas tells nobody; expected it on the standard input`,
  );
}

export interface MongodbSelection {
  project: Thing;
  cluster: AtlasCluster;
  user: AtlasUser;
  /** Secret. */
  password: string;
  accessList: readonly AccessEntry[];
}

export function describeMongodb(
  { project, cluster, user, password, accessList }: MongodbSelection,
  region: RenderRegion,
  ground: Pick<Ground, "sections" | "variables" | "url">,
): SectionDescription {
  const section = ground.sections.mongodb;
  const { variables, url } = ground;
  const dedicated = isDedicated(cluster.tier ?? "");
  const kept = keptAsFound(cluster, dedicated);
  const inFile = typeof section.database === "string" ? section.database : undefined;
  // The name that the backend reads; its URL names another one perhaps, which it does not read.
  const database = variables.MONGODB_DB_NAME?.value ?? inFile ?? (url?.database || undefined);
  return {
    settings: {
      project: { id: project.id, name: undefined, organization: undefined },
      name: cluster.name,
      tier: cluster.tier ?? "",
      region: cluster.region === beside[region].atlas ? undefined : cluster.region,
      // Left to Atlas, which grows disks and patches versions by itself.
      version: undefined,
      disk: undefined,
      autoscale: dedicated ? cluster.autoscale : undefined,
      ...(database !== undefined && { database }),
      user: user.name,
      password: new Secret(password),
      leave: kept.length > 0 ? kept.map(({ word }) => word) : undefined,
      accessList: accessEntries(accessList),
      ...driverOf(ground),
      mayBeDestroyed: undefined,
    },
    imports: {
      cluster: `${project.id}-${cluster.name}`,
      user: `${project.id}/${user.name}/admin`,
      accessList: accessList.map(({ cidr }) => `${project.id}-${cidr}`),
    },
    differences: [
      ...kept.map(({ difference }) => difference),
      ...userDifferences(user, cluster, database ?? "kaïros"),
      ...accessDifferences(accessList, project.name, "mongodb", section.accessList),
    ],
    values: ({ mongodb }) => ({
      mongodb: {
        url: mongodbUrl(cluster.connectionString, {
          user: mongodb.user,
          password,
          database: mongodb.database,
          options: urlOptions(mongodb.driver),
        }),
        database: mongodb.database,
        driver: mongodb.driver,
      },
    }),
  };
}

/** What the stack would have changed, each with the word of `leave` that keeps it. */
function keptAsFound(cluster: AtlasCluster, dedicated: boolean) {
  const { name, terminationProtection, backup, tier, region, autoscale } = cluster;
  const kept = (word: (typeof atlasLeavable)[number], what: string, is: string, wouldBe: string) => ({
    word,
    difference: { what: `${name}: ${what}`, is, wouldBe, keptBy: `kairos:mongodb.leave: ${word}` },
  });
  return [
    !terminationProtection &&
      !isTenant(tier ?? "") &&
      kept(
        "terminationProtection",
        "termination protection",
        "off",
        "on: Atlas refuses to delete the cluster, whoever asks",
      ),
    dedicated &&
      !(backup.snapshots && backup.pointInTime) &&
      kept(
        "backup",
        "backups",
        backup.snapshots ? "snapshots, no point in time" : "off",
        "snapshots and any point in time",
      ),
    (dedicated || region === undefined) &&
      kept(
        "hardware",
        "nodes, disks and scaling",
        autoscale === undefined ? "as Atlas shows them" : `scaled from ${autoscale.from} to ${autoscale.to}`,
        "three nodes in one region, tier and scaling as the settings say",
      ),
  ].filter((one) => one !== false);
}

/** Roles are not touched while the user's password is the one that it had. */
function userDifferences(user: AtlasUser, cluster: AtlasCluster, database: string): Difference[] {
  const scopes = clustersOf(user);
  const roles = user.roles.map(
    ({ roleName, databaseName, collectionName }) =>
      `${roleName}@${databaseName}${collectionName ? `.${collectionName}` : ""}`,
  );
  const is = `${roles.join(", ")} on ${scopes.length === 0 ? "every cluster" : scopes.join(", ")}`;
  const wanted = `readWrite@${database} on ${cluster.name}`;
  if (is === wanted) return [];
  return [
    {
      what: `user ${user.name}: roles`,
      is,
      wouldBe: `${wanted} only`,
      keptBy: "kairos:mongodb.password, until npx kairos rotate mongodb makes a user of its own",
    },
  ];
}

/** What the backend says of its driver; nothing of what it leaves to the driver. */
function driverOf({ variables, url, sections }: Pick<Ground, "sections" | "variables" | "url">) {
  const now = (sections.mongodb.driver ?? {}) as Section;
  const count = (name: string) => wholeNumber(variables[name]?.value);
  const off = (value: string | undefined) => (value === "false" ? false : undefined);
  const options = url?.options ?? {};
  const driver = Object.entries({
    timeout: inWords(count("MONGODB_TIMEOUT_MS"), now.timeout),
    maxPoolSize: count("MONGODB_MAX_POOL_SIZE"),
    minPoolSize: count("MONGODB_MIN_POOL_SIZE"),
    retryWrites: off(options.retryWrites),
    retryReads: off(options.retryReads),
    heartbeat: inWords(wholeNumber(options.heartbeatFrequencyMS), now.heartbeat),
    compressors: options.compressors?.split(","),
  }).filter(([, value]) => value !== undefined);
  return driver.length === 0 ? {} : { driver: Object.fromEntries(driver) };
}

const wholeNumber = (text: string | undefined) => (/^\d+$/.test(text ?? "") ? Number(text) : undefined);

/** The words of the file where they say the same: `5s` stays `5s`. */
function inWords(value: number | undefined, now: unknown): string | undefined {
  if (value === undefined) return undefined;
  return milliseconds(String(now), ["s", "m"]) === value ? String(now) : `${value}ms`;
}
