/** What changes between two plans, as a reviewer asks: what is new, what changes, what goes, what loses data. */
import { replacedBy } from "../../infra/protection.ts";
import { isPlaceholder } from "../../infra/settings/kinds.ts";
import type { Cost } from "../cost/estimate.ts";
import {
  isSecret,
  isUnknown,
  type Plan,
  type PlannedResource,
  type PlannedVariable,
  type Value,
} from "./model.ts";
import { type ComparedPolicies, comparedPolicies } from "./policies.ts";

/** What happens to a resource. */
export type Action = "create" | "update" | "replace" | "delete";

/** One property before and after; a side is undefined where it is not set. */
export interface FieldChange {
  /** For example `replicationSpecs[0].regionConfigs[0].regionName`. */
  path: string;
  before: Value | undefined;
  after: Value | undefined;
}

/** One resource that changes. */
export interface ResourceChange {
  action: Action;
  resource: PlannedResource;
  fields: FieldChange[];
  /** The change deletes data, should it be carried out. */
  losesData: boolean;
  /** Pulumi and the program refuse the change as long as the database is not named in `mayBeDestroyed`. */
  refused: boolean;
}

/** One variable of one service that changes. */
export interface VariableChange {
  service: string;
  name: string;
  before: Value | undefined;
  after: Value | undefined;
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

/**
 * Properties whose change makes the provider delete and create anew, for resources without data of their own.
 * Source: the providers' schemas.
 */
const replacedWithoutLoss: Readonly<Record<string, readonly string[]>> = {
  "mongodbatlas:index/project:Project": ["orgId"],
  "mongodbatlas:index/databaseUser:DatabaseUser": ["projectId", "username"],
  "mongodbatlas:index/projectIpAccessList:ProjectIpAccessList": ["projectId", "cidrBlock"],
  "random:index/randomPassword:RandomPassword": ["length", "special", "keepers"],
  "render:index/webService:WebService": ["region"],
  "render:index/backgroundWorker:BackgroundWorker": ["region"],
  "render:index/privateService:PrivateService": ["region"],
  "render:index/cronJob:CronJob": ["region"],
};

/** Compares two plans of one stack. Data loss comes first, then in the order of the plan. */
export function compare(before: Plan, after: Plan): Comparison {
  const old = new Map(before.resources.map((resource) => [resource.urn, resource]));
  const changes: ResourceChange[] = [];
  for (const resource of after.resources) {
    const earlier =
      [resource.urn, ...resource.aliases].find((urn) => old.has(urn)) ??
      filledIn(resource.urn, [...old.keys()]);
    const previous = earlier === undefined ? undefined : old.get(earlier);
    if (earlier !== undefined) old.delete(earlier);
    const change = previous === undefined ? created(resource) : changed(previous, resource);
    if (change !== undefined) changes.push(change);
  }
  for (const resource of old.values()) if (!resource.component) changes.push(deleted(resource));
  const rank = ({ losesData }: ResourceChange) => (losesData ? 0 : 1);
  const policies = comparedPolicies(before, after, changes);
  return {
    resources: changes.sort((a, b) => rank(a) - rank(b)),
    variables: changedVariables(before, after),
    ...(policies && { policies }),
    ...(before.cost && after.cost && { cost: { before: before.cost, after: after.cost } }),
  };
}

const placeholder = /<[^<>]+>/;

/** The URN with a placeholder in it that became this one when its owner put the real id in. */
function filledIn(urn: string, before: readonly string[]): string | undefined {
  return before.find((other) => {
    if (!placeholder.test(other)) return false;
    const parts = other.split(/<[^<>]+>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${parts.join(".+")}$`).test(urn);
  });
}

function created(resource: PlannedResource): ResourceChange | undefined {
  if (resource.component) return undefined;
  return { action: "create", resource, fields: [], losesData: false, refused: false };
}

function deleted(resource: PlannedResource): ResourceChange {
  const { holdsData, protect } = resource;
  return { action: "delete", resource, fields: [], losesData: holdsData, refused: holdsData && protect };
}

function changed(before: PlannedResource, after: PlannedResource): ResourceChange | undefined {
  const ignored = (path: string) =>
    after.ignoreChanges.some((property) => path === property || path.startsWith(`${property}[`));
  const fields = changedFields(before.inputs, after.inputs).filter(({ path }) => !ignored(path));
  if (before.protect !== after.protect)
    fields.push({ path: "protect", before: before.protect, after: after.protect });
  if (fields.length === 0) return undefined;
  const identity = replacedBy[after.type] ?? replacedWithoutLoss[after.type] ?? [];
  // A placeholder stands for an id that the owner had all along: putting it in replaces nothing.
  const replaced = fields.some(({ path, before: was }) => identity.includes(path) && !isPlaceholder(was));
  const losesData = replaced && after.holdsData;
  return {
    action: replaced ? "replace" : "update",
    resource: after,
    fields,
    losesData,
    // Protection that goes in the same change no longer refuses a replacement.
    refused: losesData && before.protect && after.protect,
  };
}

function changedVariables(before: Plan, after: Plan): VariableChange[] {
  const names = [...new Set([...after.services, ...before.services].map(({ name }) => name))];
  return names.flatMap((service) => {
    const [old, now] = [variablesOf(before, service), variablesOf(after, service)];
    const variables = [...new Set([...now.keys(), ...old.keys()])];
    return variables
      .map((name) => ({ service, name, before: old.get(name)?.value, after: now.get(name)?.value }))
      .filter((change) => !same(change.before, change.after));
  });
}

function variablesOf({ services }: Plan, service: string): Map<string, PlannedVariable> {
  const variables = services.find(({ name }) => name === service)?.variables ?? [];
  return new Map(variables.map((variable) => [variable.name, variable]));
}

function changedFields(before: Record<string, Value>, after: Record<string, Value>): FieldChange[] {
  const [old, now] = [flattened(before), flattened(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((change) => !same(change.before, change.after));
}

/** Leaves of nested inputs by their paths. An empty list is a leaf too: it often says "nobody". */
export function flattened(value: Value, path = "", leaves = new Map<string, Value>()): Map<string, Value> {
  const isGroup = typeof value === "object" && value !== null && !isSecret(value) && !isUnknown(value);
  if (!isGroup || Object.keys(value).length === 0) {
    if (path !== "" && value !== null) leaves.set(path, value);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) flattened(item, `${path}[${index}]`, leaves);
  } else {
    for (const [key, inner] of Object.entries(value))
      flattened(inner, path === "" ? key : `${path}.${key}`, leaves);
  }
  return leaves;
}

const same = (a: Value | undefined, b: Value | undefined) => JSON.stringify(a) === JSON.stringify(b);
