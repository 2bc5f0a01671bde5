import { describe, expect, it } from "vitest";
import { holdsData, refuseDataLoss } from "./protection.ts";
import { existingResources } from "./state.ts";
import { run, settingsOf } from "./testing.ts";

/** What index.ts does before it registers anything. */
const check = async (settings: Parameters<typeof refuseDataLoss>[1]) =>
  refuseDataLoss(await existingResources(), settings);

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

describe("holdsData", () => {
  it("protects a database until its setting gives a name", () => {
    expect(holdsData({})).toEqual({ protect: true });
    expect(holdsData({ mayBeDestroyed: undefined })).toEqual({ protect: true });
    expect(holdsData({ mayBeDestroyed: "cluster0" })).toEqual({ protect: false });
  });
});
