/** A dedicated cluster gets the hardware that the settings say: Atlas takes some ways of asking for the record only. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Ground, newGround } from "./campaign/ground.ts";
import { engineOrReason } from "./harness.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: resizing with the real engine (${found.reason})`);

describe.skipIf("reason" in found)("a dedicated cluster", () => {
  let ground: Ground;
  beforeAll(async () => {
    if ("engine" in found) ground = await newGround(found.engine);
  });
  afterAll(() => ground?.remove());

  /** An `up` with another size, which is all that changes and leaves nothing for a second one. @returns what runs then */
  async function resized(hardware: object): Promise<unknown> {
    const { stack, config, clouds } = ground;
    await stack.configure({
      ...config,
      "kairos:mongodb": { ...(config["kairos:mongodb"] as object), tier: "M10", ...hardware },
    });
    const up = await ground.up();
    expect(up.all).not.toContain("replaced");
    expect(up.exitCode, up.all).toBe(0);
    const again = await ground.preview();
    expect(again.exitCode, again.all).toBe(0);
    const [project] = clouds.atlas.projects.list();
    const [cluster] = clouds.atlas.clusters.list(project?.id ?? "");
    return cluster?.replicationSpecs[0]?.regionConfigs[0]?.current.electableSpecs;
  }

  it.each<[string, object, object]>([
    ["is made", {}, { instanceSize: "M10" }],
    [
      "runs on another tier with a larger disk",
      { tier: "M20", disk: "40GB" },
      { instanceSize: "M20", diskSizeGB: 40 },
    ],
    [
      "is left to Atlas where it may choose",
      { tier: "M20", disk: "40GB", autoscale: { from: "M10", to: "M30" } },
      { instanceSize: "M20", diskSizeGB: 40 },
    ],
    ["is taken back from Atlas, larger at once", { tier: "M30", disk: "40GB" }, { instanceSize: "M30" }],
  ])("%s", async (_, hardware, runs) => {
    expect(await resized(hardware)).toMatchObject(runs);
  });
});
