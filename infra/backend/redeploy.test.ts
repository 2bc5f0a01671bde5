import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, run, secret } from "../../tests/helpers/program.ts";
import { renderAnswers } from "../../tests/vendor.ts";
import type { RenderDeploy } from "../../vendors/render.ts";
import { deployService, type RedeployArgs, redeploy, refuseOwnVariables } from "./redeploy.ts";

const serviceId = "srv-01234567890123456789";

/** Render, as far as a deploy asks it; keeps the calls in order. */
function renderWith({ own = [] as string[], deploys = [] as RenderDeploy[] } = {}) {
  const calls: unknown[][] = [];
  const call =
    <T>(name: string, answer: T) =>
    async (...args: unknown[]) => {
      calls.push([name, ...args]);
      return answer;
    };
  const api = {
    ownVariables: call(
      "ownVariables",
      own.map((key) => ({ key, value: newPassword() })),
    ),
    deploys: call("deploys", deploys),
    deploy: call("deploy", undefined),
  };
  return { api, calls };
}

const createdAt = "2026-11-22T10:00:00.000Z";
const deploy = (status: string, runs: Partial<RenderDeploy>): RenderDeploy => ({
  id: "dep-1",
  status,
  createdAt,
  ...runs,
});
const commit = (id: string) => ({ commit: { id } });
const image = { image: { ref: "ghcr.io/kairos/backend:1" } };

describe("deployService", () => {
  const cron = "crn-01234567890123456789";
  it.each<[string, { id?: string; deploys: RenderDeploy[] }, object]>([
    ["the commit that is live", { deploys: [deploy("live", commit("abc"))] }, { commitId: "abc" }],
    ["the image that is live", { deploys: [deploy("live", image)] }, { imageUrl: image.image.ref }],
    [
      "a pipeline's commit that is still being built, not the one before",
      { deploys: [deploy("build_in_progress", commit("new")), deploy("live", commit("old"))] },
      { commitId: "new" },
    ],
    [
      "what is live when a newer deploy failed",
      {
        deploys: [
          deploy("build_failed", commit("bad")),
          deploy("canceled", commit("no")),
          deploy("live", commit("old")),
        ],
      },
      { commitId: "old" },
    ],
    ["what is configured when nothing is live yet", { deploys: [] }, {}],
    [
      "no commit of a cron job, which Render refuses",
      { id: cron, deploys: [deploy("live", commit("abc"))] },
      {},
    ],
    ["a cron job's image", { id: cron, deploys: [deploy("live", image)] }, { imageUrl: image.image.ref }],
  ])("repeats %s", async (_, { id = serviceId, deploys }, deployed) => {
    const { api, calls } = renderWith({ deploys });
    await deployService(api, id, "live");
    expect(calls).toEqual([
      ["deploys", id],
      ["deploy", id, deployed],
    ]);
  });

  it("deploys what is configured, whatever is live, and says from when on a deploy is this one", async () => {
    const { api, calls } = renderWith({ deploys: [deploy("live", commit("abc"))] });
    expect(await deployService(api, serviceId, "configured")).toBe(Date.parse(createdAt) + 1);
    expect(calls.at(-1)).toEqual(["deploy", serviceId, {}]);
  });
});

describe("refuseOwnVariables", () => {
  it("lets other variables of the service's own pass", async () => {
    const { api } = renderWith({ own: ["LOG_LEVEL", "MONGODB_URL_OLD"] });
    await expect(refuseOwnVariables(api, { serviceId, variables: ["MONGODB_URL"] })).resolves.toBeUndefined();
  });

  it("refuses, by name, variables that would win over the group's", async () => {
    const { api } = renderWith({ own: ["REDIS_URL", "LOG_LEVEL", "MONGODB_URL"] });
    const variables = ["MONGODB_URL", "POSTGRES_HOST", "REDIS_URL"];
    await expect(refuseOwnVariables(api, { serviceId, variables })).rejects.toThrow(
      `service ${serviceId} sets MONGODB_URL, REDIS_URL itself`,
    );
  });
});

describe("redeploy", () => {
  const record = async (args: Partial<RedeployArgs> = {}) => {
    const defaults = {
      service: "web",
      serviceId,
      deployedWith: { A: "1" },
      variables: {},
      deploys: { wait: true, limit: 60_000 },
      what: "live",
      first: true,
    } as const;
    const { recorder } = await run(() => redeploy("web-deployed", { ...defaults, ...args }, {}));
    return { recorder, stash: recorder.one("Stash") };
  };
  const digestOf = async (deployedWith: pulumi.Inputs) => {
    const { input } = (await record({ deployedWith })).stash.inputs as {
      input: { deployedWith: { secret: string } };
    };
    return input.deployedWith.secret;
  };

  it("records the service and a secret digest", async () => {
    const { stash } = await record();
    expect(stash.name).toBe("web-deployed");
    expect(stash.inputs).toEqual({
      input: { serviceId, deployedWith: secret(expect.stringMatching(/^[0-9a-f]{64}$/)) },
    });
  });

  it("never records a value itself", async () => {
    const password = newPassword();
    const { stash } = await record({ deployedWith: { url: pulumi.secret(password), plain: password } });
    expect(JSON.stringify(stash.inputs)).not.toContain(password);
  });

  const one = { url: "a", nested: { b: 1, a: [1, { y: 2, x: 1 }] } };
  it.each<[string, pulumi.Inputs, boolean]>([
    ["the same in another order", { nested: { a: [1, { x: 1, y: 2 }], b: 1 }, url: "a" }, true],
    ["the same, secret and later", { ...one, url: pulumi.secret(Promise.resolve("a")) }, true],
    ["another value", { ...one, url: "b" }, false],
    ["another value deep inside", { url: "a", nested: { b: 1, a: [1, { y: 3, x: 1 }] } }, false],
    ["a list in another order", { url: "a", nested: { b: 1, a: [{ y: 2, x: 1 }, 1] } }, false],
    ["a further variable", { ...one, more: "" }, false],
    ["a variable less", { url: "a" }, false],
  ])("tells what changed from what did not: %s", async (_, other, same) => {
    expect((await digestOf(other)) === (await digestOf(one))).toBe(same);
  });

  it.each([
    ["deploys after the first record too", true, ["web-deployed-running", "web-deployed-deploy"]],
    [
      "waits for the first deploy of a service that is created in the same step",
      false,
      ["web-deployed-live"],
    ],
  ])("%s, and after each change; never in a preview", async (_, first, beforeCreate) => {
    const { stash, recorder } = await record({ first });
    const beforeUpdate = ["web-deployed-running", "web-deployed-deploy"];
    expect(stash.hooks).toEqual({ beforeCreate, beforeUpdate });
    expect(recorder.hooks.get("web-deployed-deploy")?.onDryRun).toBe(false);
  });

  it("asks for the service's own variables before it deploys, in previews too", async () => {
    const { stash, recorder } = await record({ mustNotOverride: { serviceId, variables: ["A"] } });
    const hooks = ["running", "own-variables", "deploy"].map((hook) => `web-deployed-${hook}`);
    expect(stash.hooks).toEqual({ beforeCreate: hooks, beforeUpdate: hooks });
    expect(recorder.hooks.get("web-deployed-own-variables")?.onDryRun).toBe(true);
  });

  describe("its hook", () => {
    const live = [{ deploy: deploy("live", commit("abc")) }];
    it.each([
      ["deploys the recorded service, and waits until it is live", true, ["GET", "POST", "GET"]],
      ["deploys it and looks away where the stack says so", false, ["GET", "POST"]],
    ])("%s", async (_, wait, methods) => {
      const { stash, recorder } = await record({ what: "configured", deploys: { wait, limit: 60_000 } });
      const later = [{ deploy: { ...deploy("live", commit("abc")), createdAt: "2026-11-22T10:01:00.000Z" } }];
      const calls = await renderAnswers(200, () => (calls.length < 3 ? live : later));
      expect(await recorder.runHook("web-deployed-deploy", stash)).toBe("");
      expect(calls.map(({ method }) => method)).toEqual(methods);
      expect(new Set(calls.map(({ path }) => path.split("?")[0]))).toEqual(
        new Set([`/services/${serviceId}/deploys`]),
      );
    });

    it("waits for the deploy that came with the service's creation, and starts none", async () => {
      const { stash, recorder } = await record({ first: false });
      const calls = await renderAnswers(200, live);
      expect(await recorder.runHook("web-deployed-live", stash)).toBe("");
      expect(calls.map(({ method }) => method)).toEqual(["GET"]);
    });

    it.each([
      ["suspended", expect.stringMatching(/^kairos:backend: web \(srv-.*\) is suspended, .*resume it first/)],
      ["not_suspended", ""],
    ])("looks, in previews too, whether it is %s", async (suspended, said) => {
      const { stash, recorder } = await record();
      expect(recorder.hooks.get("web-deployed-running")?.onDryRun).toBe(true);
      const service = { id: serviceId, type: "web_service", name: "web", suspended };
      const calls = await renderAnswers(200, { ...service, ownerId: "tea-1", serviceDetails: {} });
      expect(await recorder.runHook("web-deployed-running", stash)).toEqual(said);
      expect(calls).toEqual([{ method: "GET", path: `/services/${serviceId}` }]);
    });

    it("fails the step when the deploy cannot be started", async () => {
      const { stash, recorder } = await record({ what: "configured" });
      await renderAnswers(404);
      expect(await recorder.runHook("web-deployed-deploy", stash)).toMatch(/answered 404/);
    });
  });
});
