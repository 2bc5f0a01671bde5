/**
 * Every stack keeps to itself. Its names end in its own, so that no vendor could take one for another
 * stack's, and but for production it uses nothing that it did not make: production's databases, logins and services are out of its reach.
 * What is meant otherwise is named in `kairos:shares`.
 *
 * Enforced by the program, so that `pulumi up` refuses it too, and without a look at other stack files, which are
 * encrypted where it matters.
 */

import { at } from "../resources.ts";
import { type Problem, problemAt } from "./problems.ts";
import type { Settings } from "./schema.ts";
import type { Sharable } from "./sections/shares.ts";
import { isRehearsal, production, stageOf } from "./stages.ts";

/** Something that two stacks could have in common. */
interface Finding {
  /** Undefined for what no word allows. */
  word: Sharable | undefined;
  path: (string | number)[];
  /** What it is; without a value that may be secret. */
  got: string;
  expected: string;
}

/** One problem for each thing that is not the stack's own and that it does not say it shares. */
export function foreignNames(settings: Settings, stack: string): Problem[] {
  if (isRehearsal(stack)) return [];
  const found = stack === production ? [] : things(settings);
  if (stageOf(stack) === "short") found.push(...sharedResources(settings));
  found.push(...names(settings, stack));
  const problems = found
    .filter(({ word }) => word === undefined || !settings.shares.includes(word))
    .map(({ word, path, got, expected }) =>
      problemAt(
        path,
        word === undefined
          ? `got ${got}; expected ${expected}`
          : `got ${got}; expected ${expected}. Stacks share nothing unless they say so: ${word} in kairos:shares`,
      ),
    );
  const needless = settings.shares.flatMap((word, index) =>
    found.some((one) => one.word === word)
      ? []
      : [
          problemAt(
            ["shares", index],
            `got ${word}; expected nothing: this stack has no such thing in common`,
          ),
        ],
  );
  return [...problems, ...needless];
}

/** What exists and was not made by this stack. */
function things({ mongodb, redis, render, backend, alerts }: Settings): Finding[] {
  const found: Finding[] = [];
  if ("id" in mongodb.project)
    found.push({
      word: "mongodb.project",
      path: ["mongodb", "project", "id"],
      got: `the existing Atlas project ${mongodb.project.id}`,
      expected: "{ organization }, in which the stack makes a project with users and access list of its own",
    });
  if (redis.provider === "external")
    found.push({
      word: "redis.url",
      path: ["redis", "url"],
      got: "a Redis that the stack does not make",
      expected: "a provider that makes one",
    });
  const { environment, outbound } = render;
  if (environment !== undefined && "id" in environment)
    found.push({
      word: "render.environment",
      path: ["render", "environment", "id"],
      got: `the existing environment ${environment.id}`,
      expected: "{ project, name } of a new one",
    });
  if (outbound !== undefined && environment === undefined)
    found.push({
      word: "render.outbound",
      path: ["render", "outbound"],
      got: "addresses for all services of the workspace and region",
      expected: "an environment beside it, whose services alone get them",
    });
  for (const [index, service] of backend.entries())
    if ("link" in service)
      found.push({
        word: "backend.link",
        path: ["backend", index, "link"],
        got: `the existing service ${service.link}`,
        expected: "a service that the stack creates: { name, type, source }",
      });
  if (alerts.workspace)
    found.push({
      word: "alerts.workspace",
      path: ["alerts", "workspace"],
      got: "the notifications of the whole workspace at Render",
      expected: "false, where production has the same workspace",
    });
  return found;
}

/** What a short-lived stack would delete with itself although others need it: no word allows that. */
function sharedResources({ mongodb, import: ids, shares }: Settings): Finding[] {
  const imported = Object.entries(ids)
    .filter(([, id]) => (Array.isArray(id) ? id.length > 0 : id !== undefined))
    .map(([key]) => ({
      word: undefined,
      path: ["import", key],
      got: "the id of something that exists",
      expected: "nothing: what a short-lived stack takes over is deleted with it",
    }));
  // Two stacks with the same block have one entry in the project's access list: the first to go takes it from the other.
  const isShared = "id" in mongodb.project && shares.includes("mongodb.project");
  return isShared
    ? [
        ...imported,
        {
          word: undefined,
          path: ["shares"],
          got: "mongodb.project",
          expected:
            "{ organization } in kairos:mongodb.project: a short-lived stack that goes would take entries of a shared access list away from others",
        },
      ]
    : imported;
}

/** A word, and the path of the setting that it lets be. */
type Named = [Sharable, ...(string | number)[]];

/** Names that do not end in the stack's. Two stacks differ in their ending, so their names cannot be the same. */
function names(settings: Settings, stack: string): Finding[] {
  const { postgres, backend } = settings;
  const replicas = postgres.enabled ? postgres.readReplicas : [];
  const given: Named[] = [
    ["mongodb.project", "mongodb", "project", "name"],
    ["mongodb.name", "mongodb", "name"],
    ["postgres.name", "postgres", "name"],
    ...replicas.map((_, index) => ["postgres.name", "postgres", "readReplicas", index] as Named),
    ["redis.name", "redis", "name"],
    ["redis.name", "redis", "subscription"],
    ["render.environment", "render", "environment", "project"],
    ["render.outbound", "render", "outbound", "name"],
    // A linked service's name says which one it is; the stack's own is in the link.
    ...backend.flatMap((service, index) =>
      "link" in service ? [] : [["backend.name", "backend", index, "name"] as Named],
    ),
  ];
  return given.flatMap(([word, ...path]) => {
    const name = at(settings, ...path);
    const expected = typeof name === "string" ? otherName(name, stack) : undefined;
    return expected === undefined ? [] : [{ word, path, got: JSON.stringify(name), expected }];
  });
}

/** The ending of a name that belongs to a stack of staging, or to a short-lived one. */
const ending = /-(staging|stage|dev|test|sandbox|pr-\d+)(-[a-z0-9]+)*$/;

/** What a name has to be instead; undefined when it is well. */
function otherName(name: string, stack: string): string | undefined {
  if (stack === production)
    return ending.test(name) ? "a name that does not end as the names of other environments do" : undefined;
  if (!name.endsWith(`-${stack}`)) return `a name that ends in -${stack}`;
  // Of `x-dev-pr-1` both `dev-pr-1` and `pr-1` would be the ending.
  return ending.test(name.slice(0, -stack.length - 1)) ? `a name that ends in -${stack} alone` : undefined;
}
