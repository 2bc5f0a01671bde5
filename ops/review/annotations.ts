/** Each risk of a change on the line that brings it, for the list of files of a pull request. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../engine/errors.ts";
import type { PolicyId } from "../../infra/policies/ids.ts";
import { kindNamed, kindOf } from "../../infra/resources.ts";
import { amount, differingLines } from "../cost/words.ts";
import {
  acceptedLosses,
  type ComparedReview,
  isOnlyRefused,
  type ResourceChange,
  type Review,
} from "../plan/comparison.ts";
import { fate, verb } from "../plan/words.ts";
import { projectRoot } from "../project.ts";
import { StackLines } from "./lines.ts";
import type { Annotation } from "./runner.ts";
import { settingsBehind } from "./settings-behind.ts";
import { stackFileAt, stackFileName } from "./stacks.ts";

type Remark = Omit<Annotation, "file">;
type PlannedReview = Exclude<Review, { kind: "removed" }>;

/** Those of all stacks of this checkout. @param base git version that they are compared with */
export async function annotationsAgainst(base: string, reviews: readonly Review[]): Promise<Annotation[]> {
  const all = reviews.map(async (review) => {
    if (review.kind === "removed") return [];
    const text = await readFile(path.join(projectRoot, stackFileName(review.stack)), "utf8");
    return annotationsOf(review, text, await stackFileAt(base, review.stack, projectRoot));
  });
  return (await Promise.all(all)).flat();
}

/**
 * Those of one stack, the gravest first: GitHub shows ten errors and ten warnings of a step.
 *
 * @param text of its file @param before what the base has; undefined where it has none
 */
export function annotationsOf(review: PlannedReview, text: string, before: string | undefined): Annotation[] {
  const remarks = review.kind === "failed" ? failures(review.errors, text) : risks(review, text, before);
  const file = stackFileName(review.stack);
  return remarks.map((one) => ({ ...one, file, title: `${review.stack}: ${one.title}` }));
}

function failures(errors: readonly string[], text: string): Remark[] {
  return errors.map((message) => {
    const [, setting] = /^(?:Pulumi\.[\w.-]+\.yaml: )?([\w-]+:[^\s:]+): /.exec(message) ?? [];
    // What is no YAML says itself where.
    const [, line] = /\bat line (\d+)/.exec(message) ?? [];
    return {
      level: "error",
      line: line === undefined ? lineIn(text, setting) : Number(line),
      title: "cannot be planned",
      message,
    };
  });
}

/** The line of a setting, or of what it should stand in. */
function lineIn(text: string, setting = ""): number {
  const settings = [setting];
  for (let above = setting; /[.[]/.test(above); settings.push(above))
    above = above.slice(0, Math.max(above.lastIndexOf("."), above.lastIndexOf("[")));
  try {
    return new StackLines(text).of(settings);
  } catch (error) {
    if (error instanceof UserError) return 1;
    throw error;
  }
}

function risks(review: ComparedReview, text: string, before: string | undefined): Remark[] {
  const lines = new StackLines(text, before);
  return [
    ...review.comparison.resources.flatMap((change) => ofChange(change, review, lines)),
    ...ofPolicies(review, lines),
    ...ofCost(review, lines),
  ];
}

/** Replaced, deleted with data, refused, or no longer protected. */
function ofChange(change: ResourceChange, { comparison }: ComparedReview, lines: StackLines): Remark[] {
  const { resource, action, losesData, fields } = change;
  const line = () => lines.ofChange(settingsOf(change, lines), resource.name);
  if (losesData || isOnlyRefused(change)) {
    const isAccepted = acceptedLosses(comparison).some((one) => one.resource === resource.name);
    const what = losesData ? verb(action) : "REFUSED";
    const level = isAccepted ? "warning" : "error";
    return [{ level, line: line(), title: `${what} ${resource.name}`, message: fate(change) }];
  }
  if (action === "replace")
    return [
      {
        level: "warning",
        line: line(),
        title: `${verb(action)} ${resource.name}`,
        message: "it is deleted and created anew; no data is in it",
      },
    ];
  if (!fields.some(({ path: name, after }) => name === "protect" && after === false)) return [];
  const message = "an up may delete or replace it with its data from now on";
  return [{ level: "warning", line: line(), title: `${resource.name} is no longer protected`, message }];
}

/** What is forbidden; what is only advised against, where it is new. Lost data is said by its change. */
function ofPolicies({ comparison: { policies }, plan }: ComparedReview, lines: StackLines): Remark[] {
  const { violations = [], added = [] } = policies ?? {};
  return violations
    .filter((one) => one.policy !== "data-loss" && (one.level === "mandatory" || added.includes(one)))
    .map(({ policy, resource, level, message }) => {
      const found = plan.resources.find(({ name }) => name === resource);
      const own = policySettings[policy].flatMap((key) => placesOf(key, found, lines));
      return {
        level: level === "mandatory" ? "error" : "warning",
        line: lines.of([...own, ...placesOf("", found, lines)], `${resource} ${message}`),
        title: policy,
        message: `${resource}: ${message}`,
      };
    });
}

function ofCost({ comparison: { cost, resources }, plan }: ComparedReview, lines: StackLines): Remark[] {
  if (cost === undefined) return [];
  return differingLines(cost.before, cost.after).map(({ resource, before, after }) => {
    const all = [...plan.resources, ...resources.map((change) => change.resource)];
    const found = all.find(({ name }) => name === resource);
    const [was, is] = [before, after].map((line) => (line === undefined ? "nothing" : amount(line)));
    const isLess = after === undefined || (after.from ?? Infinity) < (before?.from ?? 0);
    const settings = ["tier", "plan", "disk", "instances", "budget", ""];
    return {
      level: isLess ? "notice" : "warning",
      line: lines.ofChange(settings.flatMap((key) => placesOf(key, found, lines))),
      title: `the cost of ${resource} changes`,
      message: `${was} → ${is} a month`,
    };
  });
}

interface SomeResource {
  type: string;
  name: string;
}

/** The settings that a change comes from, the likeliest first. */
function settingsOf({ resource, fields, rules = [] }: ResourceChange, lines: StackLines): string[] {
  const kind = kindNamed(resource.type);
  const behind = kind && settingsBehind[kind];
  const ruled = rules.map(({ setting }) =>
    named(setting.replace(/^backend\./, "backend[]."), resource, lines),
  );
  const known = fields.flatMap(({ path: field }) => {
    const [top = ""] = field.split(/[.[]/);
    const own = behind?.[top] === undefined ? [] : [named(behind[top].setting, resource, lines)];
    if (/region/i.test(field)) own.unshift(...placesOf("region", resource, lines), "kairos:region");
    if (field === "protect") own.unshift(...placesOf("mayBeDestroyed", resource, lines));
    return own;
  });
  const list = kind === "access" ? ["kairos:mongodb.accessList"] : [];
  return [...list, ...ruled, ...known, ...placesOf("", resource, lines)];
}

/** A setting of the section that a resource belongs to, or the section itself; none of what no section makes. */
function placesOf(key: string, resource: SomeResource | undefined, lines: StackLines): string[] {
  if (key.includes(":")) return [key];
  const section = resource && kindOf(resource.type)?.section;
  if (resource === undefined || section === undefined) return [];
  const place = section === "backend" ? "backend[]" : section;
  return [named(key === "" ? place : `${place}.${key}`, resource, lines)];
}

/** `backend[].plan` of a service → `kairos:backend[1].plan`. */
function named(setting: string, { name }: SomeResource, lines: StackLines): string {
  // Of a service that exists the id is part of the name; one service's name may begin with another's.
  const [service] = lines.services
    .filter((one) => one !== undefined && (name === one || name.startsWith(`${one}-`)))
    .sort((a = "", b = "") => b.length - a.length);
  const index = service === undefined ? -1 : lines.services.indexOf(service);
  return `kairos:${setting.replace("[]", index < 0 ? "" : `[${index}]`)}`;
}

/** Which settings a policy is about, in the section of the resource that breaks it. */
const policySettings: Readonly<Record<PolicyId, readonly string[]>> = {
  "access-list-open": ["accessList"],
  "shared-outbound": ["accessList"],
  "database-user-scope": ["user"],
  "postgres-open": ["accessList"],
  "data-protected": ["mayBeDestroyed", "leave"],
  "data-backed-up": ["leave", "tier", "plan"],
  "backups-retained": ["with", "tier"],
  "data-loss": ["mayBeDestroyed"],
  "region-beside-backend": ["region", "primaryRegion", "kairos:region"],
  "tls-required": ["tls"],
  "plain-secret": ["variables"],
  "plan-tier": ["tier", "plan"],
  "free-tier": ["tier", "plan"],
  "sessions-evicted": ["maxmemoryPolicy", "eviction", "kairos:policies.sessionsInRedis"],
  "health-check": ["healthCheck"],
  budget: ["kairos:budget"],
};
