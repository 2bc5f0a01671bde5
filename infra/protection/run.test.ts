import { describe, expect, it } from "vitest";
import { mongodbOf, run, settingsOf } from "../../tests/helpers/program.ts";
import { existingResources } from "../state.ts";
import { dataLosses, protectionOf, refuseDataLoss } from "./index.ts";

/** What index.ts does before it registers anything. */
const check = async (settings: Parameters<typeof refuseDataLoss>[1]) =>
  refuseDataLoss((await existingResources()) ?? [], settings);

describe("refuseDataLoss", () => {
  const state = {
    "urn:pulumi:test::kairos::render:index/postgres:Postgres::postgres": {
      type: "render:index/postgres:Postgres",
      outputs: { name: "kairos-postgres", region: "oregon", version: "18" },
    },
    "urn:pulumi:test::kairos::render:index/envGroup:EnvGroup::group": {
      type: "render:index/envGroup:EnvGroup",
      outputs: { name: "kairos-backend-databases" },
    },
  };

  it("asks the engine for this stack's own state, and fails the run with the lines", async () => {
    await expect(run(() => check(settingsOf()), { state })).rejects.toMatchObject({
      __pulumiRunError: true,
      message: expect.stringMatching(/^kairos:postgres: these settings delete .*$/),
    });
  });

  it("lets settings pass that keep everything", async () => {
    const settings = settingsOf({ postgres: { enabled: true, plan: "basic_1gb" } });
    const { recorder } = await run(() => check(settings), { state });
    expect(recorder.calls).toEqual([
      {
        token: "pulumi:pulumi:readStackResourceOutputs",
        inputs: { stackName: "organization/kairos/test" },
      },
    ]);
  });

  it("lets a first run pass, when there is no state", async () => {
    await run(() => check(settingsOf()));
  });
});

describe("protectionOf", () => {
  it("protects a database until its setting gives a name", () => {
    expect(protectionOf({})).toEqual({ protect: true });
    expect(protectionOf({ mayBeDestroyed: undefined })).toEqual({ protect: true });
    expect(protectionOf({ mayBeDestroyed: "cluster0" })).toEqual({ protect: false });
  });
});

describe("a consent", () => {
  const cluster = (terminationProtectionEnabled: boolean) => [
    {
      type: "mongodbatlas:index/advancedCluster:AdvancedCluster",
      outputs: { name: "cluster0", projectId: "0123456789abcdef01234567", terminationProtectionEnabled },
    },
  ];
  const renamed = () => settingsOf({ mongodb: mongodbOf({ name: "main", mayBeDestroyed: "cluster0" }) });

  it("does not replace a cluster that Atlas still protects: that takes an up of its own first", () => {
    expect(dataLosses(cluster(true), renamed())).toEqual([
      'kairos:mongodb.name: the cluster cluster0 has termination protection. With mayBeDestroyed set, leave this at "cluster0", run pulumi up, and only then change it',
    ]);
    expect(dataLosses(cluster(false), renamed())).toEqual([]);
  });

  it("to a database that does not exist yet has to give the name that it will have", () => {
    const settings = (mayBeDestroyed: string) => settingsOf({ mongodb: mongodbOf({ mayBeDestroyed }) });
    expect(dataLosses([], settings("typo"))).toEqual([
      'kairos:mongodb.mayBeDestroyed: got "typo"; expected "cluster0", the name of this database, or nothing',
    ]);
    expect(dataLosses([], settings("cluster0"))).toEqual([]);
  });
});
