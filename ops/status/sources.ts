/** Where the environment comes from: the stack's secret output, a file, or this process. It is kept in memory only. */
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { logicalName } from "../../engine/cli/events.ts";
import { neededEngine } from "../../engine/cli/find.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { contract } from "../../infra/contract.ts";
import { rotation } from "../../infra/settings/sections/rotation.ts";
import { Accounts, OpenStack, once } from "../accounts.ts";
import { backupsOf, vaultsOf } from "../backups/ground.ts";
import type { DatabaseBackups } from "../backups/model.ts";
import type { Cost } from "../cost/model.ts";
import { readStackFile, type StackFile } from "../plan/stack-file.ts";
import { projectRoot } from "../project.ts";
import { agesIn } from "../rotate/age.ts";
import { StackState } from "../rotate/state.ts";
import type { Source } from "./model.ts";
import type { ServiceId } from "./render/index.ts";
import type { Variables } from "./variables.ts";
import type { Credentials } from "./verdict/index.ts";

/** What a status starts from. The variables are secret. */
export interface Environment {
  source: Source;
  variables: Variables;
  services: ServiceId[];
  /** Absent where no state tells of them. */
  credentials?: Credentials;
  /** What the stack costs, where it has a budget. */
  cost?: Cost;
  /** Asks the vendors, once, what they have of its databases; absent of what no stack tells. */
  backups?: () => Promise<DatabaseBackups[]>;
  /** The stack itself, for who asks more of it. */
  opened?: OpenStack;
}

/** Which of them the options name; `prod` where they name none. */
export function sourceOf(options: {
  stack?: string | undefined;
  envFile?: string | undefined;
  fromEnv?: true | undefined;
}): Source {
  const { stack = "prod", envFile, fromEnv } = options;
  if (envFile !== undefined) return { kind: "file", file: envFile };
  return fromEnv ? { kind: "process" } : { kind: "stack", stack };
}

/** @throws UserError when it cannot be read; the message holds nothing of what was read */
export async function environmentFrom(
  source: Source,
  services: readonly string[] = [],
): Promise<Environment> {
  const named = services.map((id) => ({ name: id, id }));
  switch (source.kind) {
    case "stack": {
      // That it is not here, or has mistakes, is no reason not to look at the databases.
      const file = await readStackFile(projectRoot, source.stack).catch(() => undefined);
      const [{ opened, outputs, state }, cost] = await Promise.all([stackNamed(source.stack), costOf(file)]);
      const deployed = deployedIn(state);
      const all = named.length > 0 ? named : servicesIn(outputs.services);
      return {
        source,
        opened,
        ...(cost && { cost }),
        variables: textsIn(outputs.environment),
        services: all.map((one) => ({ ...one, ...(deployed.has(one.id) && { deployed: true as const }) })),
        ...(state.resources.length > 0 && {
          credentials: {
            stack: source.stack,
            ages: agesIn(source.stack, state),
            warnAfter: warnAfterOf(file),
          },
          backups: once(() => backupsIn(opened, state)),
        }),
      };
    }
    case "file":
      return { source, variables: await variablesIn(source.file), services: named };
    case "process": {
      const names = Object.keys(contract);
      const variables = Object.fromEntries(names.map((name) => [name, process.env[name]]));
      // On Render a service knows which one it is: https://render.com/docs/environment-variables
      const self = process.env.RENDER_SERVICE_ID;
      const itself = self ? [{ name: process.env.RENDER_SERVICE_NAME || self, id: self }] : [];
      return { source, variables, services: named.length > 0 ? named : itself };
    }
  }
}

async function variablesIn(file: string): Promise<Variables> {
  try {
    return parseEnv(await readFile(file, "utf8"));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UserError(
      `--env-file: got ${file}, which cannot be read (${code ?? "unknown reason"}); expected a file of lines NAME=value`,
    );
  }
}

/** By the settings. */
async function costOf(file: StackFile | undefined): Promise<Cost | undefined> {
  if (file?.values["kairos:budget"] === undefined) return undefined;
  const [{ program }, { planOf }] = await Promise.all([
    import("../plan/program.ts"),
    import("../plan/run.ts"),
  ]);
  const plan = await planOf(await program(), file).catch(() => undefined);
  return plan?.cost;
}

/** Seconds that the state may take to come. */
const patience = 60;

async function stackNamed(name: string) {
  const engine = await neededEngine(process.env, ", or use --env-file or --from-env");
  const opened = new OpenStack(new Workspace(engine, projectRoot), name);
  // Without the state a status says less, and no less truly.
  const state = opened.state().catch(() => new StackState([]));
  const outputs = await opened.stack.outputs({ timeout: patience });
  if (typeof outputs.environment !== "object" || outputs.environment === null)
    throw new UserError(
      `--stack: the stack ${name} has no output "environment"; expected a stack that pulumi up has run on`,
    );
  return { opened, outputs, state: await state };
}

/** What the vendors have of a stack's databases; none where its settings cannot be read. */
async function backupsIn({ stack, values }: OpenStack, state: StackState): Promise<DatabaseBackups[]> {
  const settings = await values().catch(() => undefined);
  return settings === undefined ? [] : backupsOf({ stack, vaults: vaultsOf(state, new Accounts(settings)) });
}

/**
 * Services that the stack has deployed since it last changed their variables: the record of a service's deploys
 * (infra/backend/redeploy.ts), written when one is live, is no older than what holds its variables.
 *
 * @returns their ids
 */
function deployedIn(state: StackState): ReadonlySet<string> {
  const modified = new Map(
    state.resources.map(({ urn, modified = "" }) => [logicalName(urn), Date.parse(modified)]),
  );
  const at = (name: string) => modified.get(name) ?? Number.NaN;
  const later = [...state.deployRecords()].filter(
    ([, record]) => at(record) >= at(record.replace(/-deployed$/, "")),
  );
  return new Set(later.map(([id]) => id));
}

/** In days, by the stack file. What is wrong about it, or that there is none, is for `pulumi up` to say. */
function warnAfterOf(file: StackFile | undefined): number {
  try {
    return rotation.parse(JSON.parse(file?.values["kairos:rotation"] ?? "{}")).warnAfter;
  } catch {
    return rotation.parse({}).warnAfter;
  }
}

function textsIn(environment: unknown): Variables {
  return Object.fromEntries(
    Object.entries(environment as object).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
  );
}

function servicesIn(services: unknown): ServiceId[] {
  if (typeof services !== "object" || services === null) return [];
  return Object.entries(services).flatMap(([name, id]) => (typeof id === "string" ? [{ name, id }] : []));
}
