/**
 * What a policy sees and what it says. Policies are functions on plain data, so that the engine (pack.ts) and the
 * embedded plan run the same ones.
 */

import type { Settings } from "../settings/index.ts";
import type { Stage } from "../settings/stages.ts";
import type { PolicyId } from "./ids.ts";

/** A value that a vendor decides, or that its owner has not filled in yet. */
export interface Unknown {
  $unknown: true;
}

/** A secret; policies never see what it holds. */
export const isSecret = (value: unknown): boolean => isGroup(value) && "$secret" in value;
/** What a policy cannot look at: it is then not fine either. Secrets are among it. */
export const isUnknown = (value: unknown): value is Unknown =>
  isGroup(value) && ("$unknown" in value || "$secret" in value);

/** A resource as the program registered it: secrets and unknown values are marked, everything else is plain. */
export interface PolicyResource {
  urn: string;
  type: string;
  /** Logical name. */
  name: string;
  protect: boolean;
  inputs: Readonly<Record<string, unknown>>;
}

/** Data that a change would lose; known where two versions are compared. */
interface DataLoss {
  /** Logical name of the resource. */
  resource: string;
  action: "replace" | "delete";
}

/** What resources cost a month, in US dollars, as far as prices are known. Without `to` at least `from`. */
export interface MonthlyCost {
  from: number;
  to?: number;
  /** Logical names of those without a known price. */
  unknown: readonly string[];
}

/** What a check may look at beside the resource. */
export interface Context {
  stage: Stage;
  /** Undefined where a program without this project's settings is checked. */
  settings: Settings | undefined;
  /** Undefined where nothing is compared, as in the engine, which shows policies no steps. */
  losses?: readonly DataLoss[];
  /** Undefined where nobody knows prices. */
  cost?: (resources: readonly PolicyResource[]) => MonthlyCost;
}

/** What a check found: a violation, or that it cannot tell before `up`. */
export type Finding =
  | { message: string; unknown?: never }
  /** What is not known, in words. */
  | { unknown: string; message?: never };

/** `mandatory` stops an `up`; `advisory` is only said; `off` is not checked. */
export type Level = "mandatory" | "advisory" | "off";

/** One rule, with what docs/reference/policies.md says of it. */
export interface Policy {
  id: PolicyId;
  title: string;
  /** The reason: what happens otherwise. */
  why: string;
  /** What exactly is looked at. */
  checks: string;
  /** How to put it right. */
  fix: string;
  level: Readonly<Record<Stage, Level>>;
  /** Checks one resource, before it is created or changed. */
  resource?: (resource: PolicyResource, context: Context) => Finding[];
  /** Checks the stack as a whole. `resource` is what an exception has to name. */
  stack?: (resources: readonly PolicyResource[], context: Context) => (Finding & { resource: string })[];
}

/** Levels in the order prod, staging, short-lived. */
export const levels = (prod: Level, staging: Level, short: Level): Policy["level"] => ({
  prod,
  staging,
  short,
});

/** The items of a list; none when it is not set. */
export const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function isGroup(value: unknown): value is Record<string | number, unknown> {
  return typeof value === "object" && value !== null;
}
