/**
 * Runs the real engine on this program: a state folder of its own, generated credentials, and every vendor's
 * address on loopback. A proxy address where nobody listens stands for the rest of the internet.
 */
import { randomBytes } from "node:crypto";
import { access, constants, copyFile, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { type Engine, findEngine } from "../../engine/cli/find.ts";
import {
  lackingPlugins,
  neededPlugins,
  type Plugin,
  type ProviderPackage,
  pluginName,
} from "../../engine/cli/plugins.ts";
import { root } from "../../ops/bundle.mjs";
import { plans } from "../../sandbox/clouds/redis-cloud/index.ts";

/** The providers of the stack as most tests have it; Redis Cloud's is in tests of its own. */
const usual = ["@pulumi/mongodbatlas", "@pulumi/random", "@pulumi/render", "@upstash/pulumi"] as const;

/**
 * The engine where it is whole, with the providers that a test needs; or what is missing, for which it is skipped.
 *
 * @param providers their SDKs, or the plugins themselves where they are not those that the SDKs name
 */
export async function engineWith(
  providers: readonly (ProviderPackage | Plugin)[],
): Promise<{ engine: Engine } | { reason: string }> {
  const engine = await findEngine();
  if (engine === undefined) return { reason: "no pulumi on the PATH or in ~/.pulumi/bin" };
  const plugins = await Promise.all(
    providers.map(async (one) => (typeof one === "string" ? neededPlugins(root, [one]) : [one])),
  );
  const lacking = (await lackingPlugins(plugins.flat())).map(pluginName);
  // It stands beside the CLI, in every way to install it, or on the PATH.
  const folders = [path.dirname(engine.path), ...(process.env.PATH ?? "").split(path.delimiter)];
  const hosts = folders.map((folder) => access(path.join(folder, "pulumi-language-nodejs"), constants.X_OK));
  await Promise.any(hosts).catch(() => lacking.push("its host for Node, pulumi-language-nodejs"));
  return lacking.length > 0 ? { reason: `pulumi ${engine.version} lacks ${lacking.join(", ")}` } : { engine };
}

/** The engine with every plugin of the stack, or why the tests that need it are skipped. */
export const engineOrReason = () => engineWith(usual);

/** What a run of the CLI printed. */
export interface Outcome {
  exitCode: number;
  stdout: string;
  /** Output and errors, as a person saw them. */
  all: string;
}

/** One stack in a project folder of its own that links to this checkout's program. */
export class EngineStack {
  readonly secrets: readonly string[];
  private constructor(
    private readonly engine: Engine,
    private readonly folder: string,
    private readonly vendors: Server,
    readonly environment: Record<string, string>,
    secrets: string[],
  ) {
    this.secrets = secrets;
  }

  /**
   * A new stack named `test`.
   *
   * @param project the folder whose program runs: this checkout's, or a test's own
   * @param handle answers the vendors' calls; what it leaves unanswered is a 404
   */
  static async create(
    engine: Engine,
    project: string = root,
    handle: Handler = previewAnswers,
  ): Promise<EngineStack> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-engine-"));
    const vendors = await loopbackVendors(handle);
    const host = `http://127.0.0.1:${(vendors.address() as AddressInfo).port}`;
    const secrets: string[] = [];
    const secret = () => {
      const value = randomBytes(18).toString("hex");
      secrets.push(value);
      return value;
    };
    const stack = new EngineStack(
      engine,
      folder,
      vendors,
      {
        PATH: process.env.PATH ?? "",
        HOME: os.homedir(),
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: randomBytes(18).toString("hex"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        // Nobody listens there: whatever does not go to loopback fails at once.
        HTTPS_PROXY: "http://127.0.0.1:1",
        HTTP_PROXY: "http://127.0.0.1:1",
        NO_PROXY: "127.0.0.1,localhost",
        MONGODB_ATLAS_BASE_URL: host,
        MONGODB_ATLAS_PUBLIC_API_KEY: "testtest",
        MONGODB_ATLAS_PRIVATE_API_KEY: secret(),
        RENDER_HOST: `${host}/v1`,
        RENDER_API_KEY: secret(),
        RENDER_OWNER_ID: "tea-test",
        UPSTASH_EMAIL: "test@example.com",
        UPSTASH_API_KEY: secret(),
        REDISCLOUD_URL: `${host}/redis-cloud`,
        REDISCLOUD_ACCESS_KEY: secret(),
        REDISCLOUD_SECRET_KEY: secret(),
      },
      secrets,
    );
    await copyFile(path.join(project, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
    const entries = [
      "package.json",
      "sdks",
      "node_modules",
      ...(project === root ? ["infra", "ops"] : ["index.ts"]),
    ];
    for (const entry of entries)
      await symlink(path.join(entry === "index.ts" ? project : root, entry), path.join(folder, entry));
    const made = await stack.pulumi("stack", "init", "test");
    if (made.exitCode !== 0) throw new Error(made.all);
    return stack;
  }

  /** Writes the stack file. Keys without namespace go into `kairos:`. */
  async configure(settings: Record<string, unknown>): Promise<void> {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    const named = given.map(([key, value]) => [key.includes(":") ? key : `kairos:${key}`, value]);
    const config = { ...Object.fromEntries(named), "render:skipDeployAfterServiceUpdate": "true" };
    const salt = await this.salt();
    await writeFile(this.file, stringify({ ...salt, config }));
  }

  /** Adds an encrypted setting, which is remembered as a secret. */
  async setSecret(name: string, value: string): Promise<void> {
    (this.secrets as string[]).push(value);
    await this.pulumi("config", "set", "--secret", "--path", name, value);
  }

  /** Runs the CLI on this stack; never throws. */
  pulumi(...args: string[]): Promise<Outcome> {
    return this.killable(undefined, ...args);
  }

  /** The same, killed without a word when the signal comes. */
  async killable(cancelSignal: AbortSignal | undefined, ...args: string[]): Promise<Outcome> {
    const { stdout, all, exitCode } = await execa(
      this.engine.path,
      [...args, "--non-interactive", "--color", "never"],
      {
        cwd: this.folder,
        env: this.environment,
        extendEnv: false,
        all: true,
        reject: false,
        timeout: 300_000,
        ...(cancelSignal && { cancelSignal, killSignal: "SIGKILL" }),
      },
    );
    return { stdout, all, exitCode: exitCode ?? 1 };
  }

  /** Puts a state in place, as if an earlier `up` had left it. */
  async importState(resources: object[]): Promise<Outcome> {
    const file = path.join(this.folder, "state.json");
    const { stdout } = await this.pulumi("stack", "export");
    const exported = JSON.parse(stdout) as { deployment: { resources?: object[] } };
    exported.deployment.resources = resources;
    await writeFile(file, JSON.stringify(exported));
    return this.pulumi("stack", "import", "--file", file);
  }

  async remove(): Promise<void> {
    this.vendors.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Where Pulumi keeps the stack's state. */
  get stateFolder(): string {
    return path.join(this.folder, ".pulumi");
  }

  private get file(): string {
    return path.join(this.folder, "Pulumi.test.yaml");
  }

  private async salt(): Promise<object> {
    const text = await readFile(this.file, "utf8").catch(() => "{}");
    const { encryptionsalt } = parse(text) as { encryptionsalt?: string };
    return encryptionsalt === undefined ? {} : { encryptionsalt };
  }
}

/** Answers one call with a status and a body, or leaves it unanswered. */
export type Handler = (
  method: string,
  pathname: string,
  body: string,
) => { status: number; body: unknown } | undefined;

/** The stand-in's free plan, in the region beside Oregon. */
const essentialsPlan = { ...plans[0], region: "us-west-2" };

/** A service that a stack links to, as it should be. */
const linkedService = {
  name: "kairos-backend",
  type: "web_service",
  ownerId: "tea-test",
  suspended: "not_suspended",
  serviceDetails: { region: "oregon", plan: "starter", previews: { generation: "off" } },
};

/** What a preview asks: whether a name is taken (no), how a service is that it links to, which variables a service has (none), Redis Cloud's plans. */
export const previewAnswers: Handler = (_, pathname) => {
  if (pathname === "/v1/services" || pathname.endsWith("/env-vars")) return { status: 200, body: [] };
  const id = /^\/v1\/services\/(\w+-\w+)$/.exec(pathname)?.[1];
  if (id !== undefined) return { status: 200, body: { ...linkedService, id } };
  if (pathname === "/redis-cloud/fixed/plans") return { status: 200, body: { plans: [essentialsPlan] } };
  return undefined;
};

async function loopbackVendors(handle: Handler): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    let body = "";
    for await (const chunk of request) body += chunk;
    const answer = handle(request.method ?? "GET", pathname, body) ?? {
      status: 404,
      body: { message: `not served in this test: ${pathname}` },
    };
    response.writeHead(answer.status, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body) ?? "");
  });
  // The clients close what is idle: a POST that crossed a closing by the server would fail.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
