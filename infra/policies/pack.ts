/**
 * The policies as a pack for the engine: `pulumi preview --policy-pack infra/policies`. The same functions run in the
 * embedded plan (evaluate.ts). Whoever starts the pack knows the prices (ops/cost/pack.ts).
 */
import {
  type Policies,
  PolicyPack,
  type ReportViolation,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
  UnknownValueError,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { contract } from "../contract.ts";
import { givenSettings, type Settings } from "../settings/index.ts";
import { schemaOf } from "../settings/rules.ts";
import { stageOf } from "../settings/stages.ts";
import { findingsOf } from "./evaluate.ts";
import { Exceptions } from "./exceptions.ts";
import { policiesOn } from "./list.ts";
import type { Context, Policy, PolicyResource } from "./model.ts";

/** Registers the pack with the engine. @param costOf what a stack with these settings costs */
export function registerPack(costOf: (settings: Settings) => Context["cost"]): void {
  const stack = pulumi.getStack();
  // A stack file with mistakes is the program's to refuse.
  const { data: settings } = schemaOf(stack).safeParse(
    givenSettings({ values: pulumi.runtime.allConfig(), isSecret: () => false }),
  );
  const cost = settings && costOf(settings);
  new PolicyPack("kairos", {
    policies: policiesFor({ stack, settings, now: new Date(), ...(cost && { cost }) }),
  });
}

/** What the pack knows of the stack that it checks. */
interface Stack extends Pick<Context, "settings" | "cost"> {
  /** Its name. */
  stack: string;
  now: Date;
}

/**
 * All policies that are on in the stack's environment. An unknown value must not stop a preview, and a policy has one
 * level only: what cannot be told yet is said by a policy of its own.
 */
export function policiesFor({ stack, now, ...known }: Stack): Policies {
  const context: Context = { stage: stageOf(stack), ...known };
  const exceptions = new Exceptions(known.settings?.policies.exceptions ?? [], now);
  const on = policiesOn(context.stage);
  return [
    ...on.map((policy) => enforced(policy, context, exceptions)),
    notKnown(on, context),
    unusedExceptions(exceptions),
  ];
}

function enforced(policy: Policy, context: Context, exceptions: Exceptions): Policies[number] {
  const { id, title, why, fix, level } = policy;
  const described = {
    name: id,
    displayName: title,
    description: `${title}. ${why}`,
    enforcementLevel: level[context.stage] === "mandatory" ? "mandatory" : "advisory",
  } as const;
  /** Says each violation that no exception covers. */
  const judge = (resources: PolicyResource[], report: ReportViolation) => {
    for (const { resource, message } of findingsOf(policy, resources, context)) {
      if (message === undefined) continue;
      const ruling = exceptions.rule(id, resource);
      if (!("excused" in ruling)) report(`${resource}: ${message}${ruling.remark}. ${fix}`);
    }
  };
  return policy.stack === undefined
    ? { ...described, validateResource: (args, report) => judge([resourceOf(args, context)], report) }
    : {
        ...described,
        validateStack: ({ resources }, report) =>
          judge(
            resources.map((one) => resourceOf(one, context)),
            report,
          ),
      };
}

function notKnown(on: readonly Policy[], context: Context): ResourceValidationPolicy {
  return {
    name: "not-known-before-up",
    displayName: "What cannot be told before up",
    description: "A value that a vendor decides is neither a violation nor fine: the up checks it again.",
    enforcementLevel: "advisory",
    validateResource: (args, report) => {
      const resource = resourceOf(args, context);
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
  { urn, type, name, opts, props }: Pick<ResourceValidationArgs, "urn" | "type" | "name" | "opts" | "props">,
  { settings }: Context,
): PolicyResource {
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
