/** Where the environment comes from: the stack's secret output, a file, or this process. It is kept in memory only. */
import { readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { neededEngine } from "../../engine/cli/find.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { contract } from "../../infra/contract.ts";
import type { Cost } from "../cost/model.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { projectRoot } from "../project.ts";
import type { Source } from "./model.ts";
import type { ServiceId } from "./render/index.ts";
import type { Variables } from "./variables.ts";

/** What a status starts from. The variables are secret. */
export interface Environment {
  source: Source;
  variables: Variables;
  services: ServiceId[];
  /** What the stack costs, where it has a budget. */
  cost?: Cost;
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
      const [outputs, cost] = await Promise.all([stackOutputs(source.stack), costOf(source.stack)]);
      return {
        ...(cost && { cost }),
        source,
        variables: textsIn(outputs.environment),
        services: named.length > 0 ? named : servicesIn(outputs.services),
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

/** By the settings. A stack file that is not here, or has mistakes, is no reason not to look at the databases. */
async function costOf(stack: string): Promise<Cost | undefined> {
  const file = await readStackFile(projectRoot, stack).catch(() => undefined);
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

async function stackOutputs(stack: string): Promise<Record<string, unknown>> {
  const engine = await neededEngine(process.env, ", or use --env-file or --from-env");
  const outputs = await new Workspace(engine, projectRoot).stack(stack).outputs({ timeout: patience });
  if (typeof outputs.environment !== "object" || outputs.environment === null)
    throw new UserError(
      `--stack: the stack ${stack} has no output "environment"; expected a stack that pulumi up has run on`,
    );
  return outputs;
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
