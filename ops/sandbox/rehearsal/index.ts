/**
 * The dress rehearsal of `pulumi up` where no engine is found: the same program, run in process, and what it
 * registers created in the same models of the vendors, beside what an earlier rehearsal made. Hooks and data sources run; Pulumi's providers do not: their
 * part, the translation of a resource into the vendor's calls, is played by one file per vendor in this folder.
 * tests/engine/rehearsal.test.ts compares the outcome with the real engine's.
 */
import path from "node:path";
import type { Step } from "../../../engine/cli/operation.ts";
import { evaluate, type PolicyReport } from "../../../infra/policies/evaluate.ts";
import type { PolicyId } from "../../../infra/policies/ids.ts";
import { policies } from "../../../infra/policies/list.ts";
import { stageOf } from "../../../infra/settings/stages.ts";
import type { Clouds } from "../../../sandbox/clouds/index.ts";
import { Store } from "../../../sandbox/clouds/store.ts";
import { type Program, program } from "../../plan/program.ts";
import { readStackFile, type StackFile } from "../../plan/stack-file.ts";
import type { PolicyVerdict, Violation } from "../policies.ts";
import { stack } from "../project.ts";
import { atlas } from "./atlas.ts";
import { type Made, RehearsalMonitor } from "./monitor.ts";
import { ownResources } from "./random.ts";
import { redisCloud, upstash } from "./redis.ts";
import { render } from "./render.ts";
import type { Translations } from "./vendor.ts";

/** What came of a rehearsal. */
export interface Rehearsal {
  /** The stack's outputs as plain values. The secret ones are among them, open: `environment` is secret. */
  outputs: Record<string, unknown>;
  /** What the policies say of it: as `pulumi up` would hear it from the pack. */
  policies: PolicyReport;
}

/**
 * Brings the clouds to what the program declares, as `pulumi up` would. It takes the process for itself: one rehearsal
 * per process, whose environment gets the clouds' addresses and keys.
 *
 * @param clouds their Render has to be served: the program's hooks call it
 * @param made by earlier rehearsals, and by this one
 * @throws UserError with one line for each resource that was refused, or with the program's own problems
 */
export async function rehearse(
  program: Program,
  file: StackFile,
  clouds: Clouds,
  made: Store<Made>,
  onStep: (step: Step) => void,
): Promise<Rehearsal> {
  const monitor = new RehearsalMonitor(translationsFor(clouds), made, onStep);
  Object.assign(process.env, vendorVariables(clouds.environment));
  const own = withoutAccounts(file);
  const outputs = await monitor.run({ ...own, preview: false }, program.run);
  await monitor.removeOthers();
  return { outputs, policies: policiesOn(monitor, program, own) };
}

/** The same functions that the engine runs as a pack, on what the program registered. */
function policiesOn({ registered }: RehearsalMonitor, program: Program, file: StackFile): PolicyReport {
  const { stack: name, values } = file;
  const { settings } = program.checkSettings({ stack: name, values, isSecret: () => true }, process.env);
  return evaluate(registered, {
    stage: stageOf(name),
    settings,
    exceptions: settings?.policies.exceptions ?? [],
    now: new Date(),
  });
}

const translationsFor = ({ environment, ...clouds }: Clouds): Translations => ({
  ...atlas(clouds.atlas),
  ...render(clouds.render),
  ...upstash(clouds.upstash, environment.UPSTASH_EMAIL ?? ""),
  ...redisCloud(clouds.redisCloud),
  ...ownResources,
});

/** Addresses and keys, without what leads an engine's processes through a proxy. */
function vendorVariables(environment: Record<string, string>): Record<string, string> {
  const ours = /^(MONGODB_ATLAS|RENDER|UPSTASH|REDISCLOUD)_/;
  return Object.fromEntries(Object.entries(environment).filter(([name]) => ours.test(name)));
}

/** Keys and addresses of real accounts, which a stack file may hold, mean nothing to the stand-ins. */
function withoutAccounts(file: StackFile): StackFile {
  const isAccount = (key: string) =>
    /^(mongodbatlas|render|upstash|rediscloud):/.test(key) && key !== "render:skipDeployAfterServiceUpdate";
  return {
    ...file,
    values: Object.fromEntries(Object.entries(file.values).filter(([key]) => !isAccount(key))),
    secretKeys: file.secretKeys.filter((key) => !isAccount(key)),
  };
}

/** Rehearses a sandbox' own stack file. @param folder holds Pulumi.yaml and the stack's file, and keeps what was made */
export async function rehearseStack(
  folder: string,
  clouds: Clouds,
  onStep: (step: Step) => void,
): Promise<Rehearsal> {
  const made = new Store({ file: path.join(folder, "rehearsed.json") }, {});
  return rehearse(await program(), await readStackFile(folder, stack), clouds, made, onStep);
}

/** The verdict of an evaluation in process. */
export function verdictOf({ checked, violations, unused }: PolicyReport): PolicyVerdict {
  return {
    checked,
    violations: inOrder([
      ...violations.map(({ policy, level, resource, message }) => ({
        policy,
        level,
        message: `${resource}: ${message}. ${fixOf(policy)}`,
      })),
      ...unused.map((message) => ({ policy: "unused-exceptions", level: "advisory" as const, message })),
    ]),
  };
}

/** As the pack puts it behind each message. */
const fixOf = (id: PolicyId) => policies.find((policy) => policy.id === id)?.fix ?? "";

const inOrder = (violations: readonly Violation[]) =>
  [...violations].sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
