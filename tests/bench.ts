/**
 * How long `plan` takes against a bare load of the SDKs that it uses, and how that grows with services: whole processes,
 * interleaved so that a busy machine slows all of them alike, medians. `npm run bench -- [--runs N] [--check]`; `--check`
 * fails above a goal.
 */
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import pc from "picocolors";
import { readYaml, yamlOf } from "../engine/yaml.ts";
import { root } from "../ops/bundle.mjs";

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

const scratch = await mkdtemp(path.join(os.tmpdir(), "kairos-bench-"));
const plan = [kairos, "plan", "--stack", "prod"];
const subjects: [string, string[], Record<string, string>?][] = [
  ["node alone", ["-e", "0"]],
  ["bare load of the SDKs", ["-e", sdks.map((name) => `require(${JSON.stringify(name)})`).join(";")]],
  ["plan, production", plan],
  ["plan, 1 service", plan, await projectWith(1)],
  ["plan, 10 services", plan, await projectWith(10)],
  ["plan, 50 services", plan, await projectWith(50)],
];

const times = new Map(subjects.map(([name]) => [name, [] as number[]]));
for (const [, args, env = {}] of subjects) await execa(process.execPath, args, { cwd: root, env });
for (let run = 1; run <= runs; run++) {
  for (const [name, args, env = {}] of subjects) {
    const start = performance.now();
    await execa(process.execPath, args, { cwd: root, env });
    times.get(name)?.push(performance.now() - start);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${run}/${runs}`);
}
if (process.stderr.isTTY) process.stderr.write("\r");

const median = (name: string) => (times.get(name) ?? []).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
for (const [name] of subjects) console.log(`${name.padEnd(24)}${median(name).toFixed(0).padStart(6)} ms`);
await rm(scratch, { recursive: true, force: true });

/** What takes how many times as long as what, at most. */
const goals: [string, string, number][] = [
  ["plan, production", "bare load of the SDKs", 1.25],
  ["plan, 50 services", "plan, 1 service", 1.5],
];
for (const [name, other, goal] of goals) {
  const ratio = median(name) / median(other);
  const verdict = ratio <= goal ? pc.green("within") : pc.red("above");
  console.log(`${ratio.toFixed(2)}  ${name} / ${other}: ${verdict} the goal of ${goal}`);
  if (values.check && ratio > goal) process.exitCode = 1;
}
const load = os.loadavg()[0] ?? 0;
console.log(
  `${runs} runs each, Node ${process.version}, load ${load.toFixed(1)} on ${os.cpus().length} cores`,
);
