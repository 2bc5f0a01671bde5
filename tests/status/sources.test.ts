import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import type { StateResource } from "../../engine/cli/stack.ts";
import { environmentFrom } from "../../ops/status/sources.ts";
import { canary, leaks } from "../canaries.ts";

const folder = mkdtempSync(path.join(tmpdir(), "kairos-sources-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** A Pulumi CLI that answers `stack output` as told, and `stack export` with these resources. */
function engine(
  answer: { stdout?: string; stderr?: string; code?: number },
  resources: Pick<StateResource, "urn" | "type" | "created" | "modified" | "inputs">[] = [],
): void {
  const said = path.join(folder, "said.json");
  writeFileSync(said, JSON.stringify({ ...answer, state: { deployment: { resources } } }));
  const file = path.join(folder, "pulumi");
  const script = `#!${process.execPath}
const { writeFileSync, readFileSync } = require("node:fs");
const args = process.argv.slice(2);
if (args[0] === "version") { console.log("v3.255.0"); process.exit(0); }
writeFileSync(${JSON.stringify(path.join(folder, "asked-"))} + args[1] + ".json", JSON.stringify(args));
const { stdout = "", stderr = "", code = 0, state } = JSON.parse(readFileSync(${JSON.stringify(said)}, "utf8"));
process.stdout.write(args[1] === "export" ? JSON.stringify(state) : stdout); process.stderr.write(stderr); process.exitCode = code;
`;
  writeFileSync(file, script);
  chmodSync(file, 0o755);
  vi.stubEnv("PATH", folder);
}

const fromStack = (services?: string[]) => environmentFrom({ kind: "stack", stack: "prod" }, services);

describe("the environment of a stack", () => {
  it("is its secret output, with the services that get it", async () => {
    const url = `mongodb://u:${encodeURIComponent(canary())}@h`;
    engine({
      stdout: JSON.stringify({
        environment: { MONGODB_URL: url },
        services: { "kairos-backend": "srv-1" },
        other: 1,
      }),
    });
    const { opened, ...environment } = await fromStack();
    expect(opened?.name).toBe("prod");
    expect(environment).toEqual({
      source: { kind: "stack", stack: "prod" },
      variables: { MONGODB_URL: url },
      services: [{ name: "kairos-backend", id: "srv-1" }],
    });
    expect((await fromStack(["srv-2"])).services).toEqual([{ name: "srv-2", id: "srv-2" }]);
    const { default: asked } = await import(path.join(folder, "asked-output.json"), {
      with: { type: "json" },
    });
    expect(asked).toEqual([
      "stack",
      "output",
      "--json",
      "--show-secrets",
      "--stack",
      "prod",
      "--non-interactive",
      "--color",
      "never",
    ]);
  });

  // The record of a service's deploys is written when one is live.
  it.each([
    ["after them", "2026-11-01T00:00:02Z", true],
    ["in an up that did not get that far", "2026-11-01T00:00:00Z", false],
  ])(
    "says which services were deployed: the variables were changed, and deployed %s",
    async (_, at, isDeployed) => {
      const urn = (type: string, name: string) => `urn:pulumi:prod::kairos-databases::${type}::${name}`;
      const group = { type: "render:index/envGroup:EnvGroup", modified: "2026-11-01T00:00:01Z" };
      const record = { type: "pulumi:index:Stash", modified: at, inputs: { input: { serviceId: "srv-1" } } };
      engine({ stdout: JSON.stringify({ environment: {}, services: { a: "srv-1", b: "srv-2" } }) }, [
        { ...group, urn: urn(group.type, "a-srv-1") },
        { ...record, urn: urn(record.type, "a-srv-1-deployed") },
      ]);
      expect((await fromStack()).services).toEqual([
        { name: "a", id: "srv-1", ...(isDeployed && { deployed: true }) },
        { name: "b", id: "srv-2" },
      ]);
    },
  );

  it.each([
    ["error: no stack named 'prod' found", /there is no such stack/],
    ["error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", /passphrase is missing/],
    ["error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions", /pulumi login/],
    ["error: something else", /pulumi stack output --stack prod says why/],
  ])("cannot be read: %s", async (stderr, expected) => {
    const secret = canary();
    engine({ stderr: `${stderr} ${secret}`, stdout: secret, code: 255 });
    const error: Error = await fromStack().then(
      () => Promise.reject(new Error("it was read")),
      (reason) => reason,
    );
    expect(error.message).toMatch(expected);
    expect(error.message).not.toContain("\n");
    expect(leaks(error.message, [secret])).toEqual([]);
  });

  it("tells how old its credentials are, by its state", async () => {
    const since = "2026-01-02T03:04:05Z";
    const resources = [
      {
        urn: "urn:pulumi:prod::kairos::random:index/randomPassword:RandomPassword::mongodb-password",
        type: "random:index/randomPassword:RandomPassword",
        created: since,
      },
    ];
    engine({ stdout: '{"environment":{}}' }, resources);
    const { credentials, opened } = await fromStack();
    expect(credentials).toEqual({ stack: "prod", ages: { mongodb: { number: 1, since } }, warnAfter: 90 });
    // For whoever looks beside the stack: it is read once.
    engine({ stderr: "asked again", code: 255 });
    expect((await opened?.state())?.resources).toEqual(resources);
    const asked = await import(path.join(folder, "asked-export.json"), { with: { type: "json" } });
    expect(asked.default).not.toContain("--show-secrets");
  });

  it("is not there before the first up", async () => {
    engine({ stdout: "{}" });
    await expect(fromStack()).rejects.toThrow('has no output "environment"; expected a stack that pulumi up');
  });

  it("needs the CLI, and names the other ways", async () => {
    vi.stubEnv("PATH", path.join(folder, "nothing"));
    vi.stubEnv("PULUMI_HOME", path.join(folder, "nothing"));
    await expect(fromStack()).rejects.toThrow(/no Pulumi CLI.*--env-file or --from-env/);
  });
});

describe("the environment of a file", () => {
  it("is read as dotenv files are", async () => {
    const file = path.join(folder, ".env");
    writeFileSync(file, "# comment\nexport A=1\nMONGODB_DB_NAME='kaïros'\nREDIS_URL=\n");
    const { variables } = await environmentFrom({ kind: "file", file });
    expect(variables).toMatchObject({ MONGODB_DB_NAME: "kaïros", REDIS_URL: "" });
  });
});

describe("the environment of the process", () => {
  it("is the contract's variables only; on Render the service is known", async () => {
    vi.stubEnv("MONGODB_DB_NAME", "kaïros");
    vi.stubEnv("RENDER_SERVICE_ID", "srv-1");
    vi.stubEnv("RENDER_SERVICE_NAME", "kairos-backend");
    const { variables, services } = await environmentFrom({ kind: "process" });
    expect(variables.MONGODB_DB_NAME).toBe("kaïros");
    expect(variables.PATH).toBeUndefined();
    expect(services).toEqual([{ name: "kairos-backend", id: "srv-1" }]);
  });
});
