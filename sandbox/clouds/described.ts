/**
 * A vendor's own description of its API, as data beside its stand-in: each call, what it takes, what it answers, with
 * which statuses. Made from the machine-readable descriptions that the vendors publish, pruned to what the stand-ins
 * serve; where one deviates from it on purpose, the file says so and why (`npm run docs` prints it).
 */
import { z } from "zod";
import type { Refusal } from "./api.ts";

/** JSON Schema. */
type Schema = z.core.JSONSchema.BaseSchema;

/** Where a stand-in is not as described, and why. */
interface Deviation {
  kind:
    | "required"
    | "optional"
    | "may be null"
    | "other words"
    | "another status"
    | "unknown members are refused"
    | "lists may be null"
    | "null is left out"
    | "more calls"
    | "more fields";
  /** All calls by default. */
  call?: string;
  /** Everywhere that this part of the description is used. */
  schema?: string;
  fields?: string[];
  /** Any text by default. */
  words?: string[];
  why: string;
}

export interface Description {
  vendor: string;
  /** Address of the description, with its commit. */
  source: string;
  /** Of that commit; ISO 8601. */
  day: string;
  deviations: Deviation[];
  /** By method and path; answers by status, null where there is no body. */
  routes: Record<
    string,
    {
      request?: Schema;
      bodyMayBeLeftOut?: boolean;
      answers: Record<string, Schema | null>;
      refusals: number[];
    }
  >;
  $defs: Record<string, Schema>;
}

/** What is wrong with a body. `input` may be secret. */
export interface Issue {
  kind: "missing" | "not one of the words" | "unknown" | "another type";
  path: string[];
  input: unknown;
}

/** Of any vendor, the names in a path do not matter. */
const key = (call: string) => call.replaceAll(/\{\w+\}|(?<=\/):\w+/g, "{}");

/** One vendor's description, to hold calls against. */
export class Described {
  readonly description: Description;
  private readonly routes: Map<string, Description["routes"][string]>;
  private readonly checks = new Map<Schema, z.ZodType>();
  private readonly refusal: (issue: Issue) => Refusal;

  /**
   * @param file the description's JSON
   * @param refusal how the vendor words what is wrong with a body
   */
  constructor(file: object, refusal: (issue: Issue) => Refusal) {
    this.description = deviating(file as Description);
    this.routes = new Map(Object.entries(this.description.routes).map(([call, route]) => [key(call), route]));
    this.refusal = refusal;
  }

  /** @throws Error for a call that the vendor does not describe */
  of(call: string): Description["routes"][string] {
    const route = this.routes.get(key(call));
    if (route === undefined) throw new Error(`${this.description.vendor} describes no ${call}`);
    return route;
  }

  /** @throws Refusal for a body that the vendor would refuse, unless it cannot be read from its description */
  body<T>(call: string, body: unknown): T {
    const { request = {} } = this.of(call);
    const result = this.check(request, (part, has) => {
      const exact = has("unknown members are refused") ? exactly(part) : part;
      return has("lists may be null") ? withNullLists(exact) : exact;
    }).safeParse(body, { reportInput: true });
    if (!result.success) throw this.refusal(first(result.error.issues));
    return body as T;
  }

  /** @throws Error for an answer that the vendor does not describe: the stand-in is wrong */
  answer(call: string, status: number, body: unknown): void {
    const schema = this.of(call).answers[status];
    if (schema === null) return;
    if (schema === undefined) throw new Error(`${call} answers ${status}, which is not described`);
    const check = this.check(schema, (part, has) => (has("more fields") ? part : exactly(part)));
    const { error } = check.safeParse(JSON.parse(JSON.stringify(body)));
    if (error) throw new Error(`${call} does not answer as described: ${z.prettifyError(error)}`);
  }

  private check(
    schema: Schema,
    adapt: (part: Schema, has: (kind: Deviation["kind"]) => boolean) => Schema,
  ): z.ZodType {
    const { $defs, deviations } = this.description;
    const adapted = (part: Schema) => adapt(part, (kind) => deviations.some((one) => one.kind === kind));
    const check =
      this.checks.get(schema) ??
      z.fromJSONSchema({ ...adapted(schema), $defs: adapted($defs as Schema) } as Schema);
    this.checks.set(schema, check);
    return check;
  }
}

/** The description with the deviations that concern some of its fields. */
function deviating(description: Description): Description {
  const changed = structuredClone(description);
  const { routes, $defs } = changed;
  for (const { kind, call = "", schema, fields, words } of description.deviations) {
    if (fields === undefined || kind === "more calls") continue;
    const route = routes[call];
    const name = schema ?? route?.request?.$ref?.replace("#/$defs/", "") ?? "";
    const part = structuredClone($defs[name]) ?? {};
    const { required = [], properties = {} } = part;
    if (kind === "required") part.required = [...required, ...fields];
    if (kind === "optional") part.required = required.filter((field) => !fields.includes(field));
    for (const field of fields) {
      const before = properties[field];
      if (kind === "other words") properties[field] = words ? { enum: words } : { type: "string" };
      if (kind === "may be null" && typeof before === "object")
        properties[field] = { anyOf: [before, { type: "null" }] };
    }
    // One call's deviation is not that of others that share the part.
    const own = schema ?? `${name} of ${call.replaceAll(/\W+/g, " ")}`;
    $defs[own] = part;
    if (route !== undefined) route.request = { $ref: `#/$defs/${own}` };
  }
  return changed;
}

/** A copy with each part changed; a member that is called `type` is no type, since its value is no text. */
const adapted = (schema: Schema, change: (part: Schema) => Schema): Schema =>
  JSON.parse(JSON.stringify(schema), (_, part) => change(part));

const exactly = (schema: Schema) =>
  adapted(schema, (part) =>
    part?.type === "object" && part.properties !== undefined
      ? { additionalProperties: false, ...part }
      : part,
  );

const withNullLists = (schema: Schema) =>
  adapted(schema, (part) => (part?.type === "array" ? { anyOf: [part, { type: "null" }] } : part));

/** The first thing that is wrong; where several shapes are allowed, of that which fits best. */
function first([issue]: readonly z.core.$ZodIssue[], outer: readonly PropertyKey[] = []): Issue {
  if (issue === undefined) throw new Error("a body is wrong, and nothing of it is");
  const path = [...outer, ...issue.path];
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const best = [...issue.errors].sort((a, b) => a.length - b.length)[0] ?? [];
    return first(best, path);
  }
  const names = path.map(String);
  if (issue.code === "unrecognized_keys")
    return { kind: "unknown", path: [...names, ...issue.keys.slice(0, 1)], input: undefined };
  if (issue.input === undefined) return { kind: "missing", path: names, input: undefined };
  const kind = issue.code === "invalid_value" ? "not one of the words" : "another type";
  return { kind, path: names, input: issue.input };
}
