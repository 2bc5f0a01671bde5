/** What `env` does, and how it says so. */
import pc from "picocolors";
import { type Engine, neededEngine } from "../../engine/cli/find.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { planText } from "../plan/text.ts";
import { projectRoot } from "../project.ts";
import { inSeconds, operations, plural } from "../terminal/amounts.ts";
import { json, write } from "../terminal/output.ts";
import { tableText } from "../terminal/table.ts";
import { type CommandContext, interruptible } from "./around.ts";
import { type DownResult, sweepAll, takeDown } from "./down.ts";
import { draftOf } from "./file.ts";
import { checkName, type ShortLivedStack, standings, when } from "./stacks.ts";
import { bringUp, type UpOptions } from "./up.ts";

/** Options of `env <name> <what>`. */
export interface EnvOptions extends Omit<UpOptions, "name"> {
  json?: true;
}

/** Options of `env list` and `env sweep`. */
export interface SweepOptions {
  from: string;
  dryRun?: true;
  json?: true;
}

/** `env <name> plan`: what it would be made of, and what that costs; needs no account. */
export async function plan(name: string, options: EnvOptions): Promise<void> {
  checkName(name);
  const { file, notes } = await draftOf(projectRoot, { ...options, name }, true);
  const plan = await planOf(await program(), file);
  await write(options.json ? json({ notes, plan }) : `${planText(plan)}${lines(notes)}`);
}

/** `env <name> up` */
export async function up(name: string, options: EnvOptions): Promise<void> {
  checkName(name);
  const engine = await neededEngine();
  const now = new Date();
  const done = await interruptible(false, (around) =>
    bringUp(workspaceFor(engine, around), { ...options, name }, around, now),
  );
  const { created, changes, seconds, urls, expires, cost, notes } = done;
  await write(
    options.json
      ? json(done)
      : `${[
          `${pc.bold(name)} is ${created ? "up" : "up to date"}: ${operations(changes) || "no resources"}, ${inSeconds(seconds)}`,
          ...urls.map((url) => `  ${url}`),
          `  ends ${when({ state: "alive", expires: new Date(expires) }, now)} (${expires})${cost === undefined ? "" : `; ${cost} a month while it lives`}`,
          `  npx kairos env ${name} down takes it away; up again renews its time`,
        ].join("\n")}\n${lines(notes)}`,
  );
}

/** What it puts right on the way is told where the progress is. */
const workspaceFor = (engine: Engine, { progress }: CommandContext) =>
  new Workspace(engine, projectRoot, { say: (text) => progress.say(text) });

/** `env <name> down`: a stack that is gone already is no mistake. */
export async function down(name: string, options: EnvOptions): Promise<void> {
  checkName(name);
  const engine = await neededEngine();
  const done = (await new Workspace(engine, projectRoot).has(name))
    ? await interruptible(false, (around) =>
        takeDown(workspaceFor(engine, around), name, options.from, around),
      )
    : undefined;
  if (options.json) await write(json(done ?? { name, deleted: 0, seconds: 0 }));
  else
    await write(done === undefined ? `${name}: there is no such stack; nothing to do\n` : `${gone(done)}\n`);
}

/** `env list` */
export async function list({ json: asJson }: { json?: true }): Promise<void> {
  const now = new Date();
  const all = await standings(await Workspace.open(projectRoot), now);
  if (asJson) return write(json(all.map(flat)));
  if (all.length === 0) return write("no short-lived environments\n");
  const rows = all.map(({ name, life, resources, lastUpdate = "" }) => [
    name,
    life.state === "over" ? pc.red(`over, ${when(life, now)}`) : when(life, now),
    String(resources),
    lastUpdate,
  ]);
  await write(`${tableText(["environment", "ends", "in the state", "last up"], rows)}\n`);
}

/** `env sweep`: exit code 1 when one of them could not be taken down, after all have been tried. */
export async function sweep(options: SweepOptions): Promise<void> {
  const now = new Date();
  const engine = await neededEngine();
  const all = await standings(new Workspace(engine, projectRoot), now);
  const over = all.filter(({ life }) => life.state === "over");
  const { swept, stayed } = options.dryRun
    ? { swept: [], stayed: [] }
    : await interruptible(options.json === true, (around) =>
        sweepAll(workspaceFor(engine, around), over, options.from, around),
      );
  const stay = all.filter((one) => !over.includes(one));
  if (options.json) await write(json({ over: over.map(flat), swept, stayed, stay: stay.map(flat) }));
  else
    await write(
      [
        ...(options.dryRun
          ? over.map(({ name, life }) => `${name}: over, ${when(life, now)}; would go`)
          : []),
        ...swept.map((one) => ("error" in one ? pc.red(`${one.name}: ${one.error}`) : gone(one))),
        ...stayed.map(({ name, why }) => `${name}: ${why}`),
        ...stay.map((one) => `${one.name}: ${kept(one, now)}`),
        ...(all.length === 0 ? ["no short-lived environments"] : []),
      ]
        .map((line) => `${line}\n`)
        .join(""),
    );
  if (swept.some((one) => "error" in one) || stayed.some(({ isWell }) => !isWell)) process.exitCode = 1;
}

const gone = ({ name, deleted, seconds }: DownResult) =>
  `${name} is gone: ${plural(deleted, "resource")} deleted, ${inSeconds(seconds)}`;

function kept({ life, resources }: ShortLivedStack, now: Date): string {
  if (life.state !== "unknown") return `stays, ends ${when(life, now)}`;
  return resources === 0
    ? "stays: it is empty, and nobody said when it ends; npx kairos env <name> down removes it"
    : "stays: nobody said when it ends; npx kairos env <name> up sets that";
}

const flat = ({ life, ...rest }: ShortLivedStack) => ({
  ...rest,
  state: life.state,
  ...(life.state !== "unknown" && { expires: life.expires.toISOString() }),
});

const lines = (notes: readonly string[]) => notes.map((note) => `  ${pc.yellow("note:")} ${note}\n`).join("");
