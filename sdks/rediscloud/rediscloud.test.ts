import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import * as rediscloud from "./index.ts";
import manifest from "./package.json" with { type: "json" };

const registered: pulumi.runtime.MockResourceArgs[] = [];
const called: pulumi.runtime.MockCallArgs[] = [];

beforeEach(async () => {
  registered.length = 0;
  called.length = 0;
  await pulumi.runtime.setMocks({
    call: (call) => {
      called.push(call);
      return { id: 34858, price: 0 };
    },
    newResource: (resource) => {
      registered.push(resource);
      return { id: "1001", state: { ...resource.inputs, status: "active" } };
    },
  });
});

/** Value and secrecy of an output, once its resource is registered. */
async function resolved<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  const inner = output as unknown as { promise(): Promise<T>; isSecret: Promise<boolean> };
  return { value: await inner.promise(), secret: await inner.isSecret };
}

/** An output that the SDK's types leave out, since the stack does not use it. */
const output = (resource: pulumi.CustomResource, name: string) =>
  (resource as unknown as Record<string, pulumi.Output<unknown>>)[name] as pulumi.Output<unknown>;

const database = { subscriptionId: 1001, dataPersistence: "none", replication: false };

describe("resources", () => {
  test("a subscription goes under its token with its arguments alone", async () => {
    const made = new rediscloud.EssentialsSubscription("it", { name: "small", planId: 34858 });
    expect((await resolved(made.id)).value).toBe("1001");
    expect(registered).toMatchObject([
      {
        type: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
        inputs: { name: "small", planId: 34858 },
      },
    ]);
    expect(Object.keys(registered[0]?.inputs).sort()).toEqual(["name", "planId"]);
  });

  test("a database takes the subscription's id as a number, and keeps its password secret", async () => {
    const subscription = new rediscloud.EssentialsSubscription("sub", { planId: 34858 });
    const subscriptionId = subscription.id.apply(Number);
    const made = new rediscloud.EssentialsDatabase("it", { ...database, subscriptionId, password: "s3cret" });
    expect(await resolved(output(made, "password"))).toEqual({ value: "s3cret", secret: true });
    expect(await resolved(output(made, "subscriptionId"))).toEqual({ value: 1001, secret: false });
    expect(registered[1]?.type).toBe("rediscloud:index/essentialsDatabase:EssentialsDatabase");
  });

  test("an invented password is kept secret too", () => {
    let asked: unknown;
    const look: pulumi.ResourceTransformation = ({ opts }) => {
      asked = (opts as pulumi.CustomResourceOptions).additionalSecretOutputs;
      return undefined;
    };
    new rediscloud.EssentialsDatabase("it", database, { transformations: [look] });
    expect(asked).toEqual(["password"]);
  });

  test.each(["subscriptionId", "dataPersistence", "replication"])("%s is asked for by name", (property) => {
    const args = { ...database, [property]: undefined };
    expect(() => new rediscloud.EssentialsDatabase("it", args as never)).toThrow(
      `Missing required property '${property}'`,
    );
  });

  test("a plan is asked for by name", () => {
    expect(() => new rediscloud.EssentialsSubscription("it", {} as never)).toThrow("'planId'");
  });

  test("an empty secret is none", async () => {
    const made = new rediscloud.EssentialsDatabase("it", { ...database, password: "" });
    await resolved(made.urn);
    expect(registered[0]?.inputs).toEqual(database);
  });

  test("what only the provider knows is an output, known or not", () => {
    const made = new rediscloud.EssentialsDatabase("it", database);
    expect(pulumi.Output.isInstance(made.publicEndpoint)).toBe(true);
  });
});

describe("plan", () => {
  const token = "rediscloud:index/getEssentialsPlan:getEssentialsPlan";

  test("is looked up when its arguments are known", async () => {
    const plan = rediscloud.getEssentialsPlanOutput({ name: "30MB", region: pulumi.output("eu-west-1") });
    expect((await resolved(plan.id)).value).toBe(34858);
    expect(called).toMatchObject([{ token, inputs: { name: "30MB", region: "eu-west-1" } }]);
  });
});

test("package.json names the provider to the bridge", () => {
  const { version, parameterization } = manifest.pulumi;
  expect(manifest.name).toBe("@pulumi/rediscloud");
  expect([manifest.version, parameterization.version]).toEqual(["2.11.0", "2.11.0"]);
  expect(version).toBe("1.1.3");
  const { remote } = JSON.parse(Buffer.from(parameterization.value, "base64").toString());
  expect(remote.url).toMatch(/\/redislabs\/rediscloud$/);
  expect(remote.version).toBe(manifest.version);
});
