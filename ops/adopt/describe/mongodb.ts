/** An Atlas cluster, its user and its access list as `kairos:mongodb` says them. */
import { isDedicated } from "../../../infra/settings/rules.ts";
import { beside, isTenant, type RenderRegion } from "../../../infra/settings/vendors.ts";
import type { AtlasUserAnswer } from "../../../vendors/atlas.ts";
import { Secret } from "../apply.ts";
import type { AtlasCluster, AtlasProject } from "../atlas.ts";
import type { Difference } from "../report.ts";
import { clustersOf } from "../select-mongodb.ts";
import type { Section } from "../settings.ts";
import type { MongodbUrl } from "../urls.ts";
import type { ServiceVariables } from "../variables.ts";
import { type AccessEntry, accessEntries, onlyInFile, wideEntries } from "./access-list.ts";
import type { SectionDescription } from "./index.ts";

export interface MongodbChoice {
  project: AtlasProject;
  cluster: AtlasCluster;
  user: AtlasUserAnswer;
  /** Secret. */
  password: string;
  accessList: AccessEntry[];
  /** What the backend has now. */
  variables: ServiceVariables;
  url: MongodbUrl | undefined;
  region: RenderRegion;
  /** The section as it stands. */
  section: Section;
}

export function describeMongodb(choice: MongodbChoice): SectionDescription {
  const { project, cluster, user, password, accessList, region, section } = choice;
  const dedicated = isDedicated(cluster.tier ?? "");
  const kept = keptAsFound(cluster, dedicated);
  const database = databaseOf(choice);
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
      user: user.username,
      password: new Secret(password),
      leave: kept.length > 0 ? kept.map(({ word }) => word) : undefined,
      accessList: accessEntries(accessList),
      ...driverOf(choice),
      mayBeDestroyed: undefined,
    },
    imports: {
      cluster: `${project.id}-${cluster.name}`,
      user: `${project.id}/${user.username}/admin`,
      accessList: accessList.map(({ cidr }) => `${project.id}-${cidr}`),
    },
    differences: [
      ...kept.map(({ word, what, is, wouldBe }) => ({
        what: `${cluster.name}: ${what}`,
        is,
        wouldBe,
        keptBy: `kairos:mongodb.leave: ${word}`,
      })),
      ...userDifferences(user, cluster, database ?? "kaïros"),
      ...wideEntries(accessList, project.name, "mongodb"),
      ...onlyInFile(section.accessList, accessList, "mongodb"),
    ],
  };
}

/** A word of `leave`, and what it stands for. */
interface RetainedSettings extends Omit<Difference, "keptBy"> {
  word: "terminationProtection" | "backup" | "hardware";
}

function keptAsFound(cluster: AtlasCluster, dedicated: boolean): RetainedSettings[] {
  const { terminationProtection, backup, tier, region, autoscale } = cluster;
  const kept: RetainedSettings[] = [];
  if (!terminationProtection && !isTenant(tier ?? ""))
    kept.push({
      word: "terminationProtection",
      what: "termination protection",
      is: "off",
      wouldBe: "on: Atlas refuses to delete the cluster, whoever asks",
    });
  if (dedicated && backup !== undefined && !(backup.snapshots && backup.pointInTime))
    kept.push({
      word: "backup",
      what: "backups",
      is: backup.snapshots ? "snapshots, no point in time" : "off",
      wouldBe: "snapshots and any point in time",
    });
  if (dedicated || region === undefined)
    kept.push({
      word: "hardware",
      what: "nodes, disks and scaling",
      is:
        autoscale === undefined ? "as Atlas shows them" : `scaled from ${autoscale.from} to ${autoscale.to}`,
      wouldBe: "three nodes in one region, tier and scaling as the settings say",
    });
  return kept;
}

/** Roles are not touched while the user's password is the one that it had. */
function userDifferences(user: AtlasUserAnswer, cluster: AtlasCluster, database: string): Difference[] {
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
      what: `user ${user.username}: roles`,
      is,
      wouldBe: `${wanted} only`,
      keptBy: "kairos:mongodb.password, until npx kairos rotate mongodb makes a user of its own",
    },
  ];
}

/** The name that the backend reads; its URL names another one perhaps, which it does not read. */
function databaseOf({ variables, url, section }: MongodbChoice): string | undefined {
  const inFile = typeof section.database === "string" ? section.database : undefined;
  return variables.MONGODB_DB_NAME?.value ?? inFile ?? (url?.database || undefined);
}

function driverOf({ variables, url, section }: MongodbChoice) {
  const now = (section.driver ?? {}) as Section;
  const count = (name: string) => wholeNumber(variables[name]?.value);
  const options = url?.options ?? {};
  const driver = {
    ...setting("timeout", milliseconds(count("MONGODB_TIMEOUT_MS"), now.timeout)),
    ...setting("maxPoolSize", count("MONGODB_MAX_POOL_SIZE")),
    ...setting("minPoolSize", count("MONGODB_MIN_POOL_SIZE")),
    ...setting("retryWrites", options.retryWrites === "false" ? false : undefined),
    ...setting("retryReads", options.retryReads === "false" ? false : undefined),
    ...setting("heartbeat", milliseconds(wholeNumber(options.heartbeatFrequencyMS), now.heartbeat)),
    ...setting("compressors", options.compressors?.split(",")),
  };
  return Object.keys(driver).length === 0 ? {} : { driver };
}

const setting = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value });

const wholeNumber = (text: string | undefined) => (/^\d+$/.test(text ?? "") ? Number(text) : undefined);

/** The words of the file where they say the same: `5s` stays `5s`. */
function milliseconds(value: number | undefined, now: unknown): string | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d+)(ms|s|m)$/.exec(String(now));
  const unit = { ms: 1, s: 1000, m: 60_000 }[match?.[2] ?? "ms"] ?? 1;
  return match !== null && Number(match[1]) * unit === value ? String(now) : `${value}ms`;
}
