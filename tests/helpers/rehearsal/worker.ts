/** For tests: rehearses one job (JSON on stdin) and reports on stdout. The report holds secrets, of stand-ins only. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Step } from "../../../engine/cli/operation.ts";
import { program } from "../../../ops/plan/program.ts";
import { type Rehearsal, rehearse } from "../../../ops/sandbox/rehearsal/index.ts";
import type { Made } from "../../../ops/sandbox/rehearsal/monitor.ts";
import { startClouds } from "../../../sandbox/clouds/index.ts";
import { Store } from "../../../sandbox/clouds/store.ts";
import { organization, prepared, statesOf } from "./clouds.ts";
import type { Job, RehearsalReport } from "./index.ts";
import { programs } from "./programs.ts";

// What the program tells a person goes there too, where no engine takes it.
console.log = () => undefined;

const job = JSON.parse(await text(process.stdin)) as Job;
const { provisioning = 0, before = [], secretKeys = [], more = {} } = job;
const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-rehearsal-"));
const slow = { provisioning };
const clouds = await startClouds({ folder, organization, atlas: slow, render: slow, redisCloud: slow });
const settings = prepared(clouds, before, job.settings);
const values = Object.fromEntries(
  Object.entries(settings).map(([key, value]) => [`kairos:${key}`, JSON.stringify(value)]),
);
const file = {
  project: "kairos-infrastructure",
  stack: "test",
  values: { ...values, "render:skipDeployAfterServiceUpdate": "true", ...more },
  secretKeys,
};
const progress: Step[] = [];
const made = new Store<Made>({}, {});
const stack = await program();
const chosen = job.program === undefined ? stack : { ...stack, run: programs[job.program] };
const report: Pick<RehearsalReport, "rehearsed" | "error"> = await rehearse(
  chosen,
  file,
  clouds,
  made,
  (step) => progress.push(step),
).then(
  (rehearsed: Rehearsal) => ({ rehearsed }),
  ({ name, message }: Error) => ({ error: { name, message } }),
);
const calls = Object.values(clouds.served).flatMap((served) =>
  served.calls.map(({ method, path }) => `${method} ${path}`),
);
const whole: RehearsalReport = {
  ...report,
  progress,
  resources: Object.values(made.data).map(({ name, id }) => ({ name, id })),
  states: statesOf(clouds),
  calls,
  refused: clouds.refused,
};
await clouds.close();
await rm(folder, { recursive: true, force: true });
process.stdout.write(JSON.stringify(whole), () => process.exit(0));
