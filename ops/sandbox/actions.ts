/** What the commands of `sandbox` do. */
import path from "node:path";
import { type Engine, neededEngine } from "../../engine/cli/find.ts";
import { endAll, type ProcessInfo } from "../../sandbox/processes/orphans.ts";
import { plural } from "../terminal/amounts.ts";
import { interruptedCode, json, write } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";
import type { SandboxOptions } from "./command.ts";
import { alone, folderOf, keptNames, names, removeFolder, sweep } from "./folder.ts";
import { howTo } from "./how-to.ts";
import { isPulumi, operatorEnvironment, ownPulumi, runFor } from "./operator.ts";
import { engineEnvironment, projectFolder } from "./project.ts";
import { reportText } from "./report.ts";
import { runSandbox } from "./run.ts";
import { findHost, markOf, type SandboxHandle } from "./start.ts";

/** Brings the stack up, shows what came of it, and ends the sandbox unless it is to be kept. */
export async function runSandboxCommand(options: SandboxOptions): Promise<void> {
  await sweep();
  const run = () => runAndShow(options);
  await (options.keep ? alone(options.name, run) : run());
}

async function runAndShow(options: SandboxOptions): Promise<void> {
  const progress = new Progress(false);
  const interrupted = onInterrupt(progress);
  const { report, held } = await runSandbox(options, progress, interrupted.watch).catch(
    async (error: unknown) => {
      await interrupted.cleanUp();
      // What fails because it was stopped is no failure to tell of; who stopped it ends the command.
      if (interrupted.stopped()) await new Promise(() => undefined);
      throw error;
    },
  );
  // First, so that it stays whoever reads what follows: `| head` ends this command.
  if (options.keep) await held.stay();
  await write(options.json ? json(report) : `\n${reportText(report)}`);
  if (options.keep) {
    if (!options.json) await write(`\n${howTo(options.name, held.record.wish.engine)}\n`);
  } else {
    await held.end(true);
    await sweep();
  }
  if (!report.ok) process.exitCode = 1;
}

/** Ctrl-C ends what was started: the engine first, in good order, then the sandbox with its folder. */
function onInterrupt(progress: Progress) {
  let held: SandboxHandle | undefined;
  let interruptEngine = async () => {};
  let stopping = false;
  const cleanUp = async () => {
    progress.stop();
    await interruptEngine();
    // One that was there before this command stays as it is. What a rehearsal has not finished, no later one could.
    if (held?.origin === "recovered") await held.end(false);
    if (held?.origin === "new")
      await held.end(!held.record.wish.keep || held.record.wish.engine === "rehearsal");
    held = undefined;
    await sweep();
  };
  const stop = (signal: NodeJS.Signals) => {
    stopping = true;
    process.stderr.write("\nstopping; a second time: at once\n");
    process.once(signal, () => {
      // A second signal ends the engine at once.
      void interruptEngine();
      process.exit(interruptedCode);
    });
    void cleanUp().then(() => process.exit(signal === "SIGINT" ? interruptedCode : 143));
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return {
    watch: (which: SandboxHandle, interrupt: () => Promise<void>) => {
      held = which;
      interruptEngine = interrupt;
    },
    cleanUp,
    stopped: () => stopping,
  };
}

export async function status({ name, json: asJson }: { name: string; json?: true }): Promise<void> {
  const held = await findHost(name);
  const state = await held.ask("state");
  if (asJson) return write(json(state));
  const services = state.services.map(
    ({ name, status, deploys, reason }) =>
      `${name}: ${status}, ${plural(deploys, "deploy")}${reason === undefined ? "" : ` (${reason})`}`,
  );
  const databases = state.databases.map(
    ({ vendor, name, software, real, port }) =>
      `${vendor} ${name}: ${software}${real ? "" : " (stand-in)"} on 127.0.0.1:${port}`,
  );
  await write(`${[...services, ...databases].join("\n")}\n`);
}

export async function pulumi(args: string[], { name }: { name: string }): Promise<void> {
  const held = await findHost(name);
  const engine = await neededEngine();
  const environment = await environmentOf(held, engine);
  // With the settings of the last run: another Redis stays another Redis.
  const folder = projectFolder(held.folder);
  const own = { cwd: folder, env: environment, extendEnv: false };
  process.exitCode = await runFor("pulumi", engine.path, args, own);
}

/** Runs any command as an operator of this sandbox: its accounts, its project, its trust, and no way out of it. */
export async function operate([program = "", ...args]: string[], { name }: { name: string }): Promise<void> {
  const held = await findHost(name);
  const engine = await neededEngine();
  const project = projectFolder(held.folder);
  const environment = await environmentOf(held, engine);
  const bin = await ownPulumi(held.folder, engine.path, project);
  const PATH = [bin, environment.PATH].filter((part) => part !== undefined).join(path.delimiter);
  process.exitCode = await runFor("operate", program, args, {
    env: operatorEnvironment({ ...environment, PATH }, project),
    extendEnv: false,
    ...(isPulumi(program) && { cwd: project }),
  });
}

const environmentOf = async ({ folder, record, ask }: SandboxHandle, engine: Engine) =>
  engineEnvironment(engine, folder, record.passphrase, await ask("environment"));

export async function down({ name }: { name: string }): Promise<void> {
  // Asked first: a name that is not kept leaves no trace.
  await findHost(name);
  await alone(name, async () => (await findHost(name)).end(false));
  process.stderr.write(`sandbox "${name}" is down; its data is kept\n`);
}

/** Runs any command as the backend would be run: with its variables, and trusting the sandbox's servers. */
export async function exec([program = "", ...args]: string[], { name }: { name: string }): Promise<void> {
  const held = await findHost(name);
  process.exitCode = await runFor("exec", program, args, { env: await held.ask("variables") });
}

export async function reset({ name }: { name: string }): Promise<void> {
  const wasThere = (await names()).includes(name);
  const held = await findHost(name).catch(() => undefined);
  await held?.end(true);
  await endAll(isOf(name));
  await removeFolder(name);
  await sweep();
  const others = await keptNames();
  process.stderr.write(
    `${wasThere ? `sandbox "${name}" is gone` : `there is no sandbox "${name}"`}${others.length > 0 ? `; kept: ${others.join(", ")}` : ""}\n`,
  );
}

/** The sandbox's own processes, under which all others run, and engines at work on its project. */
const isOf =
  (name: string) =>
  ({ command, cwd = "" }: ProcessInfo) =>
    command.endsWith(markOf(name).join(" ")) ||
    (cwd.startsWith(folderOf(name) + path.sep) && /^\S*pulumi\b/.test(command));
