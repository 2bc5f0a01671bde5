import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, opened, run, secret, settingsOf } from "../../tests/helpers/program.ts";
import { renderAnswers } from "../../tests/vendor.ts";
import { runOf } from "../run.ts";
import type { RenderRegion } from "../settings/index.ts";
import { Service, servicesOf } from "./index.ts";
import { unfit } from "./linked.ts";

const token = newPassword();
const url = `mongodb+srv://kairos:${encodeURIComponent(newPassword())}@host/ka%C3%AFros`;
const own = { variables: { LOG_LEVEL: "info" }, secrets: { SENTRY_TOKEN: token } };
/** The environment as Render's provider takes it: the contract's part, then the service's own. */
const envVars = {
  MONGODB_URL: { value: secret(url) },
  MONGODB_DB_NAME: { value: "kaïros" },
  LOG_LEVEL: { value: "info" },
  SENTRY_TOKEN: { value: secret(token) },
};

function service(settings: object, opts?: pulumi.ComponentResourceOptions, region: RenderRegion = "oregon") {
  return run(() => {
    const all = settingsOf({ region, backend: [{ ...own, ...settings }] }, "test");
    const [only] = all.backend;
    if (only === undefined) throw new Error("settingsOf keeps the one service");
    const variables = { MONGODB_URL: pulumi.secret(url), MONGODB_DB_NAME: pulumi.output("kaïros") };
    return new Service(only.name, only, { ...runOf(all), existing: [], variables }, opts);
  });
}

const image = {
  name: "kairos-web",
  plan: "starter",
  source: { image: "ghcr.io/kairos/backend", tag: "1.2" },
};
const native = {
  name: "kairos-web",
  plan: "standard",
  start: "uvicorn app:app",
  source: { repository: "https://git.invalid/kairos/backend", branch: "release", build: "make", root: "api" },
};
const digest = `sha256:${"0".repeat(64)}`;
const common = { name: "kairos-web", plan: "starter", region: "oregon", envVars };
const runsImage = { runtimeSource: { image: { imageUrl: "ghcr.io/kairos/backend", tag: "1.2" } } };
const nativeRuntime = {
  runtime: "python",
  repoUrl: "https://git.invalid/kairos/backend",
  branch: "release",
  buildCommand: "make",
  autoDeployTrigger: "commit",
};
const runsNative = {
  plan: "standard",
  startCommand: "uvicorn app:app",
  rootDirectory: "api",
  runtimeSource: { nativeRuntime },
};

describe("a service that the stack creates", () => {
  it("gets the provider's fields that no setting has", async () => {
    const given = { maxShutdownDelaySeconds: 60, autoscaling: { enabled: true, min: 1, max: 3 } };
    const { recorder } = await service({ ...image, type: "web", with: given });
    expect(recorder.one("WebService").inputs).toEqual({ ...common, ...runsImage, ...given });
  });

  it.each<[string, object, type: string, inputs: object]>([
    ["a web service from an image", { ...image, type: "web" }, "WebService", { ...common, ...runsImage }],
    [
      "a web service with health check, instances and start command",
      { ...image, type: "web", healthCheck: "/health", instances: 3, start: "serve" },
      "WebService",
      { ...common, ...runsImage, healthCheckPath: "/health", numInstances: 3, startCommand: "serve" },
    ],
    [
      "a web service that migrates, and fills a stack that is short-lived",
      { ...image, type: "web", migration: "alembic upgrade head", seed: "python -m seed" },
      "WebService",
      { ...common, ...runsImage, preDeployCommand: "(alembic upgrade head) && (python -m seed)" },
    ],
    [
      "an image by digest, from a private registry",
      {
        ...image,
        type: "web",
        source: { image: "ghcr.io/kairos/backend", digest, registryCredential: "rgc-1" },
      },
      "WebService",
      {
        ...common,
        runtimeSource: {
          image: { imageUrl: "ghcr.io/kairos/backend", digest, registryCredentialId: "rgc-1" },
        },
      },
    ],
    [
      "a web service from a repository",
      { ...native, type: "web" },
      "WebService",
      { ...common, ...runsNative },
    ],
    [
      "a repository of Node, built as is usual there",
      { ...native, type: "web", source: { ...native.source, runtime: "node", build: undefined } },
      "WebService",
      {
        ...common,
        ...runsNative,
        runtimeSource: { nativeRuntime: { ...nativeRuntime, runtime: "node", buildCommand: "npm ci" } },
      },
    ],
    [
      "a repository with a Dockerfile, which builds and starts it",
      {
        name: "kairos-web",
        type: "web",
        plan: "starter",
        source: {
          repository: "https://git.invalid/kairos/backend",
          runtime: "docker",
          dockerfile: "api/Dockerfile",
        },
      },
      "WebService",
      {
        ...common,
        runtimeSource: {
          docker: {
            repoUrl: "https://git.invalid/kairos/backend",
            branch: "main",
            dockerfilePath: "api/Dockerfile",
            autoDeployTrigger: "commit",
          },
        },
      },
    ],
    [
      "a repository that a pipeline deploys: Render itself never does",
      { ...native, type: "web", deployedBy: "elsewhere" },
      "WebService",
      {
        ...common,
        ...runsNative,
        runtimeSource: { nativeRuntime: { ...nativeRuntime, autoDeployTrigger: "off" } },
      },
    ],
    [
      "a worker",
      { ...image, type: "worker", instances: 2 },
      "BackgroundWorker",
      { ...common, ...runsImage, numInstances: 2 },
    ],
    ["a private service", { ...native, type: "private" }, "PrivateService", { ...common, ...runsNative }],
    [
      "a cron job",
      { ...image, type: "cron", schedule: "0 3 * * *" },
      "CronJob",
      { ...common, ...runsImage, schedule: "0 3 * * *" },
    ],
  ])("is registered with exactly its settings and every variable: %s", async (_, settings, type, inputs) => {
    const { recorder, result } = await service(settings);
    expect(recorder.one(type).inputs).toEqual(inputs);
    expect(recorder.registrations.map(({ type: one }) => one.split(":").at(-1)).sort()).toEqual(
      ["Service", "Stash", type].sort(),
    );
    expect((await opened(result.id)).value).toBe("kairos-web-id");
  });

  it.each([
    ["by the stack: every change is the stack's, but where it is", {}, ["environmentId"]],
    [
      "elsewhere: what a pipeline chose is left alone",
      { deployedBy: "elsewhere" },
      ["environmentId", "runtimeSource.image.tag", "runtimeSource.image.digest"],
    ],
  ])("goes before its replacement comes, and when deployed %s", async (_, deployed, ignoreChanges) => {
    const { recorder } = await service({ ...image, type: "web", ...deployed });
    expect(recorder.one("WebService")).toMatchObject({ deleteBeforeReplace: true, ignoreChanges });
  });

  it("is deployed after a change, and not by its own creation a second time", async () => {
    const { recorder } = await service({ ...image, type: "web" });
    const stash = recorder.one("Stash");
    expect(stash.name).toBe("kairos-web-deployed");
    expect(stash.inputs).toMatchObject({ input: { serviceId: "kairos-web-id" } });
    expect(stash.hooks).toEqual({
      beforeCreate: ["kairos-web-deployed-live"],
      beforeUpdate: ["kairos-web-deployed-running", "kairos-web-deployed-deploy"],
    });
    expect(stash.dependsOn).toContain(recorder.one("WebService").urn);
  });

  it.each<[string, object]>([
    ["its plan", { plan: "pro" }],
    ["its image", { source: { image: "ghcr.io/kairos/backend", tag: "1.3" } }],
    ["its start command", { start: "serve" }],
    ["its migration", { migration: "alembic upgrade head" }],
    ["a variable of its own", { variables: { LOG_LEVEL: "debug" } }],
    ["a secret of its own", { secrets: { SENTRY_TOKEN: newPassword() } }],
  ])("gets another record, and so a deploy, when this changes: %s", async (_, change) => {
    const recorded = async (settings: object) =>
      (await service({ ...image, type: "web", ...settings })).recorder.one("Stash").inputs;
    expect(await recorded({})).toEqual(await recorded({}));
    expect(await recorded(change)).not.toEqual(await recorded({}));
  });

  describe("is refused when its name is taken", () => {
    const hook = "kairos-web-name-is-free";
    const answer = (services: object[]) => renderAnswers(200, services);

    it("before it is created, in previews too", async () => {
      const { recorder } = await service({ ...image, type: "web" });
      expect(recorder.one("WebService").hooks).toEqual({ beforeCreate: [hook], beforeUpdate: [] });
      expect(recorder.hooks.get(hook)?.onDryRun).toBe(true);
      await answer([{ service: { id: "srv-taken", name: "kairos-web", type: "web_service" } }]);
      expect(await recorder.runHook(hook, recorder.one("WebService"))).toBe(
        "a Render service named kairos-web exists already (srv-taken). Link it in kairos:backend (link: srv-taken), or choose another name (a service of another type needs one too); nothing was created",
      );
    });

    it("and not when another service's name only begins with it", async () => {
      const { recorder } = await service({ ...image, type: "web" });
      await answer([{ service: { id: "srv-other", name: "kairos-web-2", type: "web_service" } }]);
      expect(await recorder.runHook(hook, recorder.one("WebService"))).toBe("");
    });
  });
});

const link = "srv-01234567890123456789";
const linked = { name: "kairos-backend", link };

describe("a service that exists and is linked", () => {
  it("gets a group of its own with every variable, and nothing of the service itself is registered", async () => {
    const { recorder, result } = await service(linked);
    expect(recorder.registrations.map(({ type }) => type.split(":").at(-1)).sort()).toEqual(
      ["EnvGroup", "EnvGroupLink", "Service", "Stash"].sort(),
    );
    expect(recorder.one("EnvGroup")).toMatchObject({ name: `kairos-backend-${link}` });
    expect(recorder.one("EnvGroup").inputs).toEqual({ name: "kairos-backend-databases", envVars });
    expect((await opened(result.id)).value).toBe(link);
  });

  it("is the only service that the link names, and others linked by hand stay", async () => {
    const { recorder } = await service(linked);
    const { name, inputs, ignoreChanges } = recorder.one("EnvGroupLink");
    expect({ name, inputs, ignoreChanges }).toEqual({
      name: `kairos-backend-${link}`,
      inputs: { envGroupId: `kairos-backend-${link}-id`, serviceIds: [link] },
      ignoreChanges: ["serviceIds"],
    });
  });

  it("is deployed, the first time too, once the group is there and linked", async () => {
    const { recorder } = await service(linked);
    const hooks = ["running", "own-variables", "deploy"].map(
      (hook) => `kairos-backend-${link}-deployed-${hook}`,
    );
    const stash = recorder.one("Stash");
    expect(stash.inputs).toMatchObject({ input: { serviceId: link } });
    expect(stash.hooks).toEqual({ beforeCreate: hooks, beforeUpdate: hooks });
    const urns = ["EnvGroup", "EnvGroupLink"].map((type) => recorder.one(type).urn);
    expect(stash.dependsOn).toEqual(expect.arrayContaining(urns));
  });

  it("is not deployed while it sets a variable of the contract, or one of its own here, itself", async () => {
    const { recorder } = await service(linked);
    const variables = ["SENTRY_TOKEN", "MONGODB_URL", "OTHER"].map((key) => ({
      envVar: { key, value: "" },
    }));
    await renderAnswers(200, variables);
    const shown = await recorder.runHook(
      `kairos-backend-${link}-deployed-own-variables`,
      recorder.one("Stash"),
    );
    expect(shown).toContain(`service ${link} sets MONGODB_URL, SENTRY_TOKEN itself`);
  });
});

describe("a linked service that does not fit", () => {
  const good = { id: link, name: "api", type: "web_service", createdAt: "", updatedAt: "", ownerId: "tea-1" };
  const settings = settingsOf({ backend: [linked], postgres: { enabled: true, plan: "basic_1gb" } });
  const look = (service: object | undefined, more: object = {}) =>
    unfit({ owner: "tea-1", serviceIfAny: async () => service && { ...good, ...service } }, link, {
      ...settings,
      ...more,
    });
  const none = { refusals: [], warnings: [] };
  const publicly = { postgres: { ...settings.postgres, network: "public" } };
  const cases: [string, object | undefined, object, { refusals?: RegExp[]; warnings?: RegExp[] }][] = [
    ["is there and fits", { serviceDetails: { region: "oregon" }, suspended: "not_suspended" }, {}, {}],
    ["is not there", undefined, {}, { refusals: [/is no service of the workspace tea-1/] }],
    [
      "is another workspace's",
      { ownerId: "tea-2" },
      {},
      { refusals: [/is no service of the workspace tea-1/] },
    ],
    [
      "is in another region than its private databases",
      { serviceDetails: { region: "frankfurt" } },
      {},
      {
        refusals: [
          /^kairos:region: got oregon; expected frankfurt, where api .*private network does not cross/,
        ],
      },
    ],
    [
      "is in another region, and reaches its databases over the internet",
      { serviceDetails: { region: "frankfurt" } },
      publicly,
      { warnings: [/^kairos:region: got oregon; expected frankfurt, .*each query would cross regions/] },
    ],
    ["is suspended", { suspended: "suspended" }, {}, { refusals: [/is suspended.*resume it first/] }],
    ["runs nothing", { type: "static_site" }, {}, { refusals: [/is a static site, which runs nothing/] }],
    [
      "has previews",
      { serviceDetails: { previews: { generation: "automatic" } } },
      {},
      { warnings: [/pull request previews of api .* would run on these databases/] },
    ],
    [
      "has previews, in the older word",
      { serviceDetails: { pullRequestPreviewsEnabled: "yes" } },
      {},
      { warnings: [/previews/] },
    ],
    ["has previews by hand", { serviceDetails: { previews: { generation: "manual" } } }, {}, {}],
  ];
  it.each(cases)("%s", async (_, service, more, expected) => {
    const found = await look(service, more);
    for (const key of ["refusals", "warnings"] as const) {
      expect(found[key]).toHaveLength(expected[key]?.length ?? none[key].length);
      for (const [index, pattern] of (expected[key] ?? []).entries())
        expect(found[key][index]).toMatch(pattern);
    }
  });

  it("is looked at before its env group is made, in previews too", async () => {
    const { recorder } = await service(linked);
    const hook = `kairos-backend-${link}-fits`;
    expect(recorder.one("EnvGroup").hooks).toEqual({ beforeCreate: [hook], beforeUpdate: [] });
    expect(recorder.hooks.get(hook)?.onDryRun).toBe(true);
    await renderAnswers(200, { ...good, suspended: "suspended" });
    expect(await recorder.runHook(hook, recorder.one("EnvGroup"))).toContain("resume it first");
  });
});

describe("every service", () => {
  it("waits for the one that migrates, whichever is named first", async () => {
    const worker = { ...image, name: "kairos-worker", type: "worker" };
    const web = { ...image, type: "web", migration: "alembic upgrade head" };
    const { recorder, result } = await run(() => {
      const all = settingsOf({ backend: [worker, web, linked] });
      return servicesOf(all.backend, { ...runOf(all), existing: [], variables: {} }, { dependsOn: [] }).map(
        ({ id }) => id,
      );
    });
    expect(await Promise.all(result.map(async (id) => (await opened(id)).value))).toEqual([
      "kairos-worker-id",
      "kairos-web-id",
      link,
    ]);
    const migrated = recorder.all("Stash").find(({ name }) => name === "kairos-web-deployed");
    for (const type of ["BackgroundWorker", "EnvGroup"])
      expect(recorder.one(type).dependsOn).toContain(migrated?.urn);
    expect(recorder.one("WebService").dependsOn).toEqual([]);
  });

  it.each([
    ["created", { ...image, type: "web" }, ["WebService", "Stash"]],
    ["linked", linked, ["EnvGroup", "EnvGroupLink"]],
  ])("waits for everything that its databases consist of: %s", async (_, settings, types) => {
    // Two databases, each a component with one resource.
    const { recorder } = await run(async () => {
      const dependsOn = ["mongodb", "postgres"].map((name) => {
        const database = new pulumi.ComponentResource("kairos:infra:Database", name);
        new pulumi.Stash(`${name}-child`, { input: name }, { parent: database });
        return database;
      });
      const all = settingsOf({ backend: [settings] });
      const [only] = all.backend;
      if (only !== undefined)
        new Service(only.name, only, { ...runOf(all), existing: [], variables: {} }, { dependsOn });
    });
    const children = recorder.all("Stash").filter(({ name }) => name.endsWith("-child"));
    expect(children).toHaveLength(2);
    for (const type of types) {
      const [one] = recorder.all(type).filter((found) => !children.includes(found));
      expect(one?.dependsOn).toEqual(expect.arrayContaining(children.map(({ urn }) => urn)));
    }
  });
});
