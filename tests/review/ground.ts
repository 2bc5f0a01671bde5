/**
 * Production and staging as their files say, on stand-ins of the vendors' accounts with databases and booted services
 * behind them, in a checkout where workflows run.
 */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import type { Engine } from "../../engine/cli/find.ts";
import { root } from "../../ops/bundle.mjs";
import type { Clouds } from "../../sandbox/clouds/index.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { Checkout } from "../checkout.ts";
import { client } from "../helpers/atlas.ts";
import { smallBackend } from "../helpers/deploys.ts";
import * as events from "./github/events.ts";
import { type Machine, type Need, named, type Ran, run } from "./github/jobs.ts";

const organization = "5a4d000000000000000000aa";

export class Ground {
  readonly sandbox: Sandbox;
  readonly checkout: Checkout;
  /** All that must never be seen. */
  readonly secrets: readonly string[];
  readonly machine: Machine;
  private readonly engine: Engine;
  private readonly folder: string;

  private constructor(engine: Engine, folder: string, sandbox: Sandbox, checkout: Checkout) {
    this.engine = engine;
    this.folder = folder;
    this.sandbox = sandbox;
    this.checkout = checkout;
    const { environment } = sandbox.clouds;
    const passphrase = randomBytes(18).toString("base64url");
    const { RENDER_API_KEY: apiKey = "" } = environment;
    this.machine = {
      workspace: checkout.folder,
      folder: path.join(folder, "jobs"),
      // Where the vendors are; no key: what a job has of those comes from its workflow, or from the stack file.
      environment: {
        ...Object.fromEntries(Object.entries(environment).filter(([name]) => !isCredential(name))),
        PATH: [path.dirname(engine.path), path.dirname(process.execPath), process.env.PATH ?? ""].join(
          path.delimiter,
        ),
        HOME: os.homedir(),
        // The databases here have certificates of the sandbox's own authority.
        NODE_EXTRA_CA_CERTS: sandbox.authorityFile,
        PULUMI_HOME: path.join(folder, "pulumi"),
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
      secrets: { PULUMI_CONFIG_PASSPHRASE: passphrase, RENDER_API_KEY: apiKey },
    };
    const keys = Object.entries(environment).filter(([name]) => isSecret(name));
    this.secrets = [passphrase, ...keys.map(([, value]) => value)];
  }

  /** Makes the accounts, what production's file says that exists there, and both stacks, empty. */
  static async create(engine: Engine): Promise<Ground> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-deploy-"));
    const sandbox = await startSandbox({ folder, keep: false, organization, deploys: await smallBackend() });
    const ground = new Ground(engine, folder, sandbox, await Checkout.create());
    // Of the machine's Pulumi only the plugins: a job logs in, and that would be remembered.
    const home = process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
    await Promise.all([mkdir(path.join(folder, "pulumi")), mkdir(path.join(folder, "state"))]);
    for (const entry of ["plugins", "dynamic_tf_plugins"])
      await symlink(path.join(home, entry), path.join(folder, "pulumi", entry));
    const { id: project } = await ground.atlas<{ id: string }>("POST", "/groups", {
      name: "Kairos",
      orgId: organization,
    });
    const { ownerId } = ground.clouds.render;
    const { service } = await ground.render<{ service: { id: string } }>("POST", "/services", {
      ownerId,
      type: "web_service",
      name: "kairos-backend",
      image: { ownerId, imagePath: "registry.example/kairos/backend:7" },
      serviceDetails: { plan: "starter", region: "oregon", runtime: "image", healthCheckPath: "/health" },
    });
    const ids = {
      "atlas-project-id": project,
      "atlas-organization-id": organization,
      "render-outbound-cidr": "203.0.113.0/24",
      "render-service-id": service.id,
      "backend-repository": "https://git.example/kairos/backend",
    };
    for (const stack of ["prod", "staging"]) {
      await copyFile(path.join(root, `Pulumi.${stack}.yaml`), ground.file(stack));
      let text = await readFile(ground.file(stack), "utf8");
      for (const [name, id] of Object.entries(ids)) text = text.replaceAll(`<${name}>`, id);
      await writeFile(ground.file(stack), text);
      await ground.initialize(stack);
    }
    return ground;
  }

  /** As the operator's guide says: the stack, and its keys, encrypted in its file. */
  private async initialize(stack: string): Promise<void> {
    const { environment } = this.clouds;
    await this.succeeds("stack", "init", stack);
    const plain = {
      "mongodbatlas:baseUrl": environment.MONGODB_ATLAS_BASE_URL,
      "mongodbatlas:publicKey": environment.MONGODB_ATLAS_PUBLIC_API_KEY,
      "upstash:email": environment.UPSTASH_EMAIL,
      "render:ownerId": environment.RENDER_OWNER_ID,
    };
    const secret = {
      "mongodbatlas:privateKey": environment.MONGODB_ATLAS_PRIVATE_API_KEY,
      "upstash:apiKey": environment.UPSTASH_API_KEY,
    };
    const pairs = (of: object, option: string) =>
      Object.entries(of).flatMap(([key, value]) => [option, `${key}=${value}`]);
    await this.succeeds(
      ...[
        "config",
        "set-all",
        "--stack",
        stack,
        ...pairs(plain, "--plaintext"),
        ...pairs(secret, "--secret"),
      ],
    );
  }

  get clouds(): Clouds {
    return this.sandbox.clouds;
  }

  file = (stack: string) => path.join(this.checkout.folder, `Pulumi.${stack}.yaml`);

  /** Runs a job of deploy.yml on the branch main. @param ended the jobs before it */
  async deploy(
    id: string,
    ended: Readonly<Record<string, Need>> = {},
    between?: (what: string) => Promise<unknown>,
  ): Promise<Ran> {
    const job = named("deploy.yml").jobs[id];
    if (job === undefined) throw new Error(`deploy.yml has no job ${id}`);
    const happening = {
      github: events.github("push", events.push()),
      vars: { PULUMI_BACKEND_URL: this.state },
    };
    return run(job, happening, this.machine, ended, between);
  }

  /** Runs the CLI as a person would. */
  async succeeds(...args: string[]): Promise<string> {
    const { all, exitCode } = await execa(
      this.engine.path,
      [...args, "--non-interactive", "--color", "never"],
      {
        cwd: this.checkout.folder,
        env: {
          ...this.machine.environment,
          ...this.machine.secrets,
          PULUMI_BACKEND_URL: this.state,
        },
        extendEnv: false,
        all: true,
        reject: false,
      },
    );
    if (exitCode !== 0) throw new Error(all);
    return all;
  }

  private get state(): string {
    return `file://${path.join(this.folder, "state")}`;
  }

  /** One call of Render's API, as somebody's own script makes it. */
  async render<T>(method: string, route: string, body?: unknown): Promise<T> {
    const { RENDER_HOST, RENDER_API_KEY } = this.clouds.environment;
    const response = await fetch(`${RENDER_HOST}${route}`, {
      method,
      headers: { "content-type": "application/json", authorization: `Bearer ${RENDER_API_KEY}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }

  /** The same of Atlas. */
  async atlas<T>(method: string, route: string, body?: unknown): Promise<T> {
    const { environment } = this.clouds;
    const call = client(environment.MONGODB_ATLAS_BASE_URL ?? "", {
      publicKey: environment.MONGODB_ATLAS_PUBLIC_API_KEY ?? "",
      privateKey: environment.MONGODB_ATLAS_PRIVATE_API_KEY ?? "",
    });
    const { status, body: answer } = await call(method, route, body);
    if (status > 299) throw new Error(`${method} ${route}: ${status} ${JSON.stringify(answer)}`);
    return answer as T;
  }

  /** How many calls so far were no questions. */
  changes(): number {
    const calls = Object.values(this.clouds.served).flatMap((served) => served.calls);
    return calls.filter(({ method }) => method !== "GET").length;
  }

  /** Everything that jobs have printed or shown. */
  async printed(): Promise<string> {
    return readFile(path.join(this.machine.folder, "log"), "utf8");
  }

  async remove(): Promise<void> {
    await this.sandbox.close();
    await this.checkout.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const isCredential = (name: string) =>
  /^(MONGODB_ATLAS|UPSTASH|REDISCLOUD)_|^RENDER_(API_KEY|OWNER_ID)$/.test(name);
const isSecret = (name: string) => /(API_KEY|SECRET_KEY|ACCESS_KEY)$/.test(name) && !name.includes("PUBLIC");
