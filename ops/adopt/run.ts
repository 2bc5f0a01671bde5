/** An adoption from beginning to end: asks, chooses, describes, previews, and only then writes the stack file. */
import type { Stack } from "../../engine/cli/stack.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import type { ExistingResource } from "../../infra/state.ts";
import { UserError } from "../errors.ts";
import { apply, importsIn, setImports } from "./apply.ts";
import type { Prompt } from "./choose.ts";
import { checkCredentials, lookupIn, type Values } from "./credentials.ts";
import { describeAll } from "./describe/index.ts";
import { lacking, remainingImports } from "./finish.ts";
import { takeInventory } from "./inventory.ts";
import { passwordOf } from "./password.ts";
import { previewed } from "./preview.ts";
import type { AdoptReport } from "./report.ts";
import { rowsOf } from "./rows.ts";
import { select } from "./select.ts";
import type { Flags, Selection } from "./selection.ts";
import { checked, regionOf, sectionsOf, settingsIn } from "./settings.ts";
import { StackFile } from "./stack-file.ts";
import { nextSteps } from "./steps.ts";
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

export interface AdoptOptions extends Flags {
  stack: string;
  yes?: true;
  dryRun?: true;
  finish?: true;
}

/** The stack as it stands. */
interface Standing {
  file: StackFile;
  stack: Stack;
  /** Decrypted. */
  values: Values;
  existing: ExistingResource[];
}

/** @throws UserError in one line for each thing that is to be put right; the stack file is then as it was */
export async function adopt(options: AdoptOptions, around: Surroundings): Promise<AdoptReport> {
  const { folder, environment } = around;
  const workspace = await Workspace.open(folder, { environment });
  const file = await StackFile.open(folder, options.stack);
  const stack = workspace.stack(options.stack);
  const standing = { file, stack, values: await valuesOf(stack), existing: await existingIn(stack) };
  const report = options.finish ? finish(options, standing) : await takeOver(options, standing, around);
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
  const written = { ...report, written: true };
  return { ...written, next: nextSteps(written) };
}

/** All settings, decrypted. Secret. */
async function valuesOf(stack: Stack): Promise<Values> {
  const settings = Object.entries(await stack.settings());
  return Object.fromEntries(settings.map(([key, { value = "" }]) => [key, value]));
}

/** What the last `up` left; nothing before the first. */
async function existingIn(stack: Stack): Promise<ExistingResource[]> {
  const { resources } = await stack.state();
  return resources.filter((one) => one.delete !== true).map(({ type, outputs = {} }) => ({ type, outputs }));
}

async function takeOver(
  options: AdoptOptions,
  { file, stack, values, existing }: Standing,
  around: Surroundings,
): Promise<AdoptReport> {
  const { environment, ask } = around;
  checkCredentials(values, environment);
  const inventory = await takeInventory(lookupIn(values, environment), environment);
  const { projects, postgres, redis } = inventory;
  if (
    existing.length === 0 &&
    [...projects.flatMap(({ clusters }) => clusters), ...postgres, ...redis].length === 0
  )
    return {
      ...emptyReport(options, file),
      next: ["There is nothing to take over: pulumi up creates it all."],
    };

  const sections = sectionsOf(values);
  const selection = await select(inventory, sections, existing, options, ask);
  // A stack that has made all services itself says where they are.
  const region =
    selection.services.length === 0 ? settingsIn(values, options.stack).region : regionOf(selection.services);
  const password =
    selection.mongodb === "managed"
      ? ""
      : await passwordOf(selection.mongodb, selection, {
          inFile: sections.mongodb.password as string | undefined,
          input: options.passwordStdin ? around.input : undefined,
          ask,
        });
  const descriptions = describeAll(selection, { region, sections, password });
  const hadImports = "kairos:import" in values;
  const open = hadImports ? remainingImports(settingsIn(values, options.stack), existing) : {};
  const imports = importsIn(descriptions, open);
  await apply(file, descriptions, { services: selection.services, region, imports }, { stack, sections });

  const text = file.toString();
  const settings = checked(await stack.withFile(text, valuesOf), environment, options.stack);
  const preview = await previewed(stack, text);
  const expected = expectedVariables(settings, thingsIn(selection));
  const report: AdoptReport = {
    ...emptyReport(options, file),
    found: rowsOf(inventory, selection),
    differences: Object.values(descriptions).flatMap(({ differences }) => differences),
    variables: selection.services.flatMap(({ thing }) =>
      compared(thing.name, selection.variables.get(thing.id) ?? {}, expected),
    ),
    preview,
    notAsked: inventory.notAsked,
    changed: text !== file.before,
    finished: hadImports && Object.keys(imports).length === 0,
    untouched: untouchedServices(settings.backend),
  };
  return { ...report, next: nextSteps(report) };
}

/** Takes out the ids that the state makes needless; asks no vendor. */
function finish(options: AdoptOptions, { file, values, existing }: Standing): AdoptReport {
  const settings = settingsIn(values, options.stack);
  setImports(file, remainingImports(settings, existing));
  const missing = lacking(settings, existing);
  const report: AdoptReport = {
    ...emptyReport(options, file),
    changed: file.toString() !== file.before,
    finished: missing.length === 0,
    missing,
    untouched: untouchedServices(settings.backend),
  };
  return { ...report, next: nextSteps(report) };
}

const emptyReport = ({ stack }: AdoptOptions, { name }: StackFile): AdoptReport => ({
  schema: 1,
  stack,
  file: name,
  found: [],
  differences: [],
  variables: [],
  preview: { ran: false, imports: 0, changes: [], bookkeeping: 0, errors: [] },
  notAsked: [],
  changed: false,
  written: false,
  finished: false,
  missing: [],
  untouched: [],
  next: [],
});

const thingsIn = ({ mongodb, postgres, redis }: Selection) => ({
  cluster: mongodb === "managed" ? undefined : mongodb.cluster.thing,
  postgres: postgres === "managed" ? undefined : postgres?.thing,
  redis: redis === "managed" ? undefined : redis?.thing,
});

const untouchedServices = (backend: readonly object[]): string[] =>
  backend.flatMap((service) =>
    "untouched" in service && service.untouched === true && "name" in service ? [String(service.name)] : [],
  );
