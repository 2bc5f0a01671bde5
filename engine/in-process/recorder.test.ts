import * as pulumi from "@pulumi/pulumi";
import resources from "@pulumi/pulumi/proto/resource_pb.js";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { describe, expect, it } from "vitest";
import { Recorder } from "./recorder.ts";
import { closed, isSecret, opened } from "./wire.ts";

const context = { project: "kairos", stack: "test", values: { "kairos:a": "b" }, preview: false };

/** A recorder whose vendors give back what they get. */
async function started(): Promise<Recorder> {
  const recorder = new Recorder({
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }),
    call: () => ({}),
  });
  await recorder.attach(context);
  return recorder;
}

class Thing extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
    super("test:index:Thing", name, inputs, options);
  }
}

describe("the recorder", () => {
  it("keeps what is registered, secrets marked, with the URNs of the real engine", async () => {
    const recorder = await started();
    const outer = new pulumi.ComponentResource("test:index:Outer", "outer");
    const inner = new pulumi.ComponentResource("test:index:Inner", "inner", {}, { parent: outer });
    const first = new Thing("first", { plain: 1 }, { parent: inner, protect: true });
    new Thing("second", { secret: pulumi.secret("x") }, { dependsOn: [first], ignoreChanges: ["plain"] });
    expect(new pulumi.Config("kairos").get("a")).toBe("b");
    await pulumi.runtime.disconnect();
    expect(recorder.registrations.map(({ urn }) => urn)).toEqual([
      "urn:pulumi:test::kairos::test:index:Outer::outer",
      "urn:pulumi:test::kairos::test:index:Outer$test:index:Inner::inner",
      "urn:pulumi:test::kairos::test:index:Outer$test:index:Inner$test:index:Thing::first",
      "urn:pulumi:test::kairos::test:index:Thing::second",
    ]);
    const [, , one, two] = recorder.registrations;
    expect(one).toMatchObject({ custom: true, protect: true, inputs: { plain: 1 }, dependsOn: [] });
    expect(two).toMatchObject({ dependsOn: [one?.urn], ignoreChanges: ["plain"], protect: false });
    expect(isSecret(two?.inputs.secret)).toBe(true);
    expect([closed(two?.inputs), opened(two?.inputs)]).toEqual([
      { secret: { $secret: "" } },
      { secret: "x" },
    ]);
  });

  it("refuses a second resource of the same type and name", async () => {
    const recorder = await started();
    const answers: unknown[] = [];
    for (let count = 0; count < 2; count++) {
      const request = new resources.RegisterResourceRequest();
      request.setType("test:index:Thing");
      request.setName("twin");
      request.setObject(structs.Struct.fromJavaScript({}));
      await recorder.registerResource(request, (error) => answers.push((error as Error | null)?.message));
    }
    expect(answers).toEqual([undefined, "two resources of type test:index:Thing are named twin"]);
  });

  it("runs hooks as the engine does, also once the program has ended", async () => {
    const recorder = await started();
    const told: unknown[] = [];
    const works = new pulumi.ResourceHook("works", ({ newInputs }) => void told.push(newInputs));
    const fails = new pulumi.ResourceHook("fails", () => {
      throw new Error("refused");
    });
    new Thing("hooked", { a: 1 }, { hooks: { beforeCreate: [works, fails] } });
    await pulumi.runtime.disconnect();
    const [registration] = recorder.registrations;
    expect(registration?.hooks).toEqual({ beforeCreate: ["works", "fails"], beforeUpdate: [] });
    const event = new resources.ResourceHookRequest();
    event.setNewInputs(registration?.object);
    await recorder.hooks.run(["works"], event);
    expect(told).toEqual([{ a: 1 }]);
    await expect(recorder.hooks.run(["fails"], event)).rejects.toThrow("refused");
    await expect(recorder.hooks.run(["unknown"], event)).rejects.toThrow("unknown is not registered");
  });
});
