/** One run of the sandbox: start it, bring the stack up, look at it from the backend, and say what was found. */
import { parseCommandString } from "execa";
import type { EngineEvent } from "../../engine/cli/events.ts";
import type { Operation, Step } from "../../engine/cli/operation.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { findExecutable, isExecutable } from "../../sandbox/processes/executables.ts";
import { list, plural } from "../terminal/amounts.ts";
import type { Progress } from "../terminal/progress.ts";
import type { SandboxOptions } from "./command.ts";
import { rehearsalOf } from "./control.ts";
import { type Choice, chooseEngine } from "./engine.ts";
import { readRecord, throwAway } from "./folder.ts";
import { findMongod } from "./mongod.ts";
import { passes, policyPack, verdictIn } from "./policies.ts";
import {
  type Config,
  engineEnvironment,
  plainVariables,
  prepareProject,
  sandboxConfig,
  sandboxStack,
  section,
  variablesOf,
} from "./project.ts";
import { allLive, type SandboxReport } from "./report.ts";
import { type SandboxHandle, type StartOptions, startHost } from "./start.ts";

/** What a run leaves: its findings, and the sandbox while it still runs. */
export interface SandboxRun {
  report: SandboxReport;
  held: SandboxHandle;
}

/**
 * @param onHeld told of what has to be ended should the run be interrupted
 * @throws UserError before anything is touched, when an option cannot be met
 */
export async function runSandbox(
  options: SandboxOptions,
  progress: Progress,
  onHeld: (held: SandboxHandle, interrupt: () => Promise<void>) => void,
): Promise<SandboxRun> {
  const { rehearse: rehearsal, download, wrong } = options;
  const name = options.keep ? options.name : throwAway();
  const before = (await readRecord(name))?.wish;
  const redis = options.redis ?? before?.redis;
  const config = withRedis(await sandboxConfig(), redis);
  if (wrong !== undefined) checkVariable(wrong, config);
  const command = options.backend === undefined ? undefined : backendIn(options.backend);
  const choice = await chooseEngine({
    engine: rehearsal === undefined,
    download: download === true,
    redis: String(section(config, "redis").provider),
    before: before?.engine,
  });
  progress.say(engineLine(choice));
  const mongod = await findMongod(download === true);
  const held = await start(progress, {
    name,
    mongod,
    organization: (section(config, "mongodb").project as { organization: string }).organization,
    wish: {
      keep: options.keep === true,
      engine: choice.engine === undefined ? "rehearsal" : "pulumi",
      ...(redis !== undefined && { redis }),
      provisioning: options.provisioning,
      ...(command && { backend: { command, cwd: process.cwd() } }),
      plain: plainVariables(config),
    },
  });
  let interrupt = async () => {};
  onHeld(held, () => interrupt());
  const folder = await prepareProject(held.folder, config);

  let report: SandboxReport;
  if (choice.engine === undefined) report = await rehearse(held, folder, choice, progress);
  else {
    const environment = await held.ask("environment");
    const { passphrase } = held.record;
    const workspace = new Workspace(choice.engine, folder, {
      environment: await engineEnvironment(choice.engine, held.folder, passphrase, environment),
      say: (text) => progress.say(text),
    });
    const watch = (operation: Operation) => {
      interrupt = async () => {
        operation.interrupt();
        await operation.outcome.catch(() => undefined);
      };
      return operation.outcome;
    };
    report = await up(held, await sandboxStack(workspace), { progress, watch });
  }
  if (report.ok && wrong !== undefined) report = await spoiled(held, wrong, report, progress);
  progress.stop();
  report.seconds.all = progress.seconds;
  return { report, held };
}

function checkVariable(name: string, config: Config): void {
  const known = variablesOf(config);
  if (known.includes(name)) return;
  throw new UserError(`--wrong: got "${name}"; expected a variable that a service has: ${list(known)}`);
}

/** Program and arguments; a blank in one of them stands behind a backslash. */
function backendIn(text: string): string[] {
  const [program = "", ...args] = parseCommandString(text);
  const isThere = program.includes("/") ? isExecutable(program) : findExecutable(program) !== undefined;
  if (isThere) return [program, ...args];
  throw new UserError(
    `--backend: got "${text}"; expected a program on the PATH, or the path of one, in front`,
  );
}

async function start(progress: Progress, options: StartOptions): Promise<SandboxHandle> {
  progress.begin("starting the clouds");
  const held = await startHost(options);
  const words = {
    new: "clouds are up",
    running: "clouds were up",
    recovered: "clouds are back, with their data",
  };
  progress.done("starting the clouds", words[held.origin]);
  return held;
}

interface UpContext {
  progress: Progress;
  /** Told of an operation that is under way, so that it can be stopped. */
  watch(operation: Operation): Operation["outcome"];
}

async function up(held: SandboxHandle, stack: Stack, { progress, watch }: UpContext): Promise<SandboxReport> {
  const before = await held.ask("state");
  const events: EngineEvent[] = [];
  // With the policies: it is the `up` that knows every value. A Ctrl-C is for this command, which asks the engine to stop.
  const outcome = await watch(
    stack.operate("up", ["--policy-pack", policyPack], {
      apart: true,
      onStep: (step) => show(step, progress),
      onEvent: (event) => events.push(event),
    }),
  );
  const policies = verdictIn(events);
  const state = await deployed(held, progress);
  for (const vendor of Object.keys(state.calls) as (keyof typeof state.calls)[])
    state.calls[vendor] -= before.calls[vendor];
  const report: SandboxReport = {
    engine: `pulumi ${stack.workspace.engine.version}`,
    changes: outcome.changes,
    seconds: { up: outcome.seconds, all: 0 },
    ...(policies && { policies }),
    state,
    errors: outcome.errors,
    ok: outcome.ok && allLive(state),
  };
  if (!outcome.ok) return report;
  progress.begin("previewing again");
  // Without the policies, which would cost two seconds more to say the same again.
  const preview = await watch(stack.operate("preview", [], { apart: true }));
  const changes = Object.entries(preview.changes).filter(([op]) => op !== "same" && op !== "read");
  const count = changes.reduce((sum, [, number]) => sum + number, 0);
  progress.done("previewing again", `preview: ${count === 0 ? "no changes" : plural(count, "change")}`);
  return {
    ...report,
    previewChanges: count,
    errors: [...report.errors, ...preview.errors],
    ok: report.ok && preview.ok && count === 0,
  };
}

async function rehearse(
  held: SandboxHandle,
  folder: string,
  choice: Choice & { engine: undefined },
  progress: Progress,
): Promise<SandboxReport> {
  const started = progress.seconds;
  const changes: SandboxReport["changes"] = {};
  const errors: string[] = [];
  let policies: SandboxReport["policies"];
  for await (const line of rehearsalOf(held.record, folder)) {
    if ("error" in line) errors.push(...line.error.split("\n"));
    else if ("policies" in line) policies = line.policies;
    else {
      if (line.state === "done") changes[line.op] = (changes[line.op] ?? 0) + 1;
      if (line.op !== "same") show(line, progress);
    }
  }
  const seconds = progress.seconds - started;
  const state = await deployed(held, progress);
  return {
    engine: "dress rehearsal",
    why: choice.why,
    changes,
    ...(policies && { policies }),
    seconds: { up: seconds, all: 0 },
    state,
    errors,
    ok: errors.length === 0 && allLive(state) && (policies === undefined || passes(policies)),
  };
}

/** Waits until no service is being deployed any more. */
async function deployed(held: SandboxHandle, progress: Progress): Promise<SandboxReport["state"]> {
  for (;;) {
    const state = await held.ask("state");
    const waiting = state.services.filter(({ deploying }) => deploying);
    if (waiting.length === 0) {
      for (const { name, status } of state.services)
        progress.done(`deploying ${name}`, `deploy of ${name}: ${status}`);
      return state;
    }
    for (const { name } of waiting) progress.begin(`deploying ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Gives a variable a wrong value, out of band, and looks at what becomes of the deploy. */
async function spoiled(
  held: SandboxHandle,
  variable: string,
  report: SandboxReport,
  progress: Progress,
): Promise<SandboxReport> {
  await held.ask("spoil", variable);
  progress.say(`${variable} is wrong now, as if somebody had changed it in the dashboard`);
  const state = await deployed(held, progress);
  return { ...report, state, ok: allLive(state) };
}

function withRedis(config: Config, provider: string | undefined): Config {
  if (provider === undefined) return config;
  const { name, mayBeDestroyed } = section(config, "redis");
  const named = provider === "none" ? {} : { name };
  const redis = { provider, mayBeDestroyed, ...named, ...redisDefaults[provider] };
  return { ...config, "kairos:redis": redis, ...(provider === "redis-cloud" && withoutTls()) };
}

/** A new database has no TLS until somebody clicks in Redis Cloud's console; nobody does here. */
const withoutTls = () => ({
  "kairos:policies": {
    exceptions: [
      {
        policy: "tls-required",
        resource: "redis-redis-cloud",
        reason: "its provider cannot turn TLS on",
        until: new Date().toISOString().slice(0, 10),
      },
    ],
  },
});

/** What has no default in the settings. */
const redisDefaults: { [provider: string]: object } = {
  render: { plan: "starter" },
  "redis-cloud": { plan: "30MB", tls: false },
};

function engineLine(choice: Choice): string {
  if (choice.engine !== undefined)
    return `engine: pulumi ${choice.engine.version} (${choice.engine.path}), with the vendors' real providers`;
  const { why, how } = choice;
  return `engine: none (${why}), so this is a dress rehearsal: the same program, run in process${how === "" ? "" : `; ${how}`}`;
}

function show({ name, type, op, state }: Step, progress: Progress): void {
  if (state === "started") progress.begin(name);
  else progress.done(name, `${state === "done" ? sign(op) : "✗"} ${name}  ${kind(type)}`);
}

/** `AdvancedCluster (mongodbatlas)`. */
function kind(type: string): string {
  const [provider = "", , name = type] = type.split(":");
  return `${name} (${provider})`;
}

const sign = (op: string) => ({ create: "+", update: "~", delete: "-", replace: "±" })[op] ?? "·";
