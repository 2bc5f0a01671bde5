import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, run, secret } from "../../tests/helpers/program.ts";
import { renderAnswers } from "../../tests/vendor.ts";
import type { LiveDeploy } from "../../vendors/render.ts";
import { deployService, type RedeployArgs, redeploy, refuseOwnVariables } from "./redeploy.ts";

const serviceId = "srv-01234567890123456789";

/** Render, as far as a deploy asks it; keeps the calls in order. */
function renderWith({ own = [] as string[], live = undefined as LiveDeploy | undefined } = {}) {
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
    current: call("current", live),
    deploy: call("deploy", undefined),
  };
  return { api, calls };
}

describe("deployService", () => {
  it.each<[string, LiveDeploy | undefined]>([
    ["the commit that is live", { commitId: "abc" }],
    ["the image that is live", { imageUrl: "ghcr.io/kairos/backend:1" }],
    ["what is configured when nothing is live yet", undefined],
  ])("repeats %s", async (_, live) => {
    const { api, calls } = renderWith({ live });
    await deployService(api, serviceId, "live");
    expect(calls).toEqual([
      ["current", serviceId],
      ["deploy", serviceId, live ?? {}],
    ]);
  });

  it("deploys what is configured without asking what is live", async () => {
    const { api, calls } = renderWith({ live: { commitId: "abc" } });
    await deployService(api, serviceId, "configured");
    expect(calls).toEqual([["deploy", serviceId, {}]]);
  });

  it.each<[string, LiveDeploy, LiveDeploy]>([
    ["no commit, which Render refuses", { commitId: "abc" }, {}],
    ["its image", { imageUrl: "ghcr.io/kairos/backend:1" }, { imageUrl: "ghcr.io/kairos/backend:1" }],
  ])("gives a cron job %s", async (_, live, deployed) => {
    const { api, calls } = renderWith({ live });
    await deployService(api, "crn-01234567890123456789", "live");
    expect(calls.at(-1)).toEqual(["deploy", "crn-01234567890123456789", deployed]);
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
    const defaults = { serviceId, deployedWith: { A: "1" }, what: "live", first: true } as const;
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
    ["deploys after the first record too", true, ["web-deployed-deploy"]],
    ["does not deploy a service that is created in the same step", false, []],
  ])("%s, and after each change; never in a preview", async (_, first, beforeCreate) => {
    const { stash, recorder } = await record({ first });
    expect(stash.hooks).toEqual({ beforeCreate, beforeUpdate: ["web-deployed-deploy"] });
    expect(recorder.hooks.get("web-deployed-deploy")?.onDryRun).toBe(false);
  });

  it("asks for the service's own variables before it deploys, in previews too", async () => {
    const { stash, recorder } = await record({ mustNotOverride: { serviceId, variables: ["A"] } });
    const hooks = ["web-deployed-own-variables", "web-deployed-deploy"];
    expect(stash.hooks).toEqual({ beforeCreate: hooks, beforeUpdate: hooks });
    expect(recorder.hooks.get("web-deployed-own-variables")?.onDryRun).toBe(true);
  });

  describe("its hook", () => {
    it("deploys the recorded service", async () => {
      const { stash, recorder } = await record({ what: "configured" });
      const calls = await renderAnswers(201);
      expect(await recorder.runHook("web-deployed-deploy", stash)).toBe("");
      expect(calls).toEqual([{ method: "POST", path: `/services/${serviceId}/deploys` }]);
    });

    it("fails the step when the deploy cannot be started", async () => {
      const { stash, recorder } = await record({ what: "configured" });
      await renderAnswers(503);
      expect(await recorder.runHook("web-deployed-deploy", stash)).toMatch(/answered 503/);
    });
  });
});
