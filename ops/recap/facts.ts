/** What a recap is made of: the stack's plan, and what its databases answered if somebody asked them. */
import { findEngine } from "../../engine/cli/find.ts";
import { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import type { VariableName } from "../../infra/contract.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { OpenStack } from "../accounts.ts";
import { completed } from "../plan/complete.ts";
import type { Value } from "../plan/model.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { projectRoot } from "../project.ts";
import type { Status } from "../status/model.ts";

/** The stack as its settings have it: what should be. */
export interface Planned {
  stack: string;
  settings: Settings;
  /** What the backend's services get, of the contract; a value that only a vendor knows is in ‹angle quotes›. */
  variables: Partial<Record<VariableName, Value>>;
  /** Names of the backend's services. */
  services: string[];
  /** Placeholders of the stack file that only the owner can replace. */
  placeholders: string[];
}

/** Everything that a recap says something about. */
export interface Facts {
  planned: Planned;
  /** What is; undefined where nobody looked. */
  status: Status | undefined;
  /** Databases whose first password is still in use; undefined where nobody could look. */
  neverRotated?: readonly string[] | undefined;
  /** Whether host names may be shown. */
  showHosts: boolean;
  /** When it is written. */
  now: Date;
}

/**
 * Which of a stack's databases still let in with the password that it took over, by the record in its state. A password
 * that the stack made itself was never another's to know. Undefined when the state cannot be read, or is empty.
 */
export async function neverRotatedIn(stack: string): Promise<string[] | undefined> {
  const found = await findEngine();
  if (found === undefined) return undefined;
  const state = await new OpenStack(new Workspace(found, projectRoot), stack)
    .state()
    .catch((error: unknown) => {
      // There is no such stack yet, or no access to it: `status` says so.
      if (error instanceof UserError) return undefined;
      throw error;
    });
  if (state === undefined || state.resources.length === 0) return undefined;
  const titles = { MongoDB: "mongodb", PostgreSQL: "postgres" } as const;
  return Object.entries(titles).flatMap(([title, database]) =>
    state.letsInAsTakenOver(database) ? [title] : [],
  );
}

/**
 * Plans a stack of the checkout. Needs no account.
 *
 * @throws UserError when there is no such stack, or its settings have problems
 */
export async function plannedFrom(root: string, stack: string): Promise<Planned> {
  const file = await readStackFile(root, stack);
  const source = await program();
  const { settings, placeholders } = completed(source, file);
  const { services } = await planOf(source, file);
  return {
    stack,
    settings,
    // All services get the same variables of the contract.
    variables: Object.fromEntries(services[0]?.variables.map(({ name, value }) => [name, value]) ?? []),
    services: settings.backend.map(({ name }) => name),
    placeholders: [...placeholders.values()],
  };
}
