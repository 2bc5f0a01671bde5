/** Brings a short-lived stack up, or up to date, and says when it ends. */
import path from "node:path";
import type { Outcome } from "../../engine/cli/operation.ts";
import { Stack, type StateResource } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { types } from "../../infra/resources.ts";
import { total } from "../cost/words.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { tagProvenance } from "../review/provenance.ts";
import { type CommandContext, follow } from "./around.ts";
import type { DerivationOptions, DerivedStack } from "./derive.ts";
import { baseOf, prepared } from "./file.ts";
import { expiryTag } from "./stacks.ts";

export interface UpOptions extends DerivationOptions {
  /** Milliseconds that it lives from now on. */
  for: number;
  copySecrets?: true;
  policies: boolean;
}

/** What was brought up. Holds no secret. */
export interface UpResult {
  name: string;
  /** ISO 8601. */
  expires: string;
  created: boolean;
  changes: Outcome["changes"];
  seconds: number;
  urls: string[];
  /** Per month, in words. */
  cost: string | undefined;
  notes: string[];
}

/**
 * The stack's time is set before anything is made, so that what an interrupted run leaves is found by the sweep.
 *
 * @throws UserError when the settings have problems, and nothing was made; or when `up` failed
 */
export async function bringUp(
  workspace: Workspace,
  options: UpOptions,
  around: CommandContext,
  now: Date,
): Promise<UpResult> {
  const { name, from } = options;
  const { folder } = workspace;
  const stack = workspace.stack(name);
  const exists = await workspace.has(name);
  const made = await prepared(folder, options, exists);
  const plan = await planOf(await program(), made.file);
  const cost = plan.cost && total(plan.cost);
  around.progress.say(
    `${name}: ${plan.resources.filter(({ component }) => !component).length} resources${cost === undefined ? "" : `, ${cost} a month while it lives`}`,
  );

  around.proceed();
  if (!exists) await stack.create((await baseOf(folder, from)).secretsprovider);
  const expires = new Date(now.getTime() + options.for).toISOString();
  const before = (await stack.tags())[expiryTag];
  await stack.tag(expiryTag, expires);
  await tagProvenance(stack, process.env);
  await copy(stack, options, made);
  around.proceed();
  const pack = options.policies ? ["--policy-pack", path.join(folder, "infra", "policies")] : [];
  const outcome = await follow(stack, "up", pack, around).catch(async (error: unknown) => {
    // Somebody else works on it: its time is theirs to say.
    if (before !== undefined) await stack.tag(expiryTag, before);
    throw error;
  });
  if (!outcome.ok)
    throw new UserError(
      `env up: ${outcome.errors.join("; ")}. What was made stays until ${expires}: npx kairos env ${name} up goes on, ${name} down takes it away`,
    );
  const { changes, seconds } = outcome;
  const urls = urlsIn((await stack.state()).resources);
  const notes = [...made.notes, ...lacking(options, made)];
  return { name, expires, created: !exists, changes, seconds, urls, cost, notes };
}

/** Where a stack's services answer. */
export const urlsIn = (resources: readonly StateResource[]): string[] =>
  resources.flatMap(({ type, outputs }) =>
    type === types.web && typeof outputs?.url === "string" ? [outputs.url] : [],
  );

/** What only Pulumi can open: credentials that this process does not have, and the services' secrets if they are wanted. */
async function copy(stack: Stack, { from, copySecrets }: UpOptions, made: DerivedStack): Promise<void> {
  const source = new Stack(stack.workspace, from);
  for (const key of made.credentials) await source.copySetting(key, stack);
  for (const secret of copySecrets ? made.secrets : [])
    await source.copySetting(secret.from, stack, secret.to);
}

function lacking({ name, from, copySecrets }: UpOptions, { secrets }: DerivedStack): string[] {
  if (copySecrets || secrets.length === 0) return [];
  const names = secrets.map(({ to }) => to.split(".").at(-1)).join(", ");
  return [
    `without the secrets ${names} that ${from}'s services have: pulumi config set --secret --path '${secrets[0]?.to}' --stack ${name}, or --copy-secrets`,
  ];
}
