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
import { apply } from "./apply.ts";
import type { Prompt } from "./choose.ts";
import { describeAll } from "./describe/index.ts";
import { encrypt, existingIn, previewed } from "./engine.ts";
import { importsIn, lacking, remainingImports, setImports } from "./imports.ts";
import { takeInventory } from "./inventory.ts";
import { type AdoptReport, reportOf, reportText } from "./report.ts";
import { rowsOf } from "./rows.ts";
import { type Flags, select } from "./select.ts";
import { passwordOf } from "./select-mongodb.ts";
import { checkCredentials, checked, regionOf, type Standing, settingsOf, standing } from "./settings.ts";
import { StackFile } from "./stack-file.ts";
import { compared, expectedVariables } from "./variables.ts";

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
  const inventory = await takeInventory(
    lookupIn((key) => config.values[key], environment),
    environment,
  );
  const { projects, postgres, redis, notAsked } = inventory;
  if (
    existing.length === 0 &&
    [...projects.flatMap(({ clusters }) => clusters), ...postgres, ...redis].length === 0
  )
    return {
      ...reportOf(options.stack, file.name),
      next: ["There is nothing to take over: pulumi up creates it all."],
    };

  const selection = await select(inventory, found, options, ask);
  const services = selection.services.map(({ thing }) => thing);
  const hadImports = "kairos:import" in config.values;
  // A stack that has made all services itself says where they are.
  const before = services.length === 0 || hadImports ? settingsOf(found) : undefined;
  const region = services.length === 0 && before !== undefined ? before.region : regionOf(services);
  const { mongodb } = selection;
  const password =
    mongodb === "managed"
      ? ""
      : await passwordOf(mongodb, selection, { sections, ask, ...(options.passwordStdin && { input }) });
  const descriptions = describeAll(selection, { region, sections, password });
  const imports = importsIn(descriptions, before && hadImports ? remainingImports(before, existing) : {});
  await apply(descriptions, { services, region, imports }, found, (header, texts) =>
    encrypt(stack, header, texts),
  );

  const text = file.toString();
  const settings = checked(options.stack, await stack.withFile(text, valuesOf), environment);
  const expected = expectedVariables(settings, selection);
  return reportOf(options.stack, file.name, {
    found: rowsOf(inventory, selection),
    differences: Object.values(descriptions).flatMap(({ differences }) => differences),
    variables: services.flatMap(({ id, name }) =>
      compared(name, selection.variables.get(id) ?? {}, expected),
    ),
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
    ask: atTerminal && !json && !options.passwordStdin ? await terminal() : undefined,
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

/** Loaded when somebody is there to be asked. */
const terminal = async (): Promise<Prompt> =>
  (await import("../terminal/prompt.ts")).promptsOn(process.stdout, "nothing was written");
