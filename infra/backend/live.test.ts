import { describe, expect, it } from "vitest";
import type { RenderDeploy } from "../../vendors/render.ts";
import { type DeployProgress, standing, untilLive } from "./live.ts";

const deploy = (id: string, minute: number, status: string): RenderDeploy => ({
  id,
  status,
  createdAt: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
});
const ours = deploy("dep-2", 2, "update_in_progress");
const from = Date.parse(ours.createdAt);

describe("standing", () => {
  it.each<[string, RenderDeploy[], DeployProgress]>([
    ["under way", [ours, deploy("dep-1", 1, "live")], { under: ours }],
    ["live", [{ ...ours, status: "live" }], { live: { ...ours, status: "live" } }],
    [
      "live with a newer one",
      [deploy("dep-3", 3, "live"), { ...ours, status: "deactivated" }],
      { live: deploy("dep-3", 3, "live") },
    ],
    ["queued: nothing of it is there", [deploy("dep-1", 1, "live")], {}],
    [
      "not that of the one before, whatever became of it",
      [deploy("dep-1", 1, "update_failed"), deploy("dep-0", 0, "live")],
      {},
    ],
    [
      "under way again",
      [deploy("dep-3", 3, "created"), { ...ours, status: "canceled" }],
      { under: deploy("dep-3", 3, "created") },
    ],
    [
      "failed, while the one before is still live",
      [{ ...ours, status: "update_failed" }, deploy("dep-1", 1, "live")],
      { failed: { ...ours, status: "update_failed" } },
    ],
  ])("is %s", (_, deploys, expected) => {
    expect(standing(from, deploys)).toEqual(expected);
  });
});

describe("untilLive", () => {
  const answering = (...answers: RenderDeploy[][]) => ({
    deploys: async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? [],
  });
  const before = deploy("dep-1", 1, "live");

  it("waits, through the queue too, and tells each status once", async () => {
    const live = { ...ours, status: "live" };
    const building = { ...ours, status: "build_in_progress" };
    const shown: unknown[] = [];
    const render = answering([before], [before], [building], [building], [ours, before], [live]);
    const waiting = { limit: 5000, pause: 1, show: (status?: string) => shown.push(status) };
    expect(await untilLive(render, "srv-1", from, waiting)).toEqual({ live });
    expect(shown).toEqual([undefined, "build_in_progress", "update_in_progress"]);
  });

  it("ends with a failed deploy at once", async () => {
    const failed = { ...ours, status: "build_failed" };
    const render = answering([ours], [failed, before]);
    expect(await untilLive(render, "srv-1", from, { limit: 5000, pause: 1 })).toEqual({ failed });
  });

  it.each([
    ["under way", ours],
    ["queued", undefined],
  ])("ends when its time is over, the deploy being %s", async (_, late) => {
    const render = answering([...(late ? [late] : []), before]);
    expect(await untilLive(render, "srv-1", from, { limit: 30, pause: 1 })).toEqual({ late });
  });
});
