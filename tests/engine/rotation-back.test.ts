/** The way back, and the grace of the old credential. Runs with KAIROS_ROTATION_KILLS=all. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineOrReason } from "./harness.ts";
import { RotationGround } from "./rotation-ground.ts";

const found = await engineOrReason();
if ("reason" in found) console.log(`skipped: the way back of a rotation (${found.reason})`);

describe.skipIf("reason" in found || process.env.KAIROS_ROTATION_KILLS !== "all")("a killed rotation", () => {
  let ground: RotationGround;
  beforeAll(async () => {
    if ("engine" in found)
      ground = await RotationGround.create(found.engine, {
        redis: { provider: "none" },
        postgres: { enabled: false },
      });
  });
  afterAll(() => ground?.remove());

  it("goes back to the old credential, without a failed login and with nobody left over", async () => {
    const load = ground.load(["mongodb"]);
    expect(await ground.killedAt(/is live with it/, "mongodb", "--grace", "1h")).toBe(true);
    const { stdout } = await ground.rotate("mongodb", "--status");
    expect(stdout).toMatch(/credential 2 \(kairos-2\) since .*, credential 1 \(kairos\) is to be retired/);
    const { code, stderr } = await ground.rotate("mongodb", "--back", "--grace", "3s");
    await load.end();
    expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
    expect(stderr).toMatch(/the old credential stays valid until .* \(--grace\)[\s\S]*the grace is over/);
    expect(ground.mongodbUsers()).toEqual(["kairos"]);
    expect(load.failures).toEqual([]);
  });
});
