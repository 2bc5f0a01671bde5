import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { newPassword, opened, wire } from "../tests/helpers/program.ts";
import { unwrapped } from "./secrets.ts";

const info = { password: newPassword(), port: 6379 };
const envelope = { [wire.key]: wire.secret, value: info };

describe("unwrapped", () => {
  it.each<[string, object]>([
    ["the envelope that the real engine leaves over", envelope],
    ["the plain object that the in-process monitor gives", info],
  ])("gives the members of %s", async (_, value) => {
    const output = unwrapped(pulumi.secret(value)) as pulumi.Output<typeof info>;
    expect((await opened(output)).value).toEqual(info);
    expect((await opened(output.password)).value).toBe(info.password);
  });

  it.each<[string, object]>([
    ["an envelope", envelope],
    ["a plain object", info],
  ])("makes %s secret, whether or not the output was", async (_, value) => {
    expect(await pulumi.isSecret(unwrapped(pulumi.secret(value)))).toBe(true);
    expect(await pulumi.isSecret(unwrapped(pulumi.output(value)))).toBe(true);
  });

  it("keeps what is read out of it secret", async () => {
    const output = unwrapped(pulumi.output(envelope)) as unknown as pulumi.Output<typeof info>;
    expect(await opened(output.apply(({ port }) => port))).toEqual({ value: 6379, isSecret: true });
  });

  it.each<[string, object]>([
    ["has a member named value and no signature", { value: { port: 6379 }, other: 1 }],
    ["has the signature and a value that is no object", { [wire.key]: wire.secret, value: "text" }],
  ])("leaves an object alone that %s", async (_, value) => {
    expect((await opened(unwrapped(pulumi.output(value)))).value).toEqual(value);
  });
});
