/** Brings a short-lived stack up, or up to date, and says when it ends. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Outcome, Step } from "../../engine/cli/operation.ts";
import { type OperationKind, Stack } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import { at, types } from "../../infra/resources.ts";
import { total } from "../cost/words.ts";
import { tagProvenance } from "../review/provenance.ts";
import type { Progress } from "../terminal/progress.ts";
import type { CommandContext } from "./around.ts";
import type { DerivationOptions, DerivedStack } from "./derive.ts";
import { expiryTag } from "./expiry.ts";
import { baseOf, derivedFrom, fileOf, hasSettings, planned, refuseProblems, writeFrom } from "./file.ts";

export interface UpOptions extends DerivationOptions {
  /** Milliseconds that it lives from now on. */
  for: number;
  copySecrets: boolean;
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
  const { progress } = around;
  const { name, from } = options;
  const { folder } = workspace;
  const stack = workspace.stack(name);
  const exists = await workspace.has(name);
  const made = await prepared(folder, options, exists);
  const { plan } = await planned(folder, options);
  const cost = plan.cost && total(plan.cost);
  progress.say(
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
  const { resources } = await stack.state();
  const urls = resources
    .filter(({ type }) => type === types.web)
    .flatMap(({ outputs }) => (typeof outputs?.url === "string" ? [outputs.url] : []));
  return {
    name,
    expires,
    created: !exists,
    changes,
    seconds,
    urls,
    cost,
    notes: [...made.notes, ...lacking(options, made)],
  };
}

/**
 * Settings that `up` accepts, or nothing: a stack file that was written and refused would hide that the other stack's
 * has been put right since. One that somebody has already, changed perhaps, stays as it is.
 */
export async function prepared(
  folder: string,
  wishes: DerivationOptions,
  exists: boolean,
): Promise<DerivedStack> {
  const { name, branch, tag } = wishes;
  const isOwn = await hasSettings(folder, name);
  if (isOwn && (branch ?? tag) !== undefined) {
    const key = branch === undefined ? "tag" : "branch";
    throw new UserError(
      `--${key}: ${name} has a stack file already, Pulumi.${name}.yaml; expected the change there (pulumi config set --path 'kairos:backend[0].source.${key}' … --stack ${name})`,
    );
  }
  const made = isOwn ? await rest(folder, wishes, exists) : await writeFrom(folder, wishes);
  try {
    return {
      ...made,
      credentials: await refuseProblems(folder, {
        stack: name,
        copyable: made.credentials,
        source: isOwn ? name : wishes.from,
      }),
    };
  } catch (error) {
    if (!isOwn) await rm(fileOf(folder, name));
    throw error;
  }
}

/** What a stack file that is there already may still lack: an earlier run may have ended before it was copied. */
async function rest(folder: string, wishes: DerivationOptions, exists: boolean): Promise<DerivedStack> {
  const { config = {} } = await baseOf(folder, wishes.name);
  const nothing: DerivedStack = { config: {}, credentials: [], secrets: [], notes: [] };
  const made = await derivedFrom(folder, wishes).catch((error: unknown) => {
    // What it was made from may be somewhere else by now, or have become something that cannot be taken over.
    if (exists && error instanceof UserError) return nothing;
    throw error;
  });
  const has = (setting: string) => {
    const [section = "", ...keys] = setting.split(/[.[\]]+/);
    return at(config[section], ...keys) !== undefined;
  };
  return { ...made, notes: [], secrets: made.secrets.filter(({ to }) => !has(to)) };
}

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

/**
 * Follows an operation to its end. A Ctrl-C is for the command, which asks the engine to stop.
 *
 * @throws UserError when somebody else works on the stack
 */
export function follow(
  stack: Stack,
  kind: OperationKind,
  flags: readonly string[],
  { progress, watch }: Pick<CommandContext, "progress" | "watch">,
): Promise<Outcome> {
  const operation = stack.operate(kind, flags, { apart: true, onStep: shown(progress) });
  watch(operation);
  return operation.outcome;
}

/** Each resource with a line when it is done. */
function shown(progress: Progress): (step: Step) => void {
  return ({ name, type, op, state }) => {
    const what = `${op} ${name}`;
    if (state === "started") progress.begin(what);
    else progress.done(what, `${what} (${type.split(":").at(-1)})${state === "failed" ? " failed" : ""}`);
  };
}
