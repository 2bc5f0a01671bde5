import { describe, expect, it } from "vitest";
import {
  type Answers,
  mongodbOf,
  newPassword,
  opened,
  run,
  secret,
  settingsOf,
} from "../../tests/helpers/program.ts";
import { at, types } from "../resources.ts";
import { runOf } from "../run.ts";
import type { MongodbSettings, RenderRegion } from "../settings/index.ts";
import { renderRegions } from "../settings/vendors.ts";
import { Mongodb, urlOptions } from "./index.ts";

const mongodbSettings = (settings: object): MongodbSettings =>
  settingsOf({ mongodb: mongodbOf(settings) }).mongodb;
const mongodb = (settings: object = {}, answers: Answers = {}, backendRegion: RenderRegion = "oregon") =>
  run(() => {
    const all = settingsOf({ region: backendRegion, mongodb: mongodbOf(settings) });
    return new Mongodb("mongodb", all.mongodb, runOf(all));
  }, answers);

const projectId = "0123456789abcdef01234567";
const common = { projectId, name: "cluster0", clusterType: "REPLICASET" };
const place = { regionName: "US_WEST_2", priority: 7 };
const specs = (config: object) => ({ replicationSpecs: [{ regionConfigs: [{ ...place, ...config }] }] });
const safe = {
  backupEnabled: true,
  pitEnabled: true,
  terminationProtectionEnabled: true,
};
const fixed = { diskGbEnabled: true, computeEnabled: false, computeScaleDownEnabled: false };

/** Every tier class with all that it is registered with: a key too many is as wrong as one too few. */
const clusters: [string, object, object][] = [
  [
    "M0: shared, without what Atlas refuses there (protection, backup)",
    { tier: "M0" },
    specs({ providerName: "TENANT", backingProviderName: "AWS", electableSpecs: { instanceSize: "M0" } }),
  ],
  [
    "M2 where it exists: as M0, by its own size",
    { tier: "M2" },
    specs({ providerName: "TENANT", backingProviderName: "AWS", electableSpecs: { instanceSize: "M2" } }),
  ],
  [
    "FLEX: no specs, protected against deletion",
    { tier: "FLEX" },
    {
      ...specs({ providerName: "FLEX", backingProviderName: "AWS" }),
      terminationProtectionEnabled: true,
    },
  ],
  [
    "FLEX that may be destroyed: not protected",
    { tier: "FLEX", mayBeDestroyed: "cluster0" },
    {
      ...specs({ providerName: "FLEX", backingProviderName: "AWS" }),
      terminationProtectionEnabled: false,
    },
  ],
  [
    "M10: three nodes, backups with point in time, the tier stays",
    { tier: "M10" },
    {
      ...specs({
        providerName: "AWS",
        electableSpecs: { instanceSize: "M10", nodeCount: 3 },
        autoScaling: fixed,
      }),
      ...safe,
    },
  ],
  [
    "M10 on the latest MongoDB, which Atlas upgrades by itself",
    { tier: "M10", version: "latest" },
    {
      ...specs({
        providerName: "AWS",
        electableSpecs: { instanceSize: "M10", nodeCount: 3 },
        autoScaling: fixed,
      }),
      ...safe,
      versionReleaseSystem: "CONTINUOUS",
    },
  ],
  [
    "M20 with autoscaling, disk and version",
    { tier: "M20", autoscale: { from: "M10", to: "M30" }, disk: "20GB", version: "8.0" },
    {
      ...specs({
        providerName: "AWS",
        electableSpecs: { instanceSize: "M20", nodeCount: 3, diskSizeGb: 20 },
        autoScaling: {
          diskGbEnabled: true,
          computeEnabled: true,
          computeScaleDownEnabled: true,
          computeMinInstanceSize: "M10",
          computeMaxInstanceSize: "M30",
        },
      }),
      mongoDbMajorVersion: "8.0",
      useEffectiveFields: true,
      ...safe,
    },
  ],
  [
    "M10 that may be destroyed: backups stay, protection goes",
    { tier: "M10", mayBeDestroyed: "cluster0" },
    {
      ...specs({
        providerName: "AWS",
        electableSpecs: { instanceSize: "M10", nodeCount: 3 },
        autoScaling: fixed,
      }),
      ...safe,
      terminationProtectionEnabled: false,
    },
  ],
];

describe("the cluster", () => {
  it.each(clusters)("is registered as %s", async (_, settings, inputs) => {
    const { recorder } = await mongodb(settings);
    const cluster = recorder.one("AdvancedCluster");
    expect(cluster.inputs).toEqual({ ...common, ...inputs });
    expect(cluster.protect).toBe(!("mayBeDestroyed" in settings));
  });

  /** What the state has of one that Atlas scales apart from what was asked for, or not. */
  const state = (instanceSize: string, more: object = {}, computeEnabled = false) => ({
    type: types.cluster,
    outputs: {
      name: "cluster0",
      replicationSpecs: [
        {
          regionConfigs: [
            { electableSpecs: { instanceSize, diskSizeGb: 40 }, autoScaling: { computeEnabled } },
          ],
        },
      ],
      ...more,
    },
  });
  const apart = { useEffectiveFields: true };
  const bounds = { autoscale: { from: "M10", to: "M30" } };
  it.each<[string, object, ReturnType<typeof state>, boolean, number | undefined]>([
    ["as it was: nothing changes", {}, state("M10", apart), true, undefined],
    ["as it was, with its disk", { disk: "40GB" }, state("M10", apart), true, 40],
    [
      "of another tier: Atlas has to take it seriously",
      { tier: "M20" },
      state("M10", apart),
      false,
      undefined,
    ],
    ["of another disk", { disk: "80GB" }, state("M10", apart), false, 80],
    ["of a smaller disk", { disk: "20GB" }, state("M10", apart), false, 20],
    ["that Atlas no longer scales", {}, state("M10", apart, true), false, undefined],
    ["that Atlas scales from now on", bounds, state("M10"), true, undefined],
    ["that was resized once", { tier: "M20" }, state("M20"), false, undefined],
    ["whose disk Atlas made larger", { disk: "20GB" }, state("M10"), false, 40],
  ])("that exists is registered %s", async (_, settings, existing, effective, disk) => {
    const { recorder } = await run(() => {
      const all = settingsOf({ region: "oregon", mongodb: mongodbOf({ tier: "M10", ...settings }) });
      return new Mongodb("mongodb", all.mongodb, { ...runOf(all), existing: [existing] });
    }, {});
    const { inputs } = recorder.one("AdvancedCluster");
    expect(inputs.useEffectiveFields).toBe(effective || undefined);
    expect(at(inputs, "replicationSpecs", 0, "regionConfigs", 0, "electableSpecs", "diskSizeGb")).toBe(disk);
  });

  const besideRegions: Record<RenderRegion, string> = {
    oregon: "US_WEST_2",
    ohio: "US_EAST_2",
    virginia: "US_EAST_1",
    frankfurt: "EU_CENTRAL_1",
    singapore: "AP_SOUTHEAST_1",
  };
  it.each(renderRegions)("stands beside a backend in %s", async (region) => {
    const { recorder } = await mongodb({}, {}, region);
    expect(recorder.one("AdvancedCluster").inputs).toMatchObject({
      replicationSpecs: [{ regionConfigs: [{ regionName: besideRegions[region] }] }],
    });
  });

  it("stands in its own region when that is set", async () => {
    const { recorder } = await mongodb({ region: "EU_WEST_3" });
    expect(recorder.one("AdvancedCluster").inputs).toMatchObject({
      replicationSpecs: [{ regionConfigs: [{ regionName: "EU_WEST_3" }] }],
    });
  });
});

describe("the project", () => {
  it("is an existing one by id, and nothing of it is registered", async () => {
    const { result, recorder } = await mongodb();
    expect(recorder.all("Project")).toEqual([]);
    expect((await opened(result.projectId)).value).toBe(projectId);
  });

  it("is a new one in an organization, and everything goes into it", async () => {
    const { result, recorder } = await mongodb({ project: { name: "kairos", organization: projectId } });
    expect(recorder.one("Project").inputs).toEqual({ name: "kairos", orgId: projectId });
    expect((await opened(result.projectId)).value).toBe("mongodb-project-id");
    for (const type of ["AdvancedCluster", "DatabaseUser", "ProjectIpAccessList"])
      expect(recorder.one(type).inputs.projectId).toBe("mongodb-project-id");
  });
});

describe("the database user", () => {
  it("may read and write the one database of the one cluster, and nothing else", async () => {
    const password = newPassword();
    const { recorder } = await mongodb(
      { name: "main", database: "kaïros", user: "backend" },
      { outputs: { "random:index/randomPassword:RandomPassword": { result: password } } },
    );
    expect(recorder.one("DatabaseUser").inputs).toEqual({
      labels: [{ key: "managed-by", value: "pulumi kairos/test" }],
      projectId,
      username: "backend",
      authDatabaseName: "admin",
      password: secret(password),
      roles: [{ roleName: "readWrite", databaseName: "kaïros" }],
      scopes: [{ name: "main", type: "CLUSTER" }],
    });
    expect(recorder.one("RandomPassword").inputs).toEqual({ length: 32, special: false });
  });
});

describe("the access list", () => {
  it("has one resource for each block, and a new comment alone does not replace it", async () => {
    const accessList = [
      { cidr: "203.0.113.0/24", comment: "Render, outbound" },
      { cidr: "198.51.100.7/32", comment: "office" },
    ];
    const { recorder } = await mongodb({ accessList });
    expect(recorder.all("ProjectIpAccessList")).toMatchObject(
      accessList.map(({ cidr, comment }) => ({
        name: `mongodb-access-${cidr}`,
        inputs: { projectId, cidrBlock: cidr, comment },
        ignoreChanges: ["comment"],
      })),
    );
  });
});

describe("the URL", () => {
  it("is put together from the cluster's string, user, password and database; secret", async () => {
    const password = newPassword();
    const { result } = await mongodb(
      { user: "back/end" },
      { outputs: { "random:index/randomPassword:RandomPassword": { result: password } } },
    );
    expect(await opened(result.url)).toEqual({
      value: `mongodb+srv://back%2Fend:${encodeURIComponent(password)}@cluster0.abc.mongodb.net/ka%C3%AFros?retryWrites=true&w=majority`,
      isSecret: true,
    });
  });

  it("waits for the user and for each entry of the access list", async () => {
    const { recorder } = await run(async () => {
      const settings = settingsOf();
      const component = new Mongodb("mongodb", settings.mongodb, runOf(settings));
      // Whatever takes the URL as an input depends on what the URL was made of.
      new (await import("@pulumi/pulumi")).Stash("reader", { input: component.url }, { parent: component });
    });
    const types = recorder
      .one("Stash")
      .dependsOn.map((urn) => /\$([^$]*)::/.exec(urn)?.[1]?.split(":").at(-1));
    expect(types).toEqual(
      expect.arrayContaining(["AdvancedCluster", "RandomPassword", "DatabaseUser", "ProjectIpAccessList"]),
    );
  });

  it.each<[string, object, Record<string, string>]>([
    ["leaves the drivers' defaults out", {}, {}],
    ["leaves defaults out that are spelled out", { retryReads: true, heartbeat: "10s", compressors: [] }, {}],
    ["leaves timeout and pool sizes to the variables", { timeout: "9s", maxPoolSize: 7, minPoolSize: 3 }, {}],
    ["can turn retried writes off", { retryWrites: false }, { retryWrites: "false" }],
    ["can turn retried reads off", { retryReads: false }, { retryReads: "false" }],
    ["takes another heartbeat", { heartbeat: "30s" }, { heartbeatFrequencyMS: "30000" }],
    ["takes compressors, in order", { compressors: ["zstd", "zlib"] }, { compressors: "zstd,zlib" }],
  ])("%s", (_, driver, options) => {
    expect(urlOptions(mongodbSettings({ driver }).driver)).toEqual({
      retryWrites: "true",
      w: "majority",
      ...options,
    });
  });
});

describe("with:", () => {
  it("reaches the cluster as it is, and is no longer left alone", async () => {
    const given = { tags: { owner: "kairos" }, retainBackupsEnabled: true };
    const { recorder } = await mongodb({ with: given });
    const { inputs, ignoreChanges } = recorder.one("AdvancedCluster");
    expect(inputs).toMatchObject(given);
    expect(ignoreChanges).not.toContain("tags");
    expect(ignoreChanges).toContain("labels");
  });

  it("adds nothing where nobody says it", async () => {
    const { recorder } = await mongodb();
    expect(Object.keys(recorder.one("AdvancedCluster").inputs)).not.toContain("with");
  });
});
