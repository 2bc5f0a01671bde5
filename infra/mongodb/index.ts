/** MongoDB Atlas: project, cluster, the backend's database user, access list. */

import { AdvancedCluster } from "@pulumi/mongodbatlas/advancedCluster.js";
import { Project } from "@pulumi/mongodbatlas/project.js";
import { ProjectIpAccessList } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import * as pulumi from "@pulumi/pulumi";
import { protectionOf } from "../protection/index.ts";
import type { Recovery } from "../recovery/index.ts";
import { at, types } from "../resources.ts";
import { currentCluster, databaseInState, databasesOf, projectInState, takenIn } from "../restored.ts";
import type { Run } from "../run.ts";
import { leftAlone } from "../settings/fields.ts";
import type { MongodbSettings } from "../settings/index.ts";
import { isDedicated } from "../settings/rules.ts";
import { isTenant } from "../settings/vendors.ts";
import { clusterAlerts } from "./alerts.ts";
import { clusterBackups, momentsFromNowOn } from "./backups.ts";
import { mongodbUrl } from "./url.ts";
import { databaseUser, type MongodbLogin } from "./user.ts";

/** The backend's MongoDB: a cluster, a user who can read and write one database, and who may connect. */
export class Mongodb extends pulumi.ComponentResource {
  /** URL with user and password. Secret. Resolves once the user and the access list are there. */
  readonly url: pulumi.Output<string>;
  /** Name of the database, not encoded (`kaïros`). */
  readonly database: string;
  /** What the backend reads as variables of its own: timeout in ms, pool sizes in connections. */
  readonly driver: MongodbSettings["driver"];
  /** Atlas' id of the project, 24 hexadecimal digits. */
  readonly projectId: pulumi.Output<string>;
  readonly clusterName: string;
  readonly user: string;

  /** @param settings `kairos:mongodb` of the stack */
  constructor(
    name: string,
    settings: MongodbSettings,
    { settings: all, placement, recovery, existing, environment, rotation: { mongodb: rotation } }: Run,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Mongodb", name, {}, opts);
    const parent = { parent: this };

    this.projectId = projectId(name, settings.project, recovery, { ...parent, ...protectionOf(settings) });
    const { restored } = settings;
    const inCommon = { projectId: this.projectId, clusterType: "REPLICASET" };
    const ignored = [
      ...leftAlone(notOurs, settings.with),
      ...settings.leave.flatMap((word) => leavable[word]),
    ];
    const protection = (own: string) => protectionOf(settings, restored && own);
    const args = (own: string) => ({
      ...inCommon,
      name: own,
      ...hardware(
        settings,
        placement.mongodb.region,
        protection(own).protect,
        databaseInState(existing, "mongodb", own)?.outputs,
      ),
      ...(settings.with as object),
    });
    const moments = (logical: string, own: string) =>
      momentsFromNowOn(logical, settings, databaseInState(existing, "mongodb", own)?.outputs);
    const { all: clusters, current: cluster } = databasesOf(settings, {
      original: () =>
        new AdvancedCluster(`${name}-cluster`, args(settings.name), {
          ...parent,
          ...protection(settings.name),
          ...recovery.options({ type: types.cluster, name: settings.name }),
          ...moments(`${name}-cluster`, settings.name),
          ignoreChanges: ignored,
        }),
      restored: (own) => {
        const project = "id" in settings.project ? settings.project.id : projectInState(existing);
        const id = project === undefined ? undefined : `${project}-${own}`;
        const given = args(own);
        return new AdvancedCluster(`${name}-restored-${own}`, given, {
          ...parent,
          ...protection(own),
          ...takenIn(databaseInState(existing, "mongodb", own), id, given, ignored),
          ...moments(`${name}-restored-${own}`, own),
        });
      },
    });
    // The credential before the current one stays until nobody uses it any more.
    const [user] = rotation.numbers.map((number) =>
      databaseUser(name, number, { projectId: this.projectId, settings, recovery, rotation, opts: parent }),
    ) as [MongodbLogin];
    const accessList = settings.accessList.map(
      ({ cidr, comment }) =>
        new ProjectIpAccessList(
          `${name}-access-${cidr}`,
          { projectId: this.projectId, cidrBlock: cidr, comment },
          // A new comment alone would replace the entry: the old one is deleted last, and Atlas knows both by
          // the same CIDR, so nothing would be left. In a project that is another stack's too an entry may be that
          // one's as well, and stays.
          {
            ...parent,
            ignoreChanges: ["comment"],
            ...(all.shares.includes("mongodb.project") && { retainOnDelete: true }),
            ...imported(recovery.idOf({ type: types.access, name: cidr })),
          },
        ),
    );

    // Known only once Render has made them, so each is called by its place in the set.
    const outbound = environment.outbound.map(
      (cidrBlock, index) =>
        new ProjectIpAccessList(
          `${name}-access-outbound-${index + 1}`,
          { projectId: this.projectId, cidrBlock, comment: "Render, dedicated outbound address" },
          parent,
        ),
    );

    clusterBackups(name, { projectId: this.projectId, settings, clusters, opts: parent });
    clusterAlerts(name, this.projectId, all, parent);

    this.database = settings.database;
    this.driver = settings.driver;
    this.clusterName = currentCluster(settings);
    this.user = user.username;
    this.url = pulumi.secret(
      pulumi
        .all([
          cluster.connectionStrings.standardSrv,
          user.password,
          // Waited for, so that whoever gets the URL can log in with it.
          pulumi.all([user.id, ...[...accessList, ...outbound].map((entry) => entry.id)]),
        ])
        .apply(([connectionString, secret]) =>
          mongodbUrl(connectionString ?? "", {
            user: user.username,
            password: secret,
            database: settings.database,
            options: urlOptions(settings.driver),
          }),
        ),
    );
    this.registerOutputs({
      projectId: this.projectId,
      clusterName: this.clusterName,
      database: this.database,
    });
  }
}

/** What somebody may have chosen in Atlas and this stack has no setting for. */
const notOurs = ["tags", "labels", "paused", "advancedConfiguration", "biConnectorConfig"];

/** The properties of a cluster that each word of `leave` stands for. */
const leavable = {
  terminationProtection: ["terminationProtectionEnabled"],
  backup: ["backupEnabled", "pitEnabled"],
  hardware: ["replicationSpecs", "useEffectiveFields"],
} as const;

const imported = (id: string | undefined) => (id === undefined ? {} : { import: id });

function projectId(
  name: string,
  project: MongodbSettings["project"],
  recovery: Recovery,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if ("id" in project) return pulumi.output(project.id);
  const adopted = recovery.options({ type: types.project, name: project.name });
  const args = { name: project.name, orgId: project.organization };
  return new Project(`${name}-project`, args, { ...opts, ...adopted }).id;
}

/**
 * One resource for every tier, so that M0 → FLEX → M10 is an upgrade in place and never a second cluster.
 * Sources: the Atlas provider's page on `mongodbatlas_advanced_cluster` (tenant and flex upgrades, autoscaling
 * with effective fields), https://www.mongodb.com/docs/atlas/reference/atlas-limits/
 */
function hardware(
  { tier, version, disk, autoscale }: MongodbSettings,
  regionName: string,
  // Atlas itself refuses to delete the cluster while this is on, whoever asks.
  terminationProtectionEnabled: boolean,
  existing: unknown,
) {
  const region = { regionName, priority: 7 };
  if (isTenant(tier)) {
    const shared = {
      providerName: "TENANT",
      backingProviderName: "AWS",
      electableSpecs: { instanceSize: tier },
    };
    return { replicationSpecs: [{ regionConfigs: [{ ...region, ...shared }] }] };
  }
  if (!isDedicated(tier)) {
    const flex = { providerName: "FLEX", backingProviderName: "AWS" };
    return { replicationSpecs: [{ regionConfigs: [{ ...region, ...flex }] }], terminationProtectionEnabled };
  }
  const was = at(existing, "replicationSpecs", 0, "regionConfigs", 0);
  const wasDisk = at(was, "electableSpecs", "diskSizeGb");
  const isApart = at(existing, "useEffectiveFields") === true;
  // Atlas scales the disk of each of them, and takes another tier or disk for the record only from whoever looks at what
  // it scaled apart: such a change has to come from somebody who does not.
  const isAsItWas =
    at(was, "electableSpecs", "instanceSize") === tier &&
    (disk === undefined || wasDisk === disk) &&
    at(was, "autoScaling", "computeEnabled") !== true;
  const useEffectiveFields = autoscale !== undefined || (isApart && isAsItWas);
  // A disk that Atlas made larger stays.
  const grown = !isApart && typeof wasDisk === "number" ? wasDisk : 0;
  const dedicated = {
    providerName: "AWS",
    electableSpecs: {
      instanceSize: tier,
      nodeCount: 3,
      ...(disk !== undefined && { diskSizeGb: Math.max(disk, grown) }),
    },
    autoScaling: {
      diskGbEnabled: true,
      computeEnabled: autoscale !== undefined,
      computeScaleDownEnabled: autoscale !== undefined,
      ...(autoscale && { computeMinInstanceSize: autoscale.from, computeMaxInstanceSize: autoscale.to }),
    },
  };
  return {
    replicationSpecs: [{ regionConfigs: [{ ...region, ...dedicated }] }],
    ...(version === "latest" && { versionReleaseSystem: "CONTINUOUS" }),
    ...(version !== undefined && version !== "latest" && { mongoDbMajorVersion: version }),
    // Where Atlas chooses the tier, each such change would otherwise come back as a difference to undo.
    ...(useEffectiveFields && { useEffectiveFields }),
    backupEnabled: true,
    pitEnabled: true,
    terminationProtectionEnabled,
  };
}

/**
 * The driver options that belong into the URL, where every driver and tool finds them: write safety, and what
 * differs from the drivers' own defaults. The backend reads the timeout and the pool sizes as variables, so they
 * are not repeated here. Compressors are left to the backend ("Snappy if available, or Zlib") unless set: named
 * in the URL they make a program without that compressor fail.
 *
 * @see https://www.mongodb.com/docs/manual/reference/connection-string-options/
 */
export function urlOptions(driver: MongodbSettings["driver"]): Record<string, string> {
  return {
    retryWrites: String(driver.retryWrites),
    w: "majority",
    ...(!driver.retryReads && { retryReads: "false" }),
    ...(driver.heartbeat !== 10_000 && { heartbeatFrequencyMS: String(driver.heartbeat) }),
    ...(driver.compressors.length > 0 && { compressors: driver.compressors.join(",") }),
  };
}
