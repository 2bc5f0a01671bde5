/** What changes between two plans, as data. */
import type { PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import type { Outcome } from "../../infra/transitions.ts";
import type { Cost } from "../cost/model.ts";
import type { FieldChange } from "./fields.ts";
import type { Plan, PlannedResource, Value } from "./model.ts";

/** What happens to a resource. */
export type Action = "create" | "update" | "replace" | "delete";

/** One resource that changes. */
export interface ResourceChange {
  action: Action;
  resource: PlannedResource;
  fields: FieldChange[];
  /** The change deletes data, should it be carried out. */
  losesData: boolean;
  /** Pulumi or the program refuses the change: with data as long as `mayBeDestroyed` does not name it. */
  refused: boolean;
  /**
   * The vendors' rules on what changes (infra/transitions.ts); left out where there is none. `unknown`: a field of
   * `with:`, of which nobody has told what its change means.
   */
  rules?: { setting: string; outcome: Outcome | "unknown"; rule: string; instead?: string }[];
}

/** Refused although no data is at stake: nothing comes of it but a message. */
export const isOnlyRefused = ({ refused, losesData }: ResourceChange) => refused && !losesData;

/** One variable of one service that changes. */
export interface VariableChange {
  service: string;
  name: string;
  before: Value | undefined;
  after: Value | undefined;
}

/** The report on the newer plan, and what of it is news. */
export interface ComparedPolicies extends PolicyReport {
  /** Violations that the older plan did not have. */
  added: PolicyVerdict[];
  /** Violations that only the older plan had. */
  fixed: PolicyVerdict[];
}

/** All changes from one plan to another. */
export interface Comparison {
  resources: ResourceChange[];
  variables: VariableChange[];
  /** Left out where a plan that an older version saved has none. */
  policies?: ComparedPolicies;
  /** The monthly cost on both sides, by today's price table. Left out as above. */
  cost?: { before: Cost; after: Cost };
}

/** A stack that could be planned. `new`: the base has no such stack; compared with nothing. */
export interface ComparedReview {
  stack: string;
  kind: "compared" | "new";
  comparison: Comparison;
  plan: Plan;
}

/** What is known of one stack. */
export type Review =
  | ComparedReview
  /** The stack file is gone. */
  | { stack: string; kind: "removed" }
  /** It cannot be planned: one line for each mistake. */
  | { stack: string; kind: "failed"; errors: string[] };

/** Data that the change loses and that an exception of the policy `data-loss` gives up, with its reason. */
export const acceptedLosses = ({ policies }: Comparison) =>
  (policies?.excused ?? []).filter(({ policy }) => policy === "data-loss");

/** Why a change must not be merged, in few words each: mandatory violations, and data that is lost unaccepted. */
export function blockers(comparison: Comparison): string[] {
  const { resources, policies } = comparison;
  const accepted = new Set(acceptedLosses(comparison).map(({ resource }) => resource));
  const broken = (policies?.violations ?? []).filter(({ level }) => level === "mandatory");
  const [losses, others] = [true, false].map((wanted) =>
    broken.filter(({ policy }) => (policy === "data-loss") === wanted),
  ) as [PolicyVerdict[], PolicyVerdict[]];
  const lost = resources.filter(({ losesData }) => losesData).map(({ resource }) => resource.name);
  const names = new Set([...lost, ...losses.map(({ resource }) => resource)]);
  return [
    ...[...names].filter((name) => !accepted.has(name)).map((name) => `the data of ${name} would be lost`),
    ...others.map(({ policy, resource }) => `${policy} (${resource})`),
  ];
}
