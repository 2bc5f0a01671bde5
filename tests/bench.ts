/**
 * How long things take, against what does the like: whole processes, interleaved so that a busy machine slows all of
 * them alike, medians; and how time and calls grow with services. `npm run bench -- [--runs N] [--check]`; `--check`
 * fails above a goal. What needs the engine or Terraform says what is missing of it.
 */
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import pc from "picocolors";
import { readYaml, yamlOf } from "../engine/yaml.ts";
import { root } from "../ops/bundle.mjs";
import { pulumiStacks, type Subject, terraformStack } from "./bench-stacks.ts";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "15" }, check: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) {
  console.error(`error: --runs: got "${values.runs}"; expected a whole number from 1`);
  process.exit(1);
}

// What the production program uses, no more: whole provider SDKs would make the comparison too easy.
const sdks = [
  "@pulumi/pulumi",
  "@pulumi/mongodbatlas/advancedCluster.js",
  "@pulumi/mongodbatlas/databaseUser.js",
  "@pulumi/mongodbatlas/project.js",
  "@pulumi/mongodbatlas/projectIpAccessList.js",
  "@pulumi/random/randomPassword.js",
  "@upstash/pulumi/redisDatabase.js",
];
const kairos = path.join(root, "ops", "kairos.mjs");
const scratch = await mkdtemp(path.join(os.tmpdir(), "kairos-bench-"));
const growth = [1, 10, 50];

/** A project whose production has so many services. */
async function projectWith(services: number): Promise<{ KAIROS_PROJECT: string }> {
  const folder = path.join(scratch, String(services));
  await mkdir(folder);
  await copyFile(path.join(root, "Pulumi.yaml"), path.join(folder, "Pulumi.yaml"));
  const name = "Pulumi.prod.yaml";
  const { value } = readYaml(await readFile(path.join(root, name), "utf8"), name);
  const { config } = value as { config: Record<string, unknown> };
  config["kairos:backend"] = Array.from({ length: services }, (_, index) => ({
    name: `kairos-backend-${index}`,
    link: `srv-${String(index).padStart(20, "0")}`,
  }));
  await writeFile(path.join(folder, name), yamlOf({ config }));
  return { KAIROS_PROJECT: folder };
}

/** What git would bring, with packages that nothing was put together from yet. */
async function freshClone(): Promise<string> {
  const folder = path.join(scratch, "clone");
  const { stdout } = await execa("git", ["ls-files"], { cwd: root });
  for (const file of stdout.split("\n").filter((name) => !name.startsWith("tests/")))
    await cp(path.join(root, file), path.join(folder, file));
  const packages = path.join(folder, "node_modules");
  await mkdir(packages);
  for (const entry of await readdir(path.join(root, "node_modules")))
    if (entry !== ".cache") await symlink(path.join(root, "node_modules", entry), path.join(packages, entry));
  return folder;
}

const node = (args: string[], env: Record<string, string> = {}) =>
  execa(process.execPath, args, { cwd: root, env });
const plan = [kairos, "plan", "--stack", "prod"];
const clone = await freshClone();
const planThere = () => execa("npm", ["run", "--silent", "plan", "--", "--stack", "prod"], { cwd: clone });
const cache = path.join(clone, "node_modules", ".cache");
const [pulumi, terraform] = [await pulumiStacks(growth), await terraformStack()];
const grown = await Promise.all(
  growth.map(async (services): Promise<Subject> => {
    const env = await projectWith(services);
    return [`plan, ${services} ${services === 1 ? "service" : "services"}`, () => node(plan, env)];
  }),
);
/** Before each run of it, and not timed. */
const before: Record<string, () => Promise<void>> = {
  "plan, first on a fresh clone": () => rm(cache, { recursive: true, force: true }),
};
const subjects: Subject[] = [
  ["node alone", () => node(["-e", "0"])],
  [
    "bare load of the SDKs",
    () => node(["-e", sdks.map((name) => `require(${JSON.stringify(name)})`).join(";")]),
  ],
  ["plan, production", () => node(plan)],
  ["plan, first on a fresh clone", planThere],
  ["plan, later there, by npm", planThere],
  ...grown,
  ...pulumi.subjects,
  ...terraform.subjects,
];

const times = new Map(subjects.map(([name]) => [name, [] as number[]]));
try {
  // The first round is not counted.
  for (let run = 0; run <= runs; run++) {
    for (const [name, work] of subjects) {
      await before[name]?.();
      const start = performance.now();
      await work();
      if (run > 0) times.get(name)?.push(performance.now() - start);
    }
    if (process.stderr.isTTY) process.stderr.write(`\r${run}/${runs}`);
  }
} finally {
  await Promise.all([pulumi.remove(), terraform.remove()]);
  await rm(scratch, { recursive: true, force: true });
}
if (process.stderr.isTTY) process.stderr.write("\r");

const median = (name: string) => (times.get(name) ?? []).sort((a, b) => a - b)[Math.floor(runs / 2)];
for (const [name] of subjects) console.log(`${name.padEnd(30)}${median(name)?.toFixed(0).padStart(6)} ms`);
const calls = new Map([...pulumi.calls, ...terraform.calls]);
for (const [name, count] of calls) console.log(`${name.padEnd(30)}${String(count).padStart(6)} calls`);

/** What takes how many times as long as what, at most; without another one, how many milliseconds. */
const goals: [name: string, other: string | undefined, goal: number][] = [
  ["preview, 1 service", "preview, empty program", 1],
  ["preview, 1 service", "terraform plan -refresh=false", 2.5],
  ["preview with refresh", "terraform plan", 1.6],
  ["preview with policies", "preview, 1 service", 1.1],
  ["plan, production", "terraform plan -refresh=false", 0.7],
  ["plan, production", "bare load of the SDKs", 1.25],
  ["plan, first on a fresh clone", undefined, 2000],
  ["plan, later there, by npm", undefined, 900],
  ["plan, 50 services", "plan, 1 service", 1.5],
  ["up, 1 service", "terraform apply", 1],
];
for (const [name, other, goal] of goals) {
  const [one, two] = [name, other].map((it = "") => calls.get(it) ?? median(it));
  if (one === undefined || (other !== undefined && two === undefined)) {
    const why = [pulumi, terraform].flatMap(({ missing }) => missing ?? []).join("; ");
    console.log(`   -  ${name} / ${other}: not measured: ${why}`);
    continue;
  }
  const measured = one / (two ?? 1);
  const shown = (value: number) => (other === undefined ? `${value.toFixed(0)} ms` : value.toFixed(2));
  const verdict = measured <= goal ? pc.green("within") : pc.red("above");
  const what = other === undefined ? name : `${name} / ${other}`;
  console.log(`${shown(measured)}  ${what}: ${verdict} the goal of ${shown(goal)}`);
  if (values.check && measured > goal) process.exitCode = 1;
}
const load = os.loadavg()[0] ?? 0;
console.log(
  `${runs} runs each, Node ${process.version}, load ${load.toFixed(1)} on ${os.cpus().length} cores`,
);
