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
import { type AtlasCloud, described, routes } from "../../../sandbox/clouds/atlas/index.ts";
import { type Created, type Send, sendTo, type Translations, translation, until } from "./vendor.ts";

export const atlas = (cloud: AtlasCloud) => translations(sendTo("Atlas", routes(cloud), described));

const translations = (send: Send): Translations => ({
  [types.project]: translation<ProjectArgs>()(
    ["name", "orgId"],
    async ({ name, orgId }) => {
      const body = { name, orgId, tags: [], withDefaultAlertsSettings: true };
      const { id, created } = await send<{ id: string; created: string }>("POST /groups", body);
      return { id, outputs: { created, clusterCount: 0, withDefaultAlertsSettings: true } };
    },
    ({ id }) => send(`DELETE /groups/${id}`),
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
    (inputs) => cluster(send, inputs),
    async (inputs) => {
      const { name } = inputs;
      await send(`DELETE ${pathOf(inputs)}/${name}`);
      const list = () => send<{ results: { name: string }[] }>(`GET ${pathOf(inputs)}`);
      const isGone = ({ results }: Awaited<ReturnType<typeof list>>) =>
        results.every((one) => one.name !== name);
      await until(`the end of cluster ${name}`, list, isGone);
    },
  ),
  [types.user]: translation<DatabaseUserArgs>()(
    ["projectId", "username", "authDatabaseName", "password", "roles", "scopes", "labels"],
    async ({ projectId, username, authDatabaseName, password, roles, scopes = [], labels = [] }) => {
      await send(`POST /groups/${projectId}/databaseUsers`, {
        groupId: projectId,
        databaseName: authDatabaseName,
        username,
        password,
        roles,
        scopes,
        labels,
        // Who logs in with a password, as opposed to all these ways.
        ...{ x509Type: "NONE", ldapAuthType: "NONE", awsIAMType: "NONE", oidcAuthType: "NONE" },
      });
      const id = encodedId({ auth_database_name: authDatabaseName, project_id: projectId, username });
      return { id, outputs: {} };
    },
    ({ projectId, username, authDatabaseName }) =>
      send(`DELETE /groups/${projectId}/databaseUsers/${authDatabaseName}/${encodeURIComponent(username)}`),
  ),
  [types.access]: translation<ProjectIpAccessListArgs>()(
    ["projectId", "cidrBlock", "comment"],
    async ({ projectId, cidrBlock = "", comment }) => {
      // An empty comment is left out.
      await send(`POST /groups/${projectId}/accessList`, [{ cidrBlock, ...(comment && { comment }) }]);
      return { id: encodedId({ entry: cidrBlock, project_id: projectId }), outputs: {} };
    },
    ({ projectId, cidrBlock = "" }) =>
      send(`DELETE /groups/${projectId}/accessList/${encodeURIComponent(cidrBlock)}`),
  ),
  [types.alert]: translation<AlertConfigurationArgs>()(
    ["projectId", "enabled", "eventType", "metricThresholdConfig", "notifications"],
    async ({ projectId, enabled, eventType, metricThresholdConfig, notifications }) => {
      const { id } = await send<{ id: string }>(`POST /groups/${projectId}/alertConfigs`, {
        eventTypeName: eventType,
        enabled,
        matchers: [],
        metricThreshold: metricThresholdConfig,
        // What nobody sets is sent as false.
        notifications: notifications.map((one) => ({ emailEnabled: false, smsEnabled: false, ...one })),
      });
      return { id: encodedId({ id, project_id: projectId }), outputs: { alertConfigurationId: id } };
    },
    ({ projectId, alertConfigurationId }) =>
      send(`DELETE /groups/${projectId}/alertConfigs/${alertConfigurationId}`),
  ),
});

type ClusterInputs = pulumi.Unwrap<AdvancedClusterArgs>;
type RegionInputs = ClusterInputs["replicationSpecs"][number]["regionConfigs"][number];

const regionOf = ({ replicationSpecs }: Pick<ClusterInputs, "replicationSpecs">) =>
  replicationSpecs[0]?.regionConfigs[0];

/** Flex has an API of its own. */
const pathOf = (inputs: Pick<ClusterInputs, "projectId" | "replicationSpecs">) =>
  `/groups/${inputs.projectId}/${regionOf(inputs)?.providerName === "FLEX" ? "flexClusters" : "clusters"}`;

async function cluster(send: Send, inputs: ClusterInputs): Promise<Created> {
  const { name, useEffectiveFields } = inputs;
  const path = pathOf(inputs);
  const headers = { "use-effective-instance-fields": String(useEffectiveFields === true) };
  await send(`POST ${path}`, path.endsWith("flexClusters") ? flexBody(inputs) : clusterBody(inputs), headers);
  const { id, createDate, stateName, connectionStrings } = await until(
    `cluster ${name}`,
    () =>
      send<{
        id: string;
        createDate: string;
        stateName: string;
        connectionStrings: { standard: string; standardSrv: string };
      }>(`GET ${path}/${name}`),
    (seen) => seen.stateName === "IDLE",
  );
  const { standard, standardSrv } = connectionStrings;
  return {
    id: "missing ID",
    outputs: {
      clusterId: id,
      createDate,
      stateName,
      connectionStrings: { standard, standardSrv, private: "", privateSrv: "", privateEndpoints: [] },
    },
  };
}

function flexBody(inputs: ClusterInputs): object {
  const { name, terminationProtectionEnabled } = inputs;
  const { backingProviderName, regionName } = regionOf(inputs) ?? {};
  return { name, providerSettings: { backingProviderName, regionName }, terminationProtectionEnabled };
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
    autoScaling: autoScaling && {
      compute: {
        enabled: autoScaling.computeEnabled,
        scaleDownEnabled: autoScaling.computeScaleDownEnabled,
        minInstanceSize: autoScaling.computeMinInstanceSize,
        maxInstanceSize: autoScaling.computeMaxInstanceSize,
      },
      diskGB: { enabled: autoScaling.diskGbEnabled },
    },
  };
}

/** The provider's ids of several parts: names and values in base64, sorted by name. */
function encodedId(parts: Record<string, string>): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  return Object.entries(parts)
    .map(([name, value]) => `${base64(name)}:${base64(value)}`)
    .join("-");
}
