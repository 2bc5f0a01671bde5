import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import * as rediscloud from "./index.ts";
import { rediscloud as pkg } from "./package.ts";

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

const database = { subscriptionId: 1001, dataPersistence: "none", replication: false };

describe("resources", () => {
  test("a subscription goes under its token with its arguments alone", async () => {
    const made = new rediscloud.EssentialsSubscription("it", { name: "small", planId: 34858 });
    expect(await resolved(made.status)).toEqual({ value: "active", secret: false });
    expect(registered).toMatchObject([
      {
        type: "rediscloud:index/essentialsSubscription:EssentialsSubscription",
        inputs: { name: "small", planId: 34858 },
      },
    ]);
  });

  test("a database takes the subscription's id as a number, and keeps its password secret", async () => {
    const subscription = new rediscloud.EssentialsSubscription("sub", { planId: 34858 });
    const subscriptionId = subscription.id.apply(Number);
    const made = new rediscloud.EssentialsDatabase("it", { ...database, subscriptionId, password: "s3cret" });
    expect(await resolved(made.password)).toEqual({ value: "s3cret", secret: true });
    expect(await resolved(made.subscriptionId)).toEqual({ value: 1001, secret: false });
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

  test("get reads by id", async () => {
    const existing = rediscloud.EssentialsDatabase.get("it", "1001/51");
    expect((await resolved(existing.id)).value).toBe("1001/51");
    expect(rediscloud.EssentialsDatabase.isInstance(existing)).toBe(true);
    expect(rediscloud.EssentialsSubscription.isInstance(existing)).toBe(false);
  });
});

describe("plan", () => {
  const token = "rediscloud:index/getEssentialsPlan:getEssentialsPlan";

  test("is looked up at once", async () => {
    const plan = await rediscloud.getEssentialsPlan({ name: "30MB", region: "eu-west-1" });
    expect(plan.id).toBe(34858);
    expect(called).toMatchObject([{ token, inputs: { name: "30MB", region: "eu-west-1" } }]);
  });

  test("is looked up when its arguments are known", async () => {
    const plan = rediscloud.getEssentialsPlanOutput({ region: pulumi.output("eu-west-1") });
    expect((await resolved(plan.id)).value).toBe(34858);
    expect(called).toMatchObject([{ token, inputs: { region: "eu-west-1" } }]);
  });
});

test("the provider sends its configuration, and only what is given", async () => {
  const provider = new rediscloud.Provider("it", { apiKey: "a", secretKey: pulumi.secret("b") });
  expect(await resolved(provider.secretKey)).toEqual({ value: "b", secret: true });
  expect(registered[0]?.type).toBe("pulumi:providers:rediscloud");
  expect(Object.keys(registered[0]?.inputs).sort()).toEqual(["apiKey", "secretKey"]);
});

test("package.json and the registration name the same provider", () => {
  const manifest = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
  expect(manifest).toMatchObject({
    name: "@pulumi/rediscloud",
    version: pkg.version,
    pulumi: {
      name: "terraform-provider",
      version: pkg.bridgeVersion,
      parameterization: { name: pkg.name, version: pkg.version, value: pkg.parameter },
    },
  });
  const { remote } = JSON.parse(Buffer.from(pkg.parameter, "base64").toString());
  expect(remote.url).toMatch(/\/redislabs\/rediscloud$/);
  expect(remote.version).toBe(pkg.version);
});
