/**
 * How long `plan` takes against a bare load of the SDKs that it uses: whole processes, interleaved so that a busy
 * machine slows all of them alike, medians. `npm run bench:plan -- [--runs N] [--check]`; `--check` fails above
 * the goal.
 */
import path from "node:path";
import { parseArgs } from "node:util";
import { execa } from "execa";
import pc from "picocolors";
import { root } from "../ops/bundle.mjs";

const goal = 1.25;
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
const subjects: [string, string[]][] = [
  ["node alone", ["-e", "0"]],
  ["bare load of the SDKs", ["-e", sdks.map((name) => `require(${JSON.stringify(name)})`).join(";")]],
  ["plan, production", [kairos, "plan", "--stack", "prod"]],
];

const times = new Map(subjects.map(([name]) => [name, [] as number[]]));
for (const [, args] of subjects) await execa(process.execPath, args, { cwd: root });
for (let run = 1; run <= runs; run++) {
  for (const [name, args] of subjects) {
    const start = performance.now();
    await execa(process.execPath, args, { cwd: root });
    times.get(name)?.push(performance.now() - start);
  }
  if (process.stderr.isTTY) process.stderr.write(`\r${run}/${runs}`);
}
if (process.stderr.isTTY) process.stderr.write("\r");

const median = (name: string) => (times.get(name) ?? []).sort((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
for (const [name] of subjects) console.log(`${name.padEnd(24)}${median(name).toFixed(0).padStart(6)} ms`);
const ratio = median("plan, production") / median("bare load of the SDKs");
const verdict = ratio <= goal ? pc.green("within") : pc.red("above");
console.log(
  `plan / bare load        ${ratio.toFixed(2).padStart(6)}     ${verdict} the goal of ${goal} (${runs} runs each, Node ${process.version})`,
);
if (values.check && ratio > goal) process.exitCode = 1;
