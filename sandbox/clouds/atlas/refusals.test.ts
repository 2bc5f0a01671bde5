/** What Atlas refuses, with its status and code, as a client sees it. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { type Call, client, cluster, flexCluster } from "../../../tests/helpers/atlas.ts";
import { type Served, serve } from "../serve.ts";
import { AtlasCloud, atlasApi, generateCredentials } from "./index.ts";

const credentials = generateCredentials();
const servers: Served[] = [];
let cloud: AtlasCloud;
let group: string;
let call: Call;
beforeEach(async () => {
  cloud = new AtlasCloud();
  const served = await serve(atlasApi(cloud, credentials));
  servers.push(served);
  call = client(served.url, credentials);
  group = cloud.projects.create({ name: "demo", orgId: cloud.orgId }).id;
});
afterAll(() => Promise.all(servers.map((served) => served.close())));

/** Status and code of a refusal. */
const refusal = async (method: string, path: string, body?: unknown) => {
  const { status, body: answer } = await call(method, path, body);
  expect(answer).toMatchObject({ error: status, detail: expect.any(String), parameters: expect.any(Array) });
  return `${status} ${answer.errorCode}`;
};
const below = (path: string) => `/groups/${group}/${path}`;

describe("projects", () => {
  it.each([
    [{ name: "other", orgId: "0".repeat(24) }, "404 ORG_NOT_FOUND"],
    [{ name: "other", orgId: "mine" }, "404 INVALID_ORG_ID"],
    [{ orgId: "0".repeat(24) }, "400 MISSING_ATTRIBUTE"],
    [{ name: 5, orgId: "0".repeat(24) }, "400 INVALID_JSON_ATTRIBUTE"],
  ])("refuses %j: %s", async (body, expected) => {
    expect(await refusal("POST", "/groups", body)).toBe(expected);
  });

  it("refuses a name that is taken, and projects that do not exist", async () => {
    expect(await refusal("POST", "/groups", { name: "demo", orgId: cloud.orgId })).toBe(
      "409 GROUP_ALREADY_EXISTS",
    );
    expect(await refusal("GET", `/groups/${"0".repeat(24)}`)).toBe("404 GROUP_NOT_FOUND");
    expect(await refusal("GET", "/groups/demo/clusters")).toBe("404 INVALID_GROUP_ID");
  });

  it.each(["clusters", "flexClusters"])("are kept while there are %s", async (api) => {
    await call("POST", below(api), api === "clusters" ? cluster("one") : flexCluster("one"));
    expect(await refusal("DELETE", `/groups/${group}`)).toBe("409 CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS");
    expect((await call("DELETE", below(`${api}/one`))).status).toBe(api === "clusters" ? 202 : 204);
    expect((await call("DELETE", `/groups/${group}`)).status).toBe(204);
  });
});

describe("a new cluster", () => {
  const scaling = (compute: object) => ({
    region: { autoScaling: { compute: { enabled: true, ...compute } } },
  });
  it.each([
    ["an unknown size", cluster("one", "M11"), "INVALID_ENUM_VALUE"],
    [
      "M0 on a provider's own hosts",
      cluster("one", "M10", { specs: { instanceSize: "M0" } }),
      "INVALID_ENUM_VALUE",
    ],
    [
      "a dedicated size as tenant",
      cluster("one", "M0", { specs: { instanceSize: "M10" } }),
      "INVALID_ENUM_VALUE",
    ],
    ["Flex", cluster("one", "M10", { region: { providerName: "FLEX" } }), "INVALID_PROVIDER"],
    [
      "an unknown region",
      cluster("one", "M10", { region: { regionName: "EU_CENTRAL_9" } }),
      "INVALID_REGION",
    ],
    ["an unknown provider", cluster("one", "M10", { region: { providerName: "OVH" } }), "INVALID_PROVIDER"],
    ["two nodes", cluster("one", "M10", { specs: { nodeCount: 2 } }), "CLUSTER_REPLICATION_FACTOR_INVALID"],
    [
      "a disk that is too large",
      cluster("one", "M10", { specs: { diskSizeGB: 129 } }),
      "CLUSTER_DISK_SIZE_INVALID",
    ],
    [
      "half a gigabyte",
      cluster("one", "M10", { specs: { diskSizeGB: 10.5 } }),
      "CLUSTER_DISK_SIZE_NOT_WHOLE_NUMBER",
    ],
    [
      "scaling without bound",
      cluster("one", "M10", scaling({})),
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_REQUIRED",
    ],
    [
      "scaling below its size",
      cluster("one", "M30", scaling({ maxInstanceSize: "M20" })),
      "COMPUTE_AUTO_SCALING_MAX_INSTANCE_SIZE_INVALID",
    ],
    ["a bad name", cluster("my cluster"), "CLUSTER_NAME_INVALID"],
    ["a long name", cluster("c".repeat(65)), "CLUSTER_NAME_TOO_LONG"],
    ["no type", { ...cluster("one"), clusterType: undefined }, "MISSING_ATTRIBUTE"],
    ["shards", { ...cluster("one"), clusterType: "SHARDED" }, "SHARDING_NOT_SUPPORTED"],
    ["an unknown version", { ...cluster("one"), mongoDBMajorVersion: "6.0" }, "MONGODB_VERSION_INVALID"],
    ["restore without backup", { ...cluster("one"), pitEnabled: true }, "INVALID_CLUSTER_CONFIGURATION"],
    ["M0 with backup", { ...cluster("one", "M0"), backupEnabled: true }, "PROVIDER_BACKUP_NOT_SUPPORTED"],
    ["a pause", { ...cluster("one"), paused: true }, "CANNOT_CREATE_PAUSED_CLUSTER"],
  ])("with %s is refused", async (_, body, code) => {
    expect(await refusal("POST", below("clusters"), body)).toBe(`400 ${code}`);
    expect(cloud.clusters.list(group)).toEqual([]);
  });

  it("needs a name that is free, whatever the kind, in its first 23 characters too", async () => {
    await call("POST", below("clusters"), cluster("production-of-the-backend-1"));
    const taken = { ...flexCluster("production-of-the-backend-1") };
    expect(await refusal("POST", below("flexClusters"), taken)).toBe("400 DUPLICATE_CLUSTER_NAME");
    const similar = cluster("production-of-the-backend-2");
    expect(await refusal("POST", below("clusters"), similar)).toBe("400 DUPLICATE_CLUSTER_NAME_PREFIX");
  });

  it("is the only M0 of its project", async () => {
    expect((await call("POST", below("clusters"), cluster("one", "M0"))).status).toBe(201);
    const { status, body } = await call("POST", below("clusters"), cluster("two", "M0"));
    expect([status, body.errorCode]).toEqual([400, "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API"]);
    expect(body.detail).toContain("reached the limit for the number of free clusters");
  });
});

describe("a cluster", () => {
  it("shrinks its disk, but does not go back a version, or become M0 or sharded", async () => {
    await call("POST", below("clusters"), cluster("one", "M10", { specs: { diskSizeGB: 20 } }));
    const { name: _, ...smaller } = cluster("one", "M10", { specs: { diskSizeGB: 15 } });
    expect((await call("PATCH", below("clusters/one"), smaller)).status).toBe(200);
    const older = { mongoDBMajorVersion: "7.0" };
    const sharded = { clusterType: "SHARDED" };
    expect(await refusal("PATCH", below("clusters/one"), sharded)).toBe("400 SHARDING_NOT_SUPPORTED");
    expect(await refusal("PATCH", below("clusters/one"), older)).toBe("400 CLUSTER_UPGRADE_INVALID");
    const free = { replicationSpecs: cluster("one", "M0").replicationSpecs };
    expect(await refusal("PATCH", below("clusters/one"), free)).toBe(
      "400 CLUSTER_CANNOT_CHANGE_PROVIDER_NAME",
    );
  });

  it("that is protected is not deleted", async () => {
    await call("POST", below("clusters"), { ...cluster("one"), terminationProtectionEnabled: true });
    await call("POST", below("flexClusters"), { ...flexCluster("two"), terminationProtectionEnabled: true });
    const code = "400 CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED";
    expect(await refusal("DELETE", below("clusters/one"))).toBe(code);
    expect(await refusal("DELETE", below("flexClusters/two"))).toBe(code);
    await call("PATCH", below("flexClusters/two"), { terminationProtectionEnabled: false });
    expect((await call("DELETE", below("flexClusters/two"))).status).toBe(204);
  });

  it("that is paused takes nothing but its resumption", async () => {
    await call("POST", below("clusters"), cluster("one"));
    await call("PATCH", below("clusters/one"), { paused: true });
    expect(await refusal("PATCH", below("clusters/one"), { tags: [] })).toBe(
      "409 CANNOT_UPDATE_PAUSED_CLUSTER",
    );
    expect((await call("PATCH", below("clusters/one"), { paused: false })).status).toBe(200);
  });

  it("that is free is not changed", async () => {
    await call("POST", below("clusters"), cluster("one", "M0"));
    expect(await refusal("PATCH", below("clusters/one"), { tags: [] })).toBe(
      "400 TENANT_CLUSTER_UPDATE_UNSUPPORTED",
    );
    const args = { javascriptEnabled: false };
    expect(await refusal("PATCH", below("clusters/one/processArgs"), args)).toBe(
      "400 TENANT_CLUSTER_PROCESS_ARGS_NOT_SUPPORTED",
    );
  });

  it("belongs to one of the two APIs", async () => {
    await call("POST", below("flexClusters"), flexCluster("flex"));
    await call("POST", below("clusters"), cluster("one"));
    const other = "400 CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API";
    expect(await refusal("GET", below("clusters/flex"))).toBe(other);
    expect(await refusal("DELETE", below("clusters/flex"))).toBe(other);
    expect(await refusal("GET", below("flexClusters/one"))).toBe(
      "400 CANNOT_USE_NON_FLEX_CLUSTER_IN_FLEX_API",
    );
    expect(await refusal("GET", below("clusters/none"))).toBe("404 CLUSTER_NOT_FOUND");
    expect((await call("GET", below("clusters"))).body.totalCount).toBe(1);
    const region = { providerSettings: { regionName: "US_EAST_1" } };
    expect(await refusal("PATCH", below("flexClusters/flex"), region)).toBe("400 INVALID_ATTRIBUTE");
  });
});

describe("a database user", () => {
  const user = (more: object = {}) => ({
    databaseName: "admin",
    username: "backend",
    password: randomBytes(18).toString("base64url"),
    roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
    ...more,
  });
  const role = (roleName: string, databaseName: string) => ({ roles: [{ roleName, databaseName }] });

  it.each([
    ["an unknown role", user(role("owner", "kaïros")), "ATLAS_INVALID_ROLE"],
    ["a role of admin elsewhere", user(role("atlasAdmin", "kaïros")), "ATLAS_INVALID_ROLE_DATABASE"],
    ["a role twice", user({ roles: [...user().roles, ...user().roles] }), "DUPLICATE_DATABASE_ROLES"],
    ["no role", user({ roles: [] }), "MISSING_ATTRIBUTE"],
    ["no password", user({ password: undefined }), "MISSING_ATTRIBUTE"],
    ["a short password", user({ password: "1234567" }), "WEAK_PASSWORD"],
    ["another database", user({ databaseName: "kaïros" }), "INVALID_ENUM_VALUE"],
    ["the wrong one of the two", user({ databaseName: "$external" }), "DATABASE_NAME_INVALID_ADMIN"],
    ["a certificate on admin", user({ x509Type: "CUSTOMER" }), "DATABASE_NAME_INVALID_EXTERNAL"],
  ])("with %s is refused", async (_, body, code) => {
    expect(await refusal("POST", below("databaseUsers"), body)).toBe(`400 ${code}`);
  });

  it("exists once, and is gone once", async () => {
    await call("POST", below("databaseUsers"), user());
    expect(await refusal("POST", below("databaseUsers"), user())).toBe("409 USER_ALREADY_EXISTS");
    expect((await call("DELETE", below("databaseUsers/admin/backend"))).status).toBe(204);
    for (const method of ["GET", "DELETE"])
      expect(await refusal(method, below("databaseUsers/admin/backend"))).toBe("404 USERNAME_NOT_FOUND");
  });
});

describe("the access list", () => {
  it.each([
    [{ cidrBlock: "10.0.0.0/33" }, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION"],
    [{ ipAddress: "10.0.0.256" }, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION"],
    [
      { ipAddress: "10.0.0.1", cidrBlock: "10.0.0.1/32" },
      "MULTIPLE_VALUES_SPECIFIED_FOR_ONE_NETWORK_PERMISSION_ENTRY",
    ],
    [{ awsSecurityGroup: "sg-1" }, "CANNOT_USE_AWS_SECURITY_GROUP_WITHOUT_VPC_PEERING_CONNECTION"],
    [{ cidrBlock: "10.0.0.0/24", comment: "c".repeat(81) }, "INVALID_NETWORK_PERMISSION_COMMENT"],
    [{ comment: "nobody" }, "MISSING_ATTRIBUTE"],
  ])("refuses %j", async (entry, code) => {
    expect(await refusal("POST", below("accessList"), [entry])).toBe(`400 ${code}`);
    expect(cloud.accessList.list(group)).toEqual([]);
  });

  it("refuses an entry twice in one call, and does not know what it has not", async () => {
    const twice = [{ ipAddress: "10.0.0.1" }, { cidrBlock: "10.0.0.1/32" }];
    expect(await refusal("POST", below("accessList"), twice)).toBe("400 DUPLICATE_ADDRESSES_IN_INPUT");
    for (const method of ["GET", "DELETE"])
      expect(await refusal(method, below("accessList/10.0.0.0%2F24"))).toBe(
        "404 ATLAS_NETWORK_PERMISSION_ENTRY_NOT_FOUND",
      );
  });

  it("has room for 200 entries", async () => {
    const entries = Array.from({ length: 201 }, (_, index) => ({ ipAddress: `10.0.0.${index}` }));
    expect(await refusal("POST", below("accessList"), entries)).toBe(
      "403 ATLAS_NETWORK_PERMISSIONS_LIMIT_EXCEEDED",
    );
  });
});
