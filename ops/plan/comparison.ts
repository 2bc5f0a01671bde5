/** What changes between two plans, as data. */
import type { PolicyReport, PolicyVerdict } from "../../infra/policies/evaluate.ts";
import type { Outcome } from "../../infra/transitions.ts";
import type { Cost } from "../cost/model.ts";
import type { FieldChange } from "./fields.ts";
import type { PlannedResource, Value } from "./model.ts";

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
  /** The vendors' rules on what changes (infra/transitions.ts); left out where there is none. */
  rules?: { setting: string; outcome: Outcome; rule: string; instead?: string }[];
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
