/** One run of the sandbox: start it, bring the stack up, look at it from the backend, and say what was found. */
import type { EngineEvent } from "../../engine/cli/events.ts";
import type { Operation, Step } from "../../engine/cli/operation.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { plural } from "../terminal/amounts.ts";
import type { Progress } from "../terminal/progress.ts";
import { type Choice, chooseEngine } from "./engine.ts";
import { sweep, throwAway } from "./folder.ts";
import { passes, policyPack, verdictIn } from "./policies.ts";
import { type Config, engineEnvironment, prepareProject, sandboxConfig, sandboxStack } from "./project.ts";
import { allLive, type SandboxReport } from "./report.ts";
import { type SandboxHandle, startHost } from "./start.ts";

export interface RunOptions {
  /** The sandbox's name, when it is to be kept. */
  keep?: string;
  engine: boolean;
  download: boolean;
  /** The Redis in place of the settings' own. */
  redis?: string;
  /** A variable that is given a wrong value after the stack is up. */
  spoil?: string;
  /** What deploys run in place of the small backend. */
  command?: readonly string[];
  /** Milliseconds that vendors take to make a database. */
  provisioning: number;
}

/** What a run leaves: its findings, and the sandbox while it still runs. */
export interface SandboxRun {
  report: SandboxReport;
  held: SandboxHandle;
}

/** @param onHeld told of what has to be ended should the run be interrupted */
export async function runSandbox(
  options: RunOptions,
  progress: Progress,
  onHeld: (held: SandboxHandle, interrupt: () => Promise<void>) => void,
): Promise<SandboxRun> {
  await sweep();
  const config = withRedis(await sandboxConfig(), options.redis);
  const choice = await chooseEngine({ ...options, redis: setting(config, "redis").provider as string });
  progress.say(engineLine(choice));
  const held = await start(options, config, choice, progress);
  let interrupt = async () => {};
  onHeld(held, () => interrupt());
  const folder = await prepareProject(held.folder, config);

  let report: SandboxReport;
  if (choice.engine === undefined) report = await rehearse(held, folder, choice, progress);
  else {
    const environment = await held.control.environment();
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
    report = await up(held, await sandboxStack(workspace), { config, progress, watch });
  }
  if (report.ok && options.spoil !== undefined)
    report = await spoiled(held, config, options.spoil, report, progress);
  progress.stop();
  report.seconds.all = progress.seconds;
  return { report, held };
}

async function start(
  { keep, command, provisioning }: RunOptions,
  config: Config,
  { engine }: Choice,
  progress: Progress,
): Promise<SandboxHandle> {
  progress.begin("starting the clouds");
  const { project } = setting(config, "mongodb") as { project: { organization: string } };
  const options = {
    name: keep ?? throwAway(),
    keep: keep !== undefined,
    organization: project.organization,
    provisioning,
    plain: plainVariables(config),
    ...(command && { command }),
  };
  let held = await startHost(options);
  if (engine === undefined && held.origin !== "new") {
    // A rehearsal keeps no state: it would make everything a second time.
    progress.say("a rehearsal starts from nothing: the one before is removed");
    await held.end(true);
    held = await startHost(options);
  }
  const words = {
    new: "clouds are up",
    running: "clouds were up",
    recovered: "clouds are back, with their data",
  };
  progress.done("starting the clouds", words[held.origin]);
  return held;
}

interface UpContext {
  config: Config;
  progress: Progress;
  /** Told of an operation that is under way, so that it can be stopped. */
  watch(operation: Operation): Operation["outcome"];
}

async function up(
  held: SandboxHandle,
  stack: Stack,
  { config, progress, watch }: UpContext,
): Promise<SandboxReport> {
  const before = await held.control.state();
  const events: EngineEvent[] = [];
  const onStep = ({ name, type, op, state }: Step) => {
    if (state === "started") progress.begin(name);
    else
      progress.done(
        name,
        state === "done" ? `${sign(op)} ${name}  ${kind(type)}` : `✗ ${name}  ${kind(type)}`,
      );
  };
  // With the policies: it is the `up` that knows every value. A Ctrl-C is for this command, which asks the engine to stop.
  const outcome = await watch(
    stack.operate("up", ["--policy-pack", policyPack], {
      apart: true,
      onStep,
      onEvent: (event) => events.push(event),
    }),
  );
  const policies = verdictIn(events);
  const state = await deployed(held, config, progress);
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
  for await (const line of held.control.rehearse(folder)) {
    if ("error" in line) errors.push(...line.error.split("\n"));
    else if ("resources" in line) {
      changes.create = line.resources;
      policies = line.policies;
    } else if (line.state === "creating") progress.begin(line.name);
    else progress.done(line.name, `${line.state === "created" ? "+" : "✗"} ${line.name}  ${kind(line.type)}`);
  }
  const seconds = progress.seconds - started;
  const state = await deployed(held, await sandboxConfig(), progress);
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
async function deployed(
  held: SandboxHandle,
  config: Config,
  progress: Progress,
): Promise<SandboxReport["state"]> {
  const plain = plainVariables(config);
  for (;;) {
    const state = await held.control.state(plain);
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

/** Names of variables that the settings give in clear. */
function plainVariables(config: Config): string[] {
  const services = (config["kairos:backend"] ?? []) as { variables?: object }[];
  return services.flatMap(({ variables = {} }) => Object.keys(variables));
}

/** Gives a variable a wrong value, out of band, and looks at what becomes of the deploy. */
async function spoiled(
  held: SandboxHandle,
  config: Config,
  variable: string,
  report: SandboxReport,
  progress: Progress,
): Promise<SandboxReport> {
  const services = await held.control.spoil(variable);
  if (services.length === 0)
    throw new UserError(
      `--wrong: got "${variable}"; expected a variable that a service has, such as MONGODB_URL`,
    );
  progress.say(`${variable} is wrong now, as if somebody had changed it in the dashboard`);
  const state = await deployed(held, config, progress);
  return { ...report, state, ok: allLive(state) };
}

function withRedis(config: Config, provider: string | undefined): Config {
  if (provider === undefined) return config;
  const { name, mayBeDestroyed } = setting(config, "redis");
  const named = provider === "none" ? {} : { name };
  return { ...config, "kairos:redis": { provider, mayBeDestroyed, ...named, ...redisDefaults[provider] } };
}

/** What has no default in the settings. */
const redisDefaults: { [provider: string]: object } = {
  render: { plan: "starter" },
  // A new database has no TLS until somebody clicks in Redis Cloud's console; nobody does here.
  "redis-cloud": { plan: "30MB", tls: false },
};

const setting = (config: Config, key: string) => config[`kairos:${key}`] as { [name: string]: unknown };

function engineLine(choice: Choice): string {
  if (choice.engine !== undefined)
    return `engine: pulumi ${choice.engine.version} (${choice.engine.path}), with the vendors' real providers`;
  const { why, how } = choice;
  return `engine: none (${why}), so this is a dress rehearsal: the same program, run in process${how === "" ? "" : `. ${how}`}`;
}

/** `AdvancedCluster (mongodbatlas)`. */
function kind(type: string): string {
  const [provider = "", , name = type] = type.split(":");
  return `${name} (${provider})`;
}

const sign = (op: string) => ({ create: "+", update: "~", delete: "-", replace: "±" })[op] ?? "·";
