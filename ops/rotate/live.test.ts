import { describe, expect, it } from "vitest";
import { standing } from "../../infra/backend/live.ts";
import type { RenderDeploy } from "../../vendors/render.ts";
import { deployedFrom, untilLiveWithIt } from "./live.ts";

const deploy = (id: string, minute: number, status: string): RenderDeploy => ({
  id,
  status,
  createdAt: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(),
});

describe("deployedFrom", () => {
  it("is after the newest deploy of before", () => {
    const before = deploy("dep-1", 1, "live");
    expect(standing(deployedFrom(before, ""), [before])).toEqual({});
  });

  it("goes by when the credential was changed where an interrupted run has deployed", () => {
    const changed = deployedFrom(undefined, "2026-11-22T10:20:00.000Z");
    expect(standing(changed, [deploy("dep-1", 1, "live")])).toEqual({});
    expect(standing(changed, [deploy("dep-3", 21, "live")])).toEqual({ live: deploy("dep-3", 21, "live") });
  });
});

describe("untilLiveWithIt", () => {
  const render = (deploys: RenderDeploy[], suspended: "suspended" | "not_suspended") => ({
    deploys: async () => deploys,
    serviceIfAny: async (id: string) => ({
      id,
      name: "kairos-backend",
      type: "web_service",
      suspended,
      createdAt: "",
      updatedAt: "",
    }),
  });
  const service = { name: "kairos-backend", id: "srv-1" };
  const until = (...deploys: RenderDeploy[]) =>
    untilLiveWithIt(render(deploys, "not_suspended"), service, 0, 1);

  it("says since when it is live", async () => {
    const finishedAt = "2026-11-22T10:05:00.000Z";
    expect((await until({ ...deploy("dep-2", 2, "live"), finishedAt })).toISOString()).toBe(finishedAt);
  });

  it("does not go on after a failed deploy: the old credential is what still serves", async () => {
    await expect(until(deploy("dep-2", 2, "update_failed"))).rejects.toThrow(
      /dep-2 of kairos-backend .* is update_failed: .* stays valid/,
    );
  });

  it("does not wait for one that is suspended, whatever was live before", async () => {
    const suspended = render([deploy("dep-2", 2, "live")], "suspended");
    await expect(untilLiveWithIt(suspended, service, 0, 1)).rejects.toThrow(
      /^kairos-backend is suspended, .* the old one stays valid\. Resume it at Render/,
    );
  });

  it("does not go on without any deploy", async () => {
    await expect(until()).rejects.toThrow(/has no deploy/);
  });
});
