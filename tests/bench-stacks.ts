/** The sandbox's stack on the stand-ins, brought up: by Pulumi, and the like of it by Terraform, where they are there. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { root } from "../ops/bundle.mjs";
import { startClouds } from "../sandbox/clouds/index.ts";
import { findExecutable } from "../sandbox/processes/executables.ts";
import { newGround } from "./engine/campaign/ground.ts";
import { engineOrReason } from "./engine/harness.ts";
import { TestStack } from "./engine/program-stack.ts";

/** What is timed: a command that has to end well. */
export type Subject = [name: string, run: () => Promise<unknown>];
/** Subjects, or why there are none; and what an `up` called. */
export interface Stacks {
  subjects: Subject[];
  /** Calls of a full `up`, by what it was. */
  calls: [name: string, calls: number][];
  missing?: string;
  remove(): Promise<void>;
}

const succeeds = async (outcome: Promise<{ exitCode: number; all: string }>) => {
  const { exitCode, all } = await outcome;
  if (exitCode !== 0) throw new Error(all);
};

/** @param services how many services stacks have, of which the growth is measured */
export async function pulumiStacks(services: readonly number[]): Promise<Stacks> {
  const found = await engineOrReason();
  if ("reason" in found)
    return { subjects: [], calls: [], missing: found.reason, remove: async () => undefined };
  const { engine } = found;
  const ends: (() => Promise<void>)[] = [];
  const up = async (count: number) => {
    const ground = await newGround(engine);
    ends.push(() => ground.remove());
    const [service] = ground.config["kairos:backend"] as { name: string }[];
    ground.config["kairos:backend"] = Array.from({ length: count }, (_, index) => ({
      ...service,
      name: index === 0 ? service?.name : `${service?.name}-${index}`,
    }));
    await ground.stack.configure(ground.config);
    await succeeds(ground.up());
    const calls = Object.values(ground.clouds.served).reduce((sum, one) => sum + one.calls.length, 0);
    return { ground, calls };
  };
  const empty = await TestStack.create(engine, {});
  ends.push(() => empty.remove());
  await empty.program('import "@pulumi/pulumi";\n');
  await succeeds(empty.pulumi("up", "--yes", "--skip-preview"));
  const subjects: Subject[] = [["preview, empty program", () => succeeds(empty.pulumi("preview"))]];
  const calls: Stacks["calls"] = [];
  for (const count of services) {
    const { ground, calls: called } = await up(count);
    const preview = (...args: string[]) =>
      succeeds(ground.stack.pulumi("preview", "--stack", "test", ...args));
    const name = count === 1 ? "service" : "services";
    calls.push([`up, ${count} ${name}`, called]);
    subjects.push([`preview, ${count} ${name}`, () => preview()]);
    if (count !== 1) continue;
    subjects.push(
      ["preview with refresh", () => preview("--refresh")],
      ["preview with policies", () => preview("--policy-pack", path.join(root, "infra", "policies"))],
    );
  }
  return { subjects, calls, remove: async () => void (await Promise.all(ends.map((end) => end()))) };
}

/** As a person would write it in one file. */
const terraform = `
terraform {
  required_providers {
    mongodbatlas = { source = "mongodb/mongodbatlas" }
    random       = { source = "hashicorp/random" }
    render       = { source = "render-oss/render" }
    upstash      = { source = "upstash/upstash" }
  }
}
resource "mongodbatlas_project" "one" {
  name   = "kairos-sandbox"
  org_id = "5a4d000000000000000000aa"
}
resource "mongodbatlas_advanced_cluster" "one" {
  project_id        = mongodbatlas_project.one.id
  name              = "kairos-sandbox"
  cluster_type      = "REPLICASET"
  replication_specs = [{ region_configs = [{
    provider_name = "FLEX", backing_provider_name = "AWS", region_name = "US_WEST_2", priority = 7
  }] }]
}
resource "random_password" "one" {
  length  = 32
  special = false
}
resource "mongodbatlas_database_user" "one" {
  project_id         = mongodbatlas_project.one.id
  username           = "kairos"
  password           = random_password.one.result
  auth_database_name = "admin"
  roles {
    role_name     = "readWrite"
    database_name = "kaïros"
  }
}
resource "mongodbatlas_project_ip_access_list" "one" {
  project_id = mongodbatlas_project.one.id
  cidr_block = "127.0.0.1/32"
  comment    = "this machine"
}
resource "render_postgres" "one" {
  name    = "kairos-postgres"
  plan    = "basic_256mb"
  region  = "oregon"
  version = "18"
  database_name = "kairos"
  database_user = "kairos"
  high_availability_enabled = false
}
resource "upstash_redis_database" "one" {
  database_name  = "kairos-redis"
  region         = "global"
  primary_region = "us-west-2"
  tls            = true
  eviction       = true
}
resource "render_web_service" "one" {
  name              = "kairos-backend"
  plan              = "starter"
  region            = "oregon"
  health_check_path = "/health"
  runtime_source    = { image = { image_url = "registry.example/kairos/backend", tag = "sandbox" } }
  env_vars = {
    MONGODB_URL       = { value = "\${mongodbatlas_advanced_cluster.one.connection_strings.standard_srv}#\${random_password.one.result}" }
    MONGODB_DB_NAME   = { value = "kaïros" }
    POSTGRES_PASSWORD = { value = render_postgres.one.connection_info.password }
    REDIS_URL         = { value = "rediss://default:\${upstash_redis_database.one.password}@\${upstash_redis_database.one.endpoint}" }
  }
}
`;

/** Terraform finds providers where it always looks on a machine, such as ~/.terraform.d/plugins. */
export async function terraformStack(): Promise<Stacks> {
  const nothing = { subjects: [], calls: [], remove: async () => undefined };
  const program = findExecutable("terraform");
  if (program === undefined) return { ...nothing, missing: "no terraform on the PATH" };
  const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-terraform-"));
  const clouds = await startClouds({ folder, organization: "5a4d000000000000000000aa" });
  const cwd = path.join(folder, "stack");
  await mkdir(cwd);
  await writeFile(path.join(cwd, "main.tf"), terraform);
  const env = {
    ...{ PATH: process.env.PATH ?? "", HOME: os.homedir(), CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" },
    ...clouds.environment,
  };
  const run = async (...args: string[]) => {
    const options = { cwd, env, extendEnv: false, all: true, reject: false } as const;
    const { exitCode, all } = await execa(program, [...args, "-no-color"], options);
    return { exitCode: exitCode ?? 1, all };
  };
  const remove = async () => {
    await clouds.close();
    await rm(folder, { recursive: true, force: true });
  };
  const missing = (what: string, all: string) => ({
    ...{ ...nothing, remove },
    missing: `${what}: ${all
      .replaceAll(/\s*[│╷╵\n]+\s*/g, " ")
      .trim()
      .slice(0, 300)}`,
  });
  const init = await run("init", "-input=false");
  if (init.exitCode !== 0) return missing("terraform lacks a provider", init.all);
  const apply = await run("apply", "-auto-approve", "-input=false");
  if (apply.exitCode !== 0) return missing("terraform apply", apply.all.slice(apply.all.indexOf("Error")));
  const calls = Object.values(clouds.served).reduce((sum, one) => sum + one.calls.length, 0);
  const plan = (...args: string[]) => succeeds(run("plan", "-input=false", "-detailed-exitcode", ...args));
  return {
    subjects: [
      ["terraform plan -refresh=false", () => plan("-refresh=false")],
      ["terraform plan", () => plan()],
    ],
    calls: [["terraform apply", calls]],
    remove,
  };
}
