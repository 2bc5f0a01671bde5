/** A plan: what a program would provision, as data. Holds no secret value. */
import type { PolicyReport } from "../../infra/policies/evaluate.ts";
import type { Cost } from "../cost/model.ts";

/** A value of a plan. A secret is a digest of what is known of it, which never includes the secret itself. */
export type Value = string | number | boolean | null | Secret | Unknown | Value[] | { [key: string]: Value };
/** A secret. Equal digests mean: put together from the same parts. */
export interface Secret {
  $secret: string;
}
/** A value that a vendor decides. */
export interface Unknown {
  $unknown: true;
}

export const isSecret = (value: unknown): value is Secret =>
  typeof value === "object" && value !== null && "$secret" in value;
export const isUnknown = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && "$unknown" in value;

/** One resource as the program registered it. */
export interface PlannedResource {
  urn: string;
  /** Logical name. */
  name: string;
  type: string;
  /** URN of the component that it belongs to. */
  parent?: string;
  /** A component groups resources and is nothing by itself. */
  component: boolean;
  /** Whether deleting it, or replacing it, loses data. */
  holdsData: boolean;
  /** Whether Pulumi refuses to delete or replace it. */
  protect: boolean;
  inputs: Record<string, Value>;
  /** URNs of the resources that it waits for. */
  dependsOn: string[];
  /** Properties whose changes are left alone. */
  ignoreChanges: string[];
  /** Earlier URNs. */
  aliases: string[];
}

/** One variable of one service. */
export interface PlannedVariable {
  name: string;
  value: Value;
  /** The resources that its value is made of; `settings` for what the stack file says. */
  from: string[];
}

/** One service of the backend and what it gets. */
export interface PlannedService {
  name: string;
  /** The resource that carries the variables. */
  via: string;
  variables: PlannedVariable[];
}

/** The whole plan of one stack. */
export interface Plan {
  schema: 1;
  project: string;
  stack: string;
  resources: PlannedResource[];
  services: PlannedService[];
  /** Names of the stack's outputs; their values are known after `up`. */
  outputs: string[];
  /** What reviewers should know: risks of the settings. */
  warnings: string[];
  /** What the policies say. A plan that an older version saved has none. */
  policies?: PolicyReport;
  /** What it costs per month. A plan that an older version saved has none. */
  cost?: Cost;
  /** What is still needed before `pulumi up`: ids and credentials that only the owner has. */
  needed: string[];
}
