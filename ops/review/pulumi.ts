/** What the workflows ask of the Pulumi CLI, on this checkout's stacks. */
import { type EngineEvent, policyFindings } from "../../engine/cli/events.ts";
import type { OperationKind, Stack } from "../../engine/cli/stack.ts";
import { UserError } from "../../engine/errors.ts";

/** What the engine told. */
export interface EnginePreview {
  events: EngineEvent[];
  /** Why it ended in failure, in one line. */
  error?: string;
}

/**
 * What `up` would do, and what the vendors have now: somebody may have changed it without Pulumi.
 *
 * @param plan file for an update plan, which `pulumi up --plan` then keeps to; secrets in it are encrypted
 */
export function previewed(
  stack: Stack,
  { policies, plan }: { policies?: string; plan?: string },
): Promise<EnginePreview> {
  const pack = policies === undefined ? [] : ["--policy-pack", policies];
  const save = plan === undefined ? [] : ["--save-plan", plan];
  return told(stack, "preview", ["--refresh", ...pack, ...save]);
}

/** Asks every vendor what there is, and changes nothing. @throws UserError when one of them does not say */
export async function refreshed(stack: Stack): Promise<EngineEvent[]> {
  const { events, error } = await told(stack, "refresh", ["--preview-only"]);
  if (error !== undefined) throw new UserError(error);
  return events;
}

async function told(stack: Stack, kind: OperationKind, flags: readonly string[]): Promise<EnginePreview> {
  const events: EngineEvent[] = [];
  const { outcome } = stack.operate(kind, flags, { onEvent: (event) => events.push(event) });
  const { ok, errors } = await outcome;
  if (ok) return { events };
  const violations = policyFindings(events)
    .filter(({ level }) => level === "mandatory")
    .map(({ policy, resource, message }) => `${policy}, ${resource}: ${withoutName(message, resource)}`);
  return { events, error: `pulumi ${kind} of ${stack.name}: ${[...violations, ...errors].join("; ")}` };
}

/** Our policies begin with the resource, which stands beside the message here. */
export const withoutName = (message: string, resource: string) => message.replace(`${resource}: `, "").trim();
