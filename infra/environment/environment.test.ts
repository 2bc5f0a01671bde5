import { describe, expect, it } from "vitest";
import { opened, run, settingsOf } from "../../tests/helpers/program.ts";
import { renderAnswers } from "../../tests/vendor.ts";
import type { ExistingResource } from "../state.ts";
import { Environment, environmentKey, nowhere, placedIn } from "./index.ts";
import { refuseOutsiders } from "./outsiders.ts";

const id = `evm-${"1".repeat(20)}`;
const project = { project: "kairos", name: "production" };
const outputs = {
  "render:index/project:Project": { environments: { [environmentKey]: { id } } },
  "render:index/dedicatedIp:DedicatedIp": { ips: ["198.18.0.1", "198.18.0.2", "198.18.0.3"] },
};
const made = (settings: object, region = "oregon") =>
  run(() => new Environment("environment", settingsOf({ render: settings, region }), []), { outputs });

describe("an environment", () => {
  it("is a project of the stack's own, protected unless it is said, and open", async () => {
    const { recorder, result } = await made({ environment: project });
    expect(recorder.one("Project").inputs).toEqual({
      name: "kairos",
      environments: {
        [environmentKey]: { name: "production", protectedStatus: "protected", networkIsolated: false },
      },
    });
    expect(result.id && (await opened(result.id)).value).toBe(id);
    expect(result.outbound).toEqual([]);
  });

  it("may be isolated, and without protection", async () => {
    const { recorder } = await made({ environment: { ...project, protected: false, isolated: true } });
    expect(recorder.one("Project").inputs).toMatchObject({
      environments: { [environmentKey]: { protectedStatus: "unprotected", networkIsolated: true } },
    });
  });

  it("that exists is used as it is", async () => {
    const { recorder, result } = await made({ environment: { id } });
    expect(recorder.all("Project")).toEqual([]);
    expect(result.id && (await opened(result.id)).value).toBe(id);
  });

  it.each([
    ["of the environment", { environment: project }, { environmentIds: [id] }],
    ["of the whole workspace without one", {}, {}],
  ])("has three addresses %s", async (_, more, scope) => {
    const { recorder, result } = await made({ ...more, outbound: { name: "kairos" } }, "ohio");
    expect(recorder.one("DedicatedIp").inputs).toEqual({ name: "kairos", region: "ohio", ...scope });
    const blocks = await Promise.all(result.outbound.map(async (block) => (await opened(block)).value));
    expect(blocks).toEqual(["198.18.0.1/32", "198.18.0.2/32", "198.18.0.3/32"]);
  });

  it.each([
    ["Project", { environment: project }, "environment.project", "prj-taken"],
    ["DedicatedIp", { outbound: { name: "kairos" } }, "outbound.name", "egs-taken"],
  ])("makes no second %s of a name, in previews neither", async (type, settings, setting, taken) => {
    const { recorder } = await made(settings);
    const hook = `${setting}-is-free`;
    expect(recorder.one(type).hooks).toEqual({ beforeCreate: [hook], beforeUpdate: [] });
    expect(recorder.hooks.get(hook)?.onDryRun).toBe(true);
    await renderAnswers(200, [{ id: taken, name: "kairos" }]);
    expect(await recorder.runHook(hook, recorder.one(type))).toMatch(
      new RegExp(`^kairos:render\\.${setting}: Render has a .* named kairos already \\(${taken}\\)`),
    );
    await renderAnswers(200, [{ id: taken, name: "kairos-2" }]);
    expect(await recorder.runHook(hook, recorder.one(type))).toBe("");
  });
});

const ours = {
  type: "render:index/project:Project",
  outputs: { id: "prj-1" },
} as unknown as ExistingResource;

it("leaves a thing where somebody put it, unless the stack's own environment had it", () => {
  expect(placedIn(nowhere, [])).toEqual({ inputs: {}, ignored: ["environmentId"] });
  expect(placedIn(nowhere, [ours])).toEqual({ inputs: {}, ignored: [] });
});

describe("a linked service outside of it", () => {
  const link = "srv-01234567890123456789";
  const backend = [{ name: "kairos-backend", link }];
  const postgres = { enabled: true, plan: "basic_1gb" };
  const outcome = async (render: object, more: object = {}, environmentId?: string) => {
    const settings = settingsOf({ backend, postgres, render, ...more });
    const service = { id: link, ...(environmentId && { environmentId }) } as never;
    const asked: string[] = [];
    const serviceIfAny = async (one: string) => {
      asked.push(one);
      return service;
    };
    const refused = await refuseOutsiders(() => ({ serviceIfAny }), settings, []).then(
      () => "",
      ({ message }: Error) => message,
    );
    return { refused, asked };
  };
  const closed = { environment: { id, isolated: true } };

  it("is refused where it would lose a private database, before anything is made", async () => {
    const { refused } = await outcome(closed);
    expect(refused).toMatch(/^kairos:render: kairos-backend \(srv-.*is not in the environment evm-1+ /);
    expect(refused).toContain("would not reach PostgreSQL any more");
    const { refused: own } = await outcome({ environment: { ...project, isolated: true } });
    expect(own).toContain("is not in the environment that the stack would make");
  });

  it("is refused where Atlas lets the environment's addresses in alone", async () => {
    const { mongodb } = settingsOf();
    const { mayBeDestroyed: _, ...without } = mongodb;
    const alone = { mongodb: { ...without, driver: {}, accessList: [] } };
    const { refused } = await outcome({ environment: { id }, outbound: { name: "kairos" } }, alone);
    expect(refused).toContain("would not reach MongoDB any more");
  });

  it.each([
    ["is in it", closed, {}, id],
    ["reaches its databases from anywhere", { environment: { id } }, {}, undefined],
    [
      "uses no private database",
      closed,
      { postgres: { enabled: false }, redis: { provider: "none" } },
      undefined,
    ],
  ])("is fine when it %s", async (_, render, more, environmentId) => {
    expect((await outcome(render, more, environmentId)).refused).toBe("");
  });

  it("is not asked about without an environment", async () => {
    expect((await outcome({ outbound: { name: "kairos" } })).asked).toEqual([]);
  });
});
