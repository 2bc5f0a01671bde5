/** Adapts the policies to Pulumi's SDK for policies. */
import {
  type Policies,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import { contract } from "../contract.ts";
import type { Settings } from "../settings/index.ts";
import { stageOf } from "../settings/stages.ts";
import { Exceptions } from "./exceptions.ts";
import { policiesOn } from "./list.ts";
import type { Context, Finding, Policy, PolicyResource } from "./model.ts";

/** What the pack knows of the stack that it checks. */
export interface Stack {
  /** Its name. */
  stack: string;
  settings: Settings | undefined;
  now: Date;
  cost?: Context["cost"];
}

/**
 * All policies that are on in the stack's environment. An unknown value must not stop a preview, and a policy has one
 * level only: what cannot be told yet is said by a policy of its own.
 */
export function policiesFor({ stack, settings, now, cost }: Stack): Policies {
  const stage = stageOf(stack);
  const context: Context = { stage, settings, ...(cost && { cost }) };
  const exceptions = new Exceptions(settings?.policies.exceptions ?? [], now);
  const on = policiesOn(stage);
  return [
    ...on.map((policy) => enforced(policy, context, exceptions)),
    notKnown(on, context),
    unusedExceptions(exceptions),
  ];
}

function enforced(policy: Policy, context: Context, exceptions: Exceptions): Policies[number] {
  const { id, title, why, fix, level } = policy;
  const enforcementLevel = level[context.stage] === "mandatory" ? "mandatory" : "advisory";
  const described = {
    name: id,
    displayName: title,
    description: `${title}. ${why}`,
    enforcementLevel,
  } as const;
  /** The message for a violation that no exception covers. */
  const standing = (resource: string, { message }: Finding): string | undefined => {
    if (message === undefined) return undefined;
    const ruling = exceptions.rule(id, resource);
    return "excused" in ruling ? undefined : `${resource}: ${message}${ruling.remark}. ${fix}`;
  };
  if (policy.resource !== undefined) {
    const check = policy.resource;
    return {
      ...described,
      validateResource: (args, report) => {
        for (const finding of check(resourceOf(args, context.settings), context)) {
          const message = standing(args.name, finding);
          if (message !== undefined) report(message);
        }
      },
    } satisfies ResourceValidationPolicy;
  }
  return {
    ...described,
    validateStack: (args, report) => {
      const resources = args.resources.map((one) => resourceOf(one, context.settings));
      for (const { resource, ...finding } of policy.stack?.(resources, context) ?? []) {
        const message = standing(resource, finding as Finding);
        if (message !== undefined) report(message);
      }
    },
  } satisfies StackValidationPolicy;
}

function notKnown(on: readonly Policy[], context: Context): ResourceValidationPolicy {
  return {
    name: "not-known-before-up",
    displayName: "What cannot be told before up",
    description: "A value that a vendor decides is neither a violation nor fine: the up checks it again.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      const resource = resourceOf(args, context.settings);
      for (const { id, resource: check } of on)
        for (const { unknown } of check?.(resource, context) ?? [])
          if (unknown !== undefined) report(`${args.name}: ${unknown} is not known before up (${id})`);
    },
  };
}

function unusedExceptions(exceptions: Exceptions): StackValidationPolicy {
  return {
    name: "unused-exceptions",
    displayName: "Exceptions that excuse nothing",
    description: "An exception that nobody needs any more hides the next violation.",
    enforcementLevel: "advisory",
    validateStack: (_, report) => {
      // The engine shows policies no steps, so it cannot tell whether an exception for data that goes is used.
      for (const line of exceptions.unused((id) => id !== "data-loss")) report(line);
    },
  };
}

function resourceOf(
  args: Pick<ResourceValidationArgs, "urn" | "type" | "name" | "opts" | "props">,
  settings: Settings | undefined,
): PolicyResource {
  const { urn, type, name, opts, props } = args;
  const inputs = plain(props) as Record<string, unknown>;
  return { urn, type, name, protect: opts.protect, inputs: withSecrets(inputs, name, settings) };
}

/** The SDK's properties throw when an unknown one is read: here it becomes a value that says so. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((_, index) => read(() => value[index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value).map((key) => [key, read(() => (value as Record<string, unknown>)[key])]),
  );
}

function read(get: () => unknown): unknown {
  try {
    return plain(get());
  } catch (error) {
    if (error instanceof UnknownValueError) return { $unknown: true };
    throw error;
  }
}

/**
 * Marks the variables that are secret. The SDK hands secrets over opened and without a mark, so it is the settings
 * and the contract that say which they are.
 */
function withSecrets(
  inputs: Record<string, unknown>,
  resource: string,
  settings: Settings | undefined,
): Record<string, unknown> {
  const { envVars } = inputs;
  if (settings === undefined || typeof envVars !== "object" || envVars === null || "$unknown" in envVars)
    return inputs;
  const service = settings.backend.find(
    (one) => resource === ("link" in one ? `${one.name}-${one.link}` : one.name),
  );
  const secret = (name: string) =>
    Object.hasOwn(service?.secrets ?? {}, name) ||
    (name in contract && contract[name as keyof typeof contract].secret);
  return {
    ...inputs,
    envVars: Object.fromEntries(
      Object.entries(envVars).map(([name, entry]) => [name, secret(name) ? { $secret: "" } : entry]),
    ),
  };
}
