/**
 * MongoDB Atlas: what its provider 4.14.0 sends for each resource, and what it makes of the answers.
 *
 * @see https://github.com/mongodb/terraform-provider-mongodbatlas
 */

import type { AdvancedClusterArgs } from "@pulumi/mongodbatlas/advancedCluster.js";
import type { AlertConfigurationArgs } from "@pulumi/mongodbatlas/alertConfiguration.js";
import type { DatabaseUserArgs } from "@pulumi/mongodbatlas/databaseUser.js";
import type { ProjectArgs } from "@pulumi/mongodbatlas/project.js";
import type { ProjectIpAccessListArgs } from "@pulumi/mongodbatlas/projectIpAccessList.js";
import type * as pulumi from "@pulumi/pulumi";
import { types } from "../../../infra/resources.ts";
import {
  type AlertRequest,
  type AtlasCloud,
  AtlasError,
  type Cluster,
  type ClusterRequest,
  described,
  type FlexRequest,
  type ProjectRequest,
  type UserRequest,
} from "../../../sandbox/clouds/atlas/index.ts";
import { type Created, type ProviderModel, translation, until } from "./vendor.ts";

/** Resources in the models of one organization. */
export const atlas = (cloud: AtlasCloud): ProviderModel => ({
  name: "Atlas",
  resources: {
    [types.project]: translation<ProjectArgs>()(
      ["name", "orgId"],
      ({ name, orgId }) => {
        const body = { name, orgId, tags: [], withDefaultAlertsSettings: true };
        const { id, created } = cloud.projects.create(described.body<ProjectRequest>("POST /groups", body));
        return { id, outputs: { created, clusterCount: 0, withDefaultAlertsSettings: true } };
      },
      ({ id }) => cloud.projects.delete(id),
    ),
    [types.cluster]: translation<AdvancedClusterArgs>()(
      [
        "projectId",
        "name",
        "clusterType",
        "replicationSpecs",
        "terminationProtectionEnabled",
        "mongoDbMajorVersion",
        "backupEnabled",
        "pitEnabled",
        "useEffectiveFields",
      ],
      (inputs) => cluster(cloud, inputs),
      async ({ projectId, name = "", replicationSpecs }) => {
        const api = apiOf(cloud, replicationSpecs);
        api.delete(projectId, name);
        const isThere = () => api.list(projectId).some((one) => one.name === name);
        await until(`the end of cluster ${name}`, isThere, (there) => !there);
      },
    ),
    [types.user]: translation<DatabaseUserArgs>()(
      ["projectId", "username", "authDatabaseName", "password", "roles", "scopes", "labels"],
      ({ projectId, username, authDatabaseName, password, roles, scopes = [], labels = [] }) => {
        const user = {
          groupId: projectId,
          databaseName: authDatabaseName,
          username,
          password,
          roles,
          scopes,
          labels,
          ...external,
        };
        cloud.users.create(projectId, described.body<UserRequest>("POST /groups/:group/databaseUsers", user));
        const id = encodedId({ auth_database_name: authDatabaseName, project_id: projectId, username });
        return { id, outputs: {} };
      },
      ({ projectId, username, authDatabaseName }) =>
        cloud.users.delete(projectId, authDatabaseName, username),
    ),
    [types.access]: translation<ProjectIpAccessListArgs>()(
      ["projectId", "cidrBlock", "comment"],
      ({ projectId, cidrBlock = "", comment }) => {
        // An empty comment is left out.
        cloud.accessList.add(projectId, [{ cidrBlock, ...(comment && { comment }) }]);
        return { id: encodedId({ entry: cidrBlock, project_id: projectId }), outputs: {} };
      },
      ({ projectId, cidrBlock = "" }) => cloud.accessList.delete(projectId, cidrBlock),
    ),
    [types.alert]: translation<AlertConfigurationArgs>()(
      ["projectId", "enabled", "eventType", "metricThresholdConfig", "notifications"],
      ({ projectId, enabled, eventType, metricThresholdConfig, notifications }) => {
        const body = {
          eventTypeName: eventType,
          enabled,
          matchers: [],
          ...(metricThresholdConfig && { metricThreshold: metricThresholdConfig }),
          // What nobody sets is sent as false.
          notifications: notifications.map((one) => ({ emailEnabled: false, smsEnabled: false, ...one })),
        };
        const call = "POST /groups/:group/alertConfigs";
        const { id } = cloud.alerts.create(projectId, described.body<AlertRequest>(call, body));
        const outputs = { alertConfigurationId: id };
        return { id: encodedId({ id, project_id: projectId }), outputs };
      },
      ({ projectId, alertConfigurationId }) => cloud.alerts.delete(projectId, String(alertConfigurationId)),
    ),
  },
  refusal: (error) => (error instanceof AtlasError ? error.message : undefined),
});

/** A user who logs in with a password, as opposed to all these ways. */
const external = { x509Type: "NONE", ldapAuthType: "NONE", awsIAMType: "NONE", oidcAuthType: "NONE" };

type ClusterInputs = pulumi.Unwrap<AdvancedClusterArgs>;
type RegionInputs = ClusterInputs["replicationSpecs"][number]["regionConfigs"][number];

const isFlex = (region: RegionInputs | undefined): region is RegionInputs => region?.providerName === "FLEX";
const apiOf = (cloud: AtlasCloud, [spec]: ClusterInputs["replicationSpecs"]) =>
  isFlex(spec?.regionConfigs[0]) ? cloud.flexClusters : cloud.clusters;

async function cluster(cloud: AtlasCloud, inputs: ClusterInputs): Promise<Created> {
  const { projectId, name = "", replicationSpecs } = inputs;
  const region = replicationSpecs[0]?.regionConfigs[0];
  if (isFlex(region)) {
    const body = described.body<FlexRequest>("POST /groups/:group/flexClusters", flexBody(inputs, region));
    cloud.flexClusters.create(projectId, body);
  } else {
    const body = described.body<ClusterRequest>("POST /groups/:group/clusters", clusterBody(inputs));
    cloud.clusters.create(projectId, body, inputs.useEffectiveFields === true);
  }
  const api = apiOf(cloud, replicationSpecs);
  const ready = await until(
    `cluster ${name}`,
    () => api.get(projectId, name),
    ({ pending }) => pending === undefined,
  );
  return { id: "missing ID", outputs: clusterOutputs(cloud, ready) };
}

function flexBody({ name, terminationProtectionEnabled }: ClusterInputs, region: RegionInputs): object {
  const { backingProviderName, regionName } = region;
  return {
    name,
    providerSettings: { backingProviderName, regionName },
    ...(terminationProtectionEnabled !== undefined && { terminationProtectionEnabled }),
  };
}

function clusterBody(inputs: ClusterInputs): object {
  const { name, clusterType, replicationSpecs, mongoDbMajorVersion, ...more } = inputs;
  const { backupEnabled, pitEnabled, terminationProtectionEnabled } = more;
  return {
    name,
    clusterType,
    labels: [],
    tags: [],
    replicationSpecs: replicationSpecs.map(({ regionConfigs }) => ({
      zoneName: "ZoneName managed by Terraform",
      regionConfigs: regionConfigs.map(regionBody),
    })),
    mongoDBMajorVersion: mongoDbMajorVersion,
    backupEnabled,
    pitEnabled,
    terminationProtectionEnabled,
  };
}

function regionBody({ electableSpecs, autoScaling, ...place }: RegionInputs): object {
  const { providerName, backingProviderName, regionName, priority } = place;
  const { instanceSize, nodeCount, diskSizeGb } = electableSpecs ?? {};
  return {
    providerName,
    backingProviderName,
    regionName,
    priority,
    electableSpecs: { instanceSize, nodeCount, diskSizeGB: diskSizeGb },
    ...(autoScaling && {
      autoScaling: {
        compute: {
          enabled: autoScaling.computeEnabled,
          scaleDownEnabled: autoScaling.computeScaleDownEnabled,
          minInstanceSize: autoScaling.computeMinInstanceSize,
          maxInstanceSize: autoScaling.computeMaxInstanceSize,
        },
        diskGB: { enabled: autoScaling.diskGbEnabled },
      },
    }),
  };
}

function clusterOutputs(cloud: AtlasCloud, ready: Cluster): Record<string, unknown> {
  const { standard, standardSrv } = cloud.behind.connectionString(ready);
  return {
    clusterId: ready.id,
    createDate: ready.createDate,
    stateName: "IDLE",
    connectionStrings: { standard, standardSrv, private: "", privateSrv: "", privateEndpoints: [] },
  };
}

/** The provider's ids of several parts: names and values in base64, sorted by name. */
function encodedId(parts: Record<string, string>): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return Object.entries(parts)
    .map(([name, value]) => `${base64(name)}:${base64(value)}`)
    .join("-");
}
