import { describe, expect, it } from "vitest";
import type { RenderDeploy } from "../../vendors/render.ts";
import { deployedFrom, standing, untilLive } from "./live.ts";

const deploy = (id: string, minute: number, status: string): RenderDeploy => ({
  id,
  status,
  createdAt: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
});
const since = deploy("dep-2", 2, "update_in_progress");
const from = deployedFrom(deploy("dep-1", 1, "live"), "");

describe("standing", () => {
  it.each<[string, RenderDeploy[], unknown]>([
    ["on its way", [since, deploy("dep-1", 1, "live")], "on its way"],
    ["live", [{ ...since, status: "live" }], { live: { ...since, status: "live" } }],
    [
      "live with a newer one",
      [deploy("dep-3", 3, "live"), { ...since, status: "deactivated" }],
      { live: deploy("dep-3", 3, "live") },
    ],
    ["on its way while it waits for its turn", [deploy("dep-1", 1, "live")], "on its way"],
    [
      "not that of the one before, whatever became of it",
      [deploy("dep-1", 1, "update_failed"), deploy("dep-0", 0, "live")],
      "on its way",
    ],
    ["on its way again", [deploy("dep-3", 3, "created"), { ...since, status: "canceled" }], "on its way"],
    [
      "failed, while the one before is still live",
      [{ ...since, status: "update_failed" }, deploy("dep-1", 1, "live")],
      { failed: { ...since, status: "update_failed" } },
    ],
  ])("is %s", (_, deploys, expected) => {
    expect(standing(from, deploys)).toEqual(expected);
  });
});

describe("untilLive", () => {
  const service = { name: "kairos-backend", id: "srv-1" };
  const answering = (...answers: RenderDeploy[][]) => ({
    deploys: async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? [],
  });

  it("waits, and says since when it is live", async () => {
    const finishedAt = "2026-11-22T10:05:00.000Z";
    const live = { ...since, status: "live", finishedAt };
    expect((await untilLive(answering([since], [since], [live]), service, from, 1)).toISOString()).toBe(
      finishedAt,
    );
  });

  it("waits for a deploy that is queued, and does not take the one before for it", async () => {
    const old = deploy("dep-1", 1, "live");
    const live = { ...deploy("dep-2", 7, "live"), finishedAt: "2026-11-22T10:09:00.000Z" };
    const when = await untilLive(answering([old], [old], [live, old]), service, from, 1);
    expect(when.toISOString()).toBe(live.finishedAt);
  });

  it("goes by when the credential was changed where an interrupted run has deployed", () => {
    const changed = deployedFrom(undefined, "2026-11-22T10:20:00.000Z");
    expect(standing(changed, [deploy("dep-1", 1, "live")])).toBe("on its way");
    expect(standing(changed, [deploy("dep-3", 21, "live")])).toEqual({ live: deploy("dep-3", 21, "live") });
  });

  it("does not go on after a failed deploy: the old credential is what still serves", async () => {
    const failed = { ...since, status: "update_failed" };
    await expect(untilLive(answering([since], [failed]), service, from, 1)).rejects.toThrow(
      /dep-2 of kairos-backend .* is update_failed: .* stays valid/,
    );
  });

  it("does not go on without any deploy", async () => {
    await expect(untilLive(answering([]), service, from, 1)).rejects.toThrow(/has no deploy/);
  });
});
