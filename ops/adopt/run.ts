/** An adoption from beginning to end: asks, chooses, describes, previews, and only then writes the stack file. */
import { text as wholeText } from "node:stream/consumers";
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { lookupIn } from "../../vendors/http.ts";
import { valuesOf } from "../accounts.ts";
import { projectRoot } from "../project.ts";
import { json as indented, write } from "../terminal/output.ts";
import { promptsOn } from "../terminal/prompt.ts";
import { apply, setImports } from "./apply.ts";
import { type Prompt, rowsOf } from "./choose.ts";
import { encrypt, existingIn, previewed } from "./engine.ts";
import { importsIn, lacking, remainingImports } from "./imports.ts";
import { takeInventory } from "./inventory.ts";
import { chooseMongodb } from "./mongodb.ts";
import { choosePostgres } from "./postgres.ts";
import { chooseRedis } from "./redis.ts";
import { type AdoptReport, reportOf, reportText } from "./report.ts";
import type { Descriptions, Flags, Ground, ServiceVariables } from "./section.ts";
import { chooseServices, compared, expectedVariables, regionOf, variablesOf } from "./services.ts";
import { checkCredentials, checked, type Standing, settingsOf, standing } from "./settings.ts";
import { StackFile } from "./stack-file.ts";
import { mongodbUrlOf } from "./urls.ts";

/** Everything of this machine that an adoption touches. */
export interface Surroundings {
  /** The folder with `Pulumi.yaml`. */
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Undefined where nobody is at the terminal. */
  ask: Prompt | undefined;
  /** The standard input, to its end. */
  input(): Promise<string>;
  /** Called before somebody is asked whether to write. */
  show(report: AdoptReport): void;
}

/** What the command line says, as commander hands it over. */
export interface AdoptOptions extends Flags {
  stack: string;
  passwordStdin?: true;
  yes?: true;
  dryRun?: true;
  finish?: true;
}

/** @throws UserError in one line for each thing that is to be put right; the stack file is then as it was */
export async function adopt(options: AdoptOptions, around: Surroundings): Promise<AdoptReport> {
  const { folder, environment } = around;
  const workspace = await Workspace.open(folder, { environment });
  const file = await StackFile.open(folder, options.stack);
  const stack = workspace.stack(options.stack);
  const found = standing(file, options.stack, await valuesOf(stack), await existingIn(stack));
  const report = options.finish ? finish(options, found) : await takeOver(options, found, stack, around);
  const { errors, changes } = report.preview;
  if (!report.changed || options.dryRun || errors.length > 0 || changes.length > 0) return report;
  if (!options.yes) {
    if (around.ask === undefined)
      throw new UserError(
        `--yes: ${file.name} is not written, since nobody can be asked here; expected --yes, or --dry-run to only look`,
      );
    around.show(report);
    if (!(await around.ask.confirm(`Write ${file.name}?`))) return report;
  }
  await file.save();
  return reportOf(options.stack, file.name, { ...report, written: true });
}

async function takeOver(
  options: AdoptOptions,
  found: Standing,
  stack: Stack,
  { environment, ask, input }: Surroundings,
): Promise<AdoptReport> {
  const { file, sections, existing, config } = found;
  checkCredentials(found, environment);
  const lookup = lookupIn((key) => config.values[key], environment);
  const inventory = await takeInventory(lookup, environment);
  const { projects, postgres, redis, notAsked, render } = inventory;
  if (
    existing.length === 0 &&
    [...projects.flatMap(({ clusters }) => clusters), ...postgres, ...redis].length === 0
  )
    return {
      ...reportOf(options.stack, file.name),
      next: ["There is nothing to take over: pulumi up creates it all."],
    };

  const chosen = await chooseServices(inventory.services, { sections, existing, flags: options, ask });
  const services = chosen.map(({ thing }) => thing);
  const reaching: ServiceVariables[] = [];
  for (const { id } of services) reaching.push(await variablesOf(render, id));
  const variables: ServiceVariables = Object.assign({}, ...reaching.toReversed());
  const ground: Ground = {
    ...{ sections, existing, flags: options, services: reaching, variables, ask },
    url: mongodbUrlOf(variables.MONGODB_URL?.value),
    input: options.passwordStdin && input,
  };
  const choices = {
    mongodb: await chooseMongodb(projects, ground),
    postgres: await choosePostgres(postgres, ground),
    redis: await chooseRedis(redis, ground),
  };

  const hadImports = "kairos:import" in config.values;
  // A stack that has made all services itself says where they are.
  const before = services.length === 0 || hadImports ? settingsOf(found) : undefined;
  const region = services.length === 0 && before !== undefined ? before.region : regionOf(services);
  const descriptions: Descriptions = {};
  for (const name of ["mongodb", "postgres", "redis"] as const) {
    const described = await choices[name].describe?.(region);
    if (described !== undefined) descriptions[name] = described;
  }
  const imports = importsIn(descriptions, before && hadImports ? remainingImports(before, existing) : {});
  await apply(descriptions, { services, region, imports }, found, (header, text) =>
    encrypt(stack, header, text),
  );

  const text = file.toString();
  const settings = checked(options.stack, await stack.withFile(text, valuesOf), environment);
  const expected = expectedVariables(settings, descriptions);
  const untouched = chosen.map(({ thing, why }) => ({ thing, why: `${why}; untouched until you say so` }));
  return reportOf(options.stack, file.name, {
    found: [
      ...[...choices.mongodb.rows, ...choices.postgres.rows],
      ...rowsOf(inventory.services, untouched),
      ...choices.redis.rows,
    ],
    differences: Object.values(descriptions).flatMap(({ differences }) => differences),
    variables: services.flatMap(({ name }, index) => compared(name, reaching[index] ?? {}, expected)),
    preview: await previewed(stack, text),
    notAsked,
    changed: text !== file.before,
    finished: hadImports && Object.keys(imports).length === 0,
    untouched: untouchedServices(settings),
  });
}

/** Takes out the ids that the state makes needless; asks no vendor. */
function finish({ stack }: AdoptOptions, found: Standing): AdoptReport {
  const { file, existing } = found;
  const settings = settingsOf(found);
  setImports(file, remainingImports(settings, existing));
  const missing = lacking(settings, existing);
  return reportOf(stack, file.name, {
    changed: file.toString() !== file.before,
    finished: missing.length === 0,
    missing,
    untouched: untouchedServices(settings),
  });
}

const untouchedServices = ({ backend }: Settings): string[] =>
  backend.flatMap((service) => ("link" in service && service.untouched ? [service.name] : []));

/** Exit code 2: the preview would do more than import, and nothing was written. */
export async function runAdopt({ json, ...options }: AdoptOptions & { json?: true }): Promise<void> {
  const print = (report: AdoptReport) => write(reportText(report));
  let shown = false;
  // Nobody is asked where a program reads the answer, or writes the standard input.
  const atTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const report = await adopt(options, {
    folder: projectRoot,
    environment: process.env,
    ask:
      atTerminal && !json && !options.passwordStdin
        ? promptsOn(process.stdout, "nothing was written")
        : undefined,
    input: () => wholeText(process.stdin),
    show: (one) => {
      void print(one);
      shown = true;
    },
  });
  if (json) await write(indented(report));
  else if (!shown) await print(report);
  else
    await write(
      report.written
        ? [`${report.file} is written.`, ...report.next, ""].join("\n")
        : "Nothing was written.\n",
    );
  if (report.preview.errors.length > 0 || report.preview.changes.length > 0) process.exitCode = 2;
}
