import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cliIn } from "../../tests/helpers/cli.ts";
import { Stack } from "./stack.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "kairos-cli-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe("the CLI", () => {
  it("gets the workspace's variables and none of this process' own, and asks nobody", async () => {
    vi.stubEnv("OF_THIS_PROCESS", "no");
    const { stack, asked } = await cliIn(folder, {});
    await stack.tag("a", "b");
    const [{ args, environment } = { args: [], environment: {} }] = await asked();
    expect(args).toEqual([
      "stack",
      "tag",
      "set",
      "a",
      "b",
      "--stack",
      "test",
      "--non-interactive",
      "--color",
      "never",
    ]);
    expect(environment).toMatchObject({ GIVEN: "yes", PULUMI_SKIP_UPDATE_CHECK: "true" });
    expect(environment).not.toHaveProperty("OF_THIS_PROCESS");
  });

  it("is told secrets on its standard input only", async () => {
    const { stack, asked } = await cliIn(folder, { "config get": [{ stdout: "opened\n" }] });
    const secret = randomBytes(8).toString("hex");
    await stack.setSecret("kairos:key", secret);
    await stack.copySetting("a:b", new Stack(stack.workspace, "other"), "c:d");
    const calls = await asked();
    expect(calls.map(({ input }) => input)).toEqual([secret, "", "opened"]);
    expect(JSON.stringify(calls.map(({ args }) => args))).not.toMatch(new RegExp(`${secret}|opened`));
  });

  it.each([
    ["no stack named 'test' found", "there is no such stack; expected one that pulumi stack ls lists"],
    ["passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "the passphrase is missing or wrong; expected"],
    [
      "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
      "nobody is logged in; expected",
    ],
    ["failed to decrypt encrypted configuration value", "its secrets cannot be decrypted; expected"],
    ["stack 'test' already exists", "there is such a stack already; expected none"],
    [
      "no resource plugin 'pulumi-resource-random-v4.21.1' found in the workspace or on your $PATH",
      "the plugin random 4.21.1 is missing; run pulumi plugin install resource random 4.21.1",
    ],
    [
      "the stack is currently locked by 1 lock(s).\n  created by a@elsewhere.invalid (pid 1)",
      "locked: a pulumi works on test, or was killed on another machine; expected nobody",
    ],
    ["warning: old\nerror: the state is unreadable\nhint", "the state is unreadable"],
  ])("says in one line why: %s", async (stderr, line) => {
    const said = stderr.startsWith("warning") ? stderr : `error: ${stderr}`;
    const { stack } = await cliIn(folder, { "stack export": [{ stderr: said, code: 255 }] });
    const error: Error = await stack.state().then(
      () => Promise.reject(new Error("it was read")),
      (reason) => reason,
    );
    expect(error.message).toContain(`pulumi stack export of test failed: ${line}`);
    expect(error.message).not.toContain("\n");
  });

  it("is not quoted where it opens secrets: its words may hold one", async () => {
    const secret = randomBytes(8).toString("hex");
    const failing = [{ stderr: `error: cannot parse ${secret}`, code: 255 }];
    const { stack } = await cliIn(folder, { config: failing, "stack output": failing });
    for (const ask of [() => stack.settings(), () => stack.outputs(), () => stack.setSecret("a:b", secret)])
      await expect(ask()).rejects.toThrow(
        /^pulumi \w+( \w+)? of test failed: pulumi .* --stack test says why$/,
      );
  });

  it("is given up after a while", async () => {
    const { stack } = await cliIn(folder, {});
    await expect(stack.outputs({ timeout: 0.01 })).rejects.toThrow("no answer within 0.01 seconds");
  });
});

describe("a stack", () => {
  it("has a state, also before its first up", async () => {
    const [a, b] = ["urn:pulumi:test::p::t::a", "urn:pulumi:test::p::t::b"];
    const resources = [{ urn: a, type: "t" }];
    const pending = [{ type: "creating", resource: { urn: b } }];
    const exported = JSON.stringify({ deployment: { resources, pending_operations: pending } });
    const { stack } = await cliIn(folder, {
      "stack export": [{ stdout: '{"deployment":null}' }, { stdout: exported }],
    });
    expect(await stack.state()).toEqual({ resources: [], pending: [] });
    expect(await stack.state()).toEqual({ resources, pending });
  });

  it("has its state asked by policies that know the stack and its settings", async () => {
    const message = (name: string, enforcementLevel: string) =>
      JSON.stringify({
        policyEvent: {
          policyName: name,
          enforcementLevel,
          message: "About.\na: it is so",
          resourceUrn: "urn:pulumi:test::p::t::a",
        },
      });
    const found = `${message("mild", "advisory")}\n${message("strict", "mandatory")}\n`;
    const { stack, asked } = await cliIn(folder, {
      config: [{ stdout: '{"a:b":{"value":"c"},"a:d":{"value":"[1]","objectValue":[1]}}' }],
      "policy analyze": [
        { stdout: found, stderr: "error: one or more mandatory policy violations were found", code: 1 },
        { stdout: "", stderr: "error: incorrect passphrase", code: 255 },
      ],
    });
    expect((await stack.analyzed("pack")).map(({ policy, resource }) => [policy, resource])).toEqual([
      ["strict", "a"],
      ["mild", "a"],
    ]);
    const call = (await asked()).find(({ args }) => args[0] === "policy");
    expect(call?.args.slice(0, 7)).toEqual([
      ...["policy", "analyze", "--json", "--policy-pack", "pack", "--stack", "test"],
    ]);
    expect(call?.environment).toMatchObject({
      PULUMI_NODEJS_STACK: "test",
      PULUMI_CONFIG: '{"a:b":"c","a:d":"[1]"}',
    });
    await expect(stack.analyzed("pack")).rejects.toThrow(
      /^pulumi policy analyze of test failed: the passphrase is missing or wrong/,
    );
  });

  it("lends itself another stack file, for this user alone and not for long", async () => {
    const { stack, asked } = await cliIn(folder, { config: [{ stdout: '{"a:b":{"value":"c"}}' }] });
    let place = "";
    const settings = await stack.withFile("config: {}\n", async (other, file) => {
      place = file;
      expect(await readFile(file, "utf8")).toBe("config: {}\n");
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      return other.settings();
    });
    expect(settings).toEqual({ "a:b": { value: "c" } });
    expect((await asked())[0]?.args.join(" ")).toContain(`--stack test --config-file ${place}`);
    await expect(stat(place)).rejects.toThrow(/ENOENT/);
  });
});
