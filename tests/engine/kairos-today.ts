/** Kaïros as it is today: databases, services and variables that no program of ours has made. */
import { randomBytes } from "node:crypto";
import type { Ground } from "./adoption-ground.ts";

export const organization = "5a4d000000000000000000aa";

/** What must never be seen. */
export interface Secrets {
  /** Of the database user that the backend logs in as. */
  password: string;
  /** A variable of the service that the contract does not know. */
  foreign: string;
  /** A variable of an env group that another service has too. */
  shared: string;
}

/** Ids of what was made. */
export interface Made {
  project: string;
  postgres: string;
  service: string;
  /** A service that the stack has nothing to do with. */
  other: string;
  /** The env group that both services have. */
  group: string;
}

/** What stands in Pulumi.prod.yaml, with a comment above each thing that has to keep it. */
export const template = `# The stack of a test, as somebody wrote it.
config:
  # Where the backend runs.
  kairos:region: oregon

  kairos:mongodb:
    project:
      id: <atlas-project-id>
    name: cluster0
    tier: M10
    database: kaïros # not ASCII
    user: kairos
    accessList:
      # Render's outbound ranges.
      - cidr: <render-outbound-cidr>
        comment: Render Oregon, outbound
    driver:
      timeout: 5s
      maxPoolSize: 200
      minPoolSize: 20

  kairos:postgres:
    enabled: true
    name: kairos-postgres
    plan: basic_1gb
    version: "18" # what runs today
    database: kairos_db
    user: kairos

  kairos:redis:
    provider: upstash
    name: kairos-redis

  kairos:backend:
    # The API.
    - name: kairos-backend
      link: <render-service-id>
      variables:
        LOG_LEVEL: info

  # One deploy for each change.
  render:skipDeployAfterServiceUpdate: "true"
`;

/** Makes all of it by plain calls, as a dashboard makes them. */
export async function kairosToday(ground: Ground, { password, foreign, shared }: Secrets): Promise<Made> {
  const { id: project } = await ground.atlas<{ id: string }>("POST", "/groups", {
    name: "Kairos",
    orgId: organization,
  });
  const region = { providerName: "AWS", regionName: "US_WEST_2", priority: 7 };
  const scaling = {
    compute: { enabled: true, scaleDownEnabled: true, minInstanceSize: "M10", maxInstanceSize: "M30" },
    diskGB: { enabled: true },
  };
  await ground.atlas("POST", `/groups/${project}/clusters`, {
    name: "cluster0",
    clusterType: "REPLICASET",
    backupEnabled: true,
    tags: [{ key: "team", value: "kairos" }],
    replicationSpecs: [
      {
        regionConfigs: [
          {
            ...region,
            electableSpecs: { instanceSize: "M10", nodeCount: 3, diskSizeGB: 20 },
            autoScaling: scaling,
          },
        ],
      },
    ],
  });
  const user = { databaseName: "admin", roles: [{ roleName: "atlasAdmin", databaseName: "admin" }] };
  await ground.atlas("POST", `/groups/${project}/databaseUsers`, { ...user, username: "kairos", password });
  await ground.atlas("POST", `/groups/${project}/databaseUsers`, {
    ...user,
    username: "somebody",
    password: randomBytes(12).toString("hex"),
  });
  await ground.atlas("POST", `/groups/${project}/accessList`, [
    { cidrBlock: "0.0.0.0/0", comment: "everywhere" },
    { ipAddress: "203.0.113.7", comment: "office" },
  ]);
  const { ownerId } = ground.clouds.render;
  const { id: postgres } = await ground.render<{ id: string }>("POST", "/postgres", {
    ownerId,
    name: "kairos-db",
    plan: "basic_256mb",
    region: "oregon",
    version: "18",
    ipAllowList: [{ cidrBlock: "0.0.0.0/0", description: "everywhere" }],
  });
  const details = { plan: "starter", region: "oregon", runtime: "image" };
  const create = async (name: string, envVars: object[]) => {
    const body = {
      type: "web_service",
      name,
      image: { ownerId, imagePath: "registry.example/kairos/backend:7" },
    };
    const { service } = await ground.render<{ service: { id: string } }>("POST", "/services", {
      ownerId,
      ...body,
      envVars,
      serviceDetails: { ...details, healthCheckPath: "/health" },
    });
    return service.id;
  };
  const url = new URL(await mongodbString(ground, project));
  url.username = "kairos";
  url.password = encodeURIComponent(password);
  url.pathname = "/kairos";
  url.searchParams.set("retryWrites", "true");
  url.searchParams.set("w", "majority");
  // Half of the contract's variables, and what the contract knows nothing of.
  const service = await create("kairos-api", [
    { key: "MONGODB_URL", value: url.href },
    { key: "MONGODB_DB_NAME", value: "kaïros" },
    { key: "MONGODB_TIMEOUT_MS", value: "8000" },
    { key: "MONGODB_MIN_POOL_SIZE", value: "2" },
    { key: "JWT_SECRET", value: foreign },
    { key: "FEATURE", value: "on" },
  ]);
  const other = await create("website", [{ key: "OWN", value: "1" }]);
  const { id: group } = await ground.render<{ id: string }>("POST", "/env-groups", {
    ownerId,
    name: "common",
    envVars: [
      { key: "SENTRY_DSN", value: shared },
      { key: "MONGODB_MAX_POOL_SIZE", value: "150" },
    ],
  });
  for (const id of [service, other]) await ground.render("POST", `/env-groups/${group}/services/${id}`);
  // Linking deploys nothing.
  await ground.render("POST", `/services/${service}/deploys`, {});
  return { project, postgres, service, other, group };
}

/** One host, since one server stands for a whole cluster here. */
async function mongodbString(ground: Ground, project: string): Promise<string> {
  const cluster = await ground.atlas<{ connectionStrings: { standardSrv: string } }>(
    "GET",
    `/groups/${project}/clusters/cluster0`,
  );
  return cluster.connectionStrings.standardSrv;
}
