import { expect, it } from "vitest";
import { isPulumi, operatorEnvironment, runFor } from "./operator.ts";

const engine = {
  PATH: "/engine",
  HTTPS_PROXY: "http://127.0.0.1:1",
  SSL_CERT_FILE: "/sandbox/ca.pem",
  RENDER_API_KEY: "of the sandbox",
};

it("an operator has the sandbox's accounts and a terminal, and nothing of the user's own", () => {
  const own = {
    PATH: "/user",
    TERM: "xterm",
    LC_ALL: "C.UTF-8",
    KAIROS_DEBUG: "1",
    RENDER_API_KEY: "of the user",
    GITHUB_TOKEN: "of the user",
    AWS_SECRET_ACCESS_KEY: "of the user",
    PULUMI_ACCESS_TOKEN: "of the user",
    NODE_OPTIONS: "--no-warnings",
    KAIROS_PROJECT: "/elsewhere",
  };
  const environment = operatorEnvironment(engine, "/sandbox/project", own);
  expect(environment).toEqual({
    ...engine,
    TERM: "xterm",
    LC_ALL: "C.UTF-8",
    KAIROS_DEBUG: "1",
    KAIROS_PROJECT: "/sandbox/project",
    NODE_EXTRA_CA_CERTS: "/sandbox/ca.pem",
    KAIROS_RECOVERY_LAG: "1000",
    NODE_USE_ENV_PROXY: "1",
    npm_config_update_notifier: "false",
  });
});

it("knows the Pulumi CLI by any path", () => {
  expect(["pulumi", "/home/somebody/.pulumi/bin/pulumi", "pulumi.exe"].map(isPulumi)).toEqual([
    true,
    true,
    true,
  ]);
  expect(["npm", "pulumi-language-nodejs", ""].some(isPulumi)).toBe(false);
});

it("gives a program's exit code, and says which one cannot be started", async () => {
  expect(await runFor("operate", process.execPath, ["-e", "process.exit(7)"], {})).toBe(7);
  await expect(runFor("operate", "no-such-program", [], {})).rejects.toThrow(
    "operate: no-such-program could not be run (ENOENT)",
  );
});
