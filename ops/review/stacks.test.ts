import { describe, expect, it } from "vitest";
import { deployed, touched } from "./stacks.ts";

describe("stacks", () => {
  const stacks = ["staging", "prod"];

  it("are applied staging first, production last, short-lived ones never", () => {
    expect(deployed(["prod", "sandbox", "pr-12", "staging"])).toEqual(["staging", "prod"]);
  });

  it.each([
    [["Pulumi.prod.yaml"], ["prod"]],
    [["Pulumi.prod.yaml", "Pulumi.staging.yaml"], stacks],
    [["infra/postgres/index.ts"], stacks],
    [["infra/policies/tls.ts"], stacks],
    [["sdks/render/index.ts"], stacks],
    [["package-lock.json"], stacks],
    [["Pulumi.yaml"], stacks],
    [
      ["infra/postgres/postgres.test.ts", "README.md", "sandbox/index.ts", "ops/main.ts", "sdks/README.md"],
      [],
    ],
    [["Pulumi.sandbox.yaml", "docs/Pulumi.prod.yaml"], []],
    [[], []],
  ])("%j touch %j", (files, expected) => {
    expect(touched(files, stacks)).toEqual(expected);
  });
});
