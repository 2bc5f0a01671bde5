import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { run, settingsOf } from "../../tests/helpers/program.ts";
import { runOf } from "../run.ts";
import { Service } from "./index.ts";

const services = (untouched: boolean) =>
  settingsOf({ backend: [{ name: "kairos-api", link: "srv-01234567890123456789", untouched }] });

it.each([
  [true, []],
  [false, ["EnvGroup", "EnvGroupLink", "Stash"]],
])("an existing service with untouched: %s gets %j of Render", async (untouched, expected) => {
  const { recorder } = await run(() => {
    const settings = services(untouched);
    const given = { ...runOf(settings), existing: [], variables: { A: pulumi.output("b") } };
    for (const service of settings.backend) new Service(service.name, service, given);
  });
  const made = recorder.registrations.map(({ type }) => type.split(":").at(-1));
  expect(made.filter((type) => type !== "Service").sort()).toEqual(expected);
});
