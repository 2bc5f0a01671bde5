import { describe, expect, it } from "vitest";
import type { RenderDeploy } from "../../vendors/render.ts";
import { standing, untilLive } from "./live.ts";

const deploy = (id: string, minute: number, status: string): RenderDeploy => ({
  id,
  status,
  createdAt: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
});
const since = deploy("dep-2", 2, "update_in_progress");

describe("standing", () => {
  it.each<[string, RenderDeploy[], unknown]>([
    ["on its way", [since, deploy("dep-1", 1, "live")], "on its way"],
    ["live", [{ ...since, status: "live" }], { live: { ...since, status: "live" } }],
    [
      "live with a newer one",
      [deploy("dep-3", 3, "live"), { ...since, status: "deactivated" }],
      { live: deploy("dep-3", 3, "live") },
    ],
    ["on its way again", [deploy("dep-3", 3, "created"), { ...since, status: "canceled" }], "on its way"],
    [
      "failed, while the one before is still live",
      [{ ...since, status: "update_failed" }, deploy("dep-1", 1, "live")],
      { failed: { ...since, status: "update_failed" } },
    ],
  ])("is %s", (_, deploys, expected) => {
    expect(standing(since, deploys)).toEqual(expected);
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
    expect((await untilLive(answering([since], [since], [live]), service, 1)).toISOString()).toBe(finishedAt);
  });

  it("does not go on after a failed deploy: the old credential is what still serves", async () => {
    const failed = { ...since, status: "update_failed" };
    await expect(untilLive(answering([since], [failed]), service, 1)).rejects.toThrow(
      /dep-2 of kairos-backend .* is update_failed: .* stays valid/,
    );
  });

  it("does not go on without any deploy", async () => {
    await expect(untilLive(answering([]), service, 1)).rejects.toThrow(/has no deploy/);
  });
});
