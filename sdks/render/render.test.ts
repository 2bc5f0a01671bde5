import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import * as render from "./index.ts";
import manifest from "./package.json" with { type: "json" };

type Registration = pulumi.runtime.MockResourceArgs;

const registered: Registration[] = [];

beforeEach(async () => {
  registered.length = 0;
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: (resource) => {
      registered.push(resource);
      const connectionInfo = { internalConnectionString: "postgresql://db" };
      const own = resource.type.endsWith(":Postgres") ? { connectionInfo } : {};
      return { id: `${resource.name}-id`, state: { ...resource.inputs, ...own } };
    },
  });
});

/** Value and secrecy of an output, once its resource is registered. */
async function resolved<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const inner = output as unknown as { promise(): Promise<T>; isSecret: Promise<boolean> };
  return { value: await inner.promise(), secret: await inner.isSecret };
}

/** What the monitor was sent for a resource. */
async function sent(resource: pulumi.CustomResource, name: string): Promise<Registration> {
  await resolved(resource.urn);
  const found = registered.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found;
}

const service = {
  plan: "starter",
  region: "frankfurt",
  runtimeSource: { image: { imageUrl: "docker.io/library/nginx", tag: "1.27" } },
};
const postgres = { plan: "free", region: "frankfurt", version: "18" };

describe("what is sent", () => {
  const resources: [string, (name: string) => pulumi.CustomResource, object][] = [
    ["render:index/postgres:Postgres", (n) => new render.Postgres(n, postgres), postgres],
    [
      "render:index/keyvalue:Keyvalue",
      (n) => new render.Keyvalue(n, { region: "ohio", maxMemoryPolicy: "noeviction", ipAllowLists: [] }),
      { region: "ohio", maxMemoryPolicy: "noeviction", ipAllowLists: [] },
    ],
    ["render:index/webService:WebService", (n) => new render.WebService(n, service), service],
    [
      "render:index/backgroundWorker:BackgroundWorker",
      (n) => new render.BackgroundWorker(n, service),
      service,
    ],
    ["render:index/privateService:PrivateService", (n) => new render.PrivateService(n, service), service],
    [
      "render:index/cronJob:CronJob",
      (n) => new render.CronJob(n, { ...service, schedule: "0 4 * * *" }),
      { ...service, schedule: "0 4 * * *" },
    ],
    ["render:index/envGroup:EnvGroup", (n) => new render.EnvGroup(n, {}), {}],
    [
      "render:index/envGroupLink:EnvGroupLink",
      (n) => new render.EnvGroupLink(n, { envGroupId: "evg-1", serviceIds: ["srv-1"] }),
      { envGroupId: "evg-1", serviceIds: ["srv-1"] },
    ],
    [
      "render:index/notificationSetting:NotificationSetting",
      (n) => new render.NotificationSetting(n, { notificationsToSend: "failure" }),
      { notificationsToSend: "failure" },
    ],
  ];

  test.each(resources)("%s goes under its token with its arguments alone", async (type, make, inputs) => {
    expect(await sent(make("it"), "it")).toMatchObject({ type, custom: true, id: "", inputs });
    expect(Object.keys(registered[0]?.inputs).sort()).toEqual(Object.keys(inputs).sort());
  });

  test("an argument that the class does not name is left to the provider", async () => {
    const args = { ...postgres, color: "blue" };
    expect((await sent(new render.Postgres("it", args), "it")).inputs).toEqual(args);
  });

  test("values that are outputs arrive resolved", async () => {
    const envVars = { URL: { value: pulumi.output("redis://kv") } };
    const web = new render.WebService("it", { ...service, envVars });
    expect((await sent(web, "it")).inputs.envVars).toEqual({ URL: { value: "redis://kv" } });
  });

  test("an import id travels in the options", async () => {
    const adopted = new render.Postgres("it", postgres, { import: "dpg-1-a" });
    expect(await sent(adopted, "it")).toMatchObject({ id: "dpg-1-a", inputs: postgres });
  });
});

describe("mandatory arguments", () => {
  test.each([
    ["plan", () => new render.Postgres("it", { ...postgres, plan: undefined as never })],
    ["region", () => new render.Keyvalue("it", { maxMemoryPolicy: "noeviction" } as never)],
    ["runtimeSource", () => new render.WebService("it", { plan: "starter", region: "ohio" } as never)],
    ["schedule", () => new render.CronJob("it", service as never)],
    ["envGroupId", () => new render.EnvGroupLink("it", { serviceIds: ["srv-1"] } as never)],
    ["region", () => new render.Postgres("it", undefined as never)],
  ])("%s is asked for by name", (property, make) => {
    expect(make).toThrow(`Missing required property '${property}'`);
    expect(registered).toEqual([]);
  });
});

describe("secrets", () => {
  test("the engine is told which outputs to keep secret", () => {
    // The in-process monitor does not apply additionalSecretOutputs, so that they are requested is what can be seen.
    const asked: unknown[] = [];
    const look: pulumi.ResourceTransformation = ({ opts }) => {
      asked.push((opts as pulumi.CustomResourceOptions).additionalSecretOutputs);
      return undefined;
    };
    new render.Postgres("pg", postgres, { transformations: [look] });
    new render.Keyvalue("kv", { region: "ohio", maxMemoryPolicy: "noeviction" }, { transformations: [look] });
    new render.EnvGroup("group", {}, { transformations: [look] });
    expect(asked).toEqual([["connectionInfo", "datadogApiKey"], ["connectionInfo"], undefined]);
  });
});

describe("outputs", () => {
  test("what only the provider knows is an output, known or not", async () => {
    const database = new render.Postgres("it", postgres);
    const { internalConnectionString } = (await resolved(database.connectionInfo)).value;
    expect(internalConnectionString).toBe("postgresql://db");
    expect(pulumi.Output.isInstance(database.connectionInfo)).toBe(true);
  });
});

test("package.json names the provider to the bridge", () => {
  const { version, parameterization } = manifest.pulumi;
  expect(manifest.name).toBe("@pulumi/render");
  expect([manifest.version, parameterization.version]).toEqual(["1.9.1", "1.9.1"]);
  expect(version).toBe("1.1.3");
  const { remote } = JSON.parse(Buffer.from(parameterization.value, "base64").toString());
  expect(remote.url).toMatch(/\/render-oss\/render$/);
  expect(remote.version).toBe(manifest.version);
});
