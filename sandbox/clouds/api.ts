/** A vendor's API as a table: one entry is one call, with its method, its path, what it takes and what it does. */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { z } from "zod";

/** A call that a vendor refuses, and what it answers then. */
export class Refusal extends Error {
  readonly status: ContentfulStatusCode;
  /** As JSON. */
  readonly body: unknown;

  constructor(status: ContentfulStatusCode, body: unknown, message: string) {
    super(message);
    this.name = new.target.name;
    this.status = status;
    this.body = body;
  }
}

/** An answer with another status than 200. */
class Answer {
  readonly status: ContentfulStatusCode;
  readonly body: unknown;

  constructor(status: ContentfulStatusCode, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

export const created = (body: unknown) => new Answer(201, body);
export const accepted = (body?: unknown) => new Answer(202, body);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names in a path, such as `id` in `/services/:id`. */
type NameIn<Path extends string> = Path extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | NameIn<`/${Rest}`>
  : Path extends `${string}/:${infer Name}`
    ? Name
    : never;

/** What follows the question mark. */
export type Query = Record<string, string>;

/** A call that came in: what stands in its path at each name, and what else it says. */
export type Call<Path extends string = string, Body = undefined> = Record<NameIn<Path>, string> & {
  body: Body;
  query: Query;
  context: Context;
};

export interface Route {
  method: Method;
  path: string;
  body: z.ZodType | undefined;
  run: (call: Call<string, unknown>) => unknown;
}

/**
 * One call of an API.
 *
 * @param call method and path, such as `GET /services/:id`
 * @param body what it takes; without it no body is read
 * @param run gives the answer's JSON, or nothing where the answer has no body; throws a {@link Refusal}
 */
export function route<Path extends string>(
  call: `${Method} ${Path}`,
  run: (call: Call<Path>) => unknown,
): Route;
export function route<Path extends string, Body extends z.ZodType>(
  call: `${Method} ${Path}`,
  body: Body,
  run: (call: Call<Path, z.output<Body>>) => unknown,
): Route;
export function route(call: string, ...rest: unknown[]): Route {
  const [method, path = ""] = call.split(" ");
  const run = rest.at(-1) as Route["run"];
  return { method: method as Method, path, body: rest.length > 1 ? (rest[0] as z.ZodType) : undefined, run };
}

/** Checks what a call brings against what it takes; throws a {@link Refusal}. */
export type Parse = <T extends z.ZodType>(schema: T, body: unknown) => z.output<T>;

/** @param refusal how a vendor words what is wrong with a body; the issues' inputs may be secret */
export const parser =
  (refusal: (issues: z.core.$ZodIssue[]) => Refusal): Parse =>
  (schema, body) => {
    const result = schema.safeParse(body, { reportInput: true });
    if (result.success) return result.data;
    throw refusal(result.error.issues);
  };

/** What a vendor's API does in its own way. */
export interface VendorApi {
  /** What its paths begin with. */
  basePath: string;
  routes: Route[];
  /** Lets those in who may call. */
  enter: MiddlewareHandler;
  parse: Parse;
  /** What it answers to a body that is not JSON. */
  malformed: () => Refusal;
  /** What it answers to a call that it does not have. */
  unknown: (method: string, path: string) => Refusal;
  /** What it answers when something goes wrong inside; by default that is not a vendor's answer. */
  unexpected?: () => Refusal;
  read?: (text: string) => unknown;
  answer?: (context: Context, body: unknown, status: ContentfulStatusCode) => Response;
}

export function vendorApi({ basePath, routes, enter, parse, malformed, unknown, ...own }: VendorApi): Hono {
  const { unexpected, read = JSON.parse, answer = plain } = own;
  const api = new Hono();
  api.onError((error, context) => {
    // hono's own refusals, such as the 401 of its basic authentication.
    if (error instanceof HTTPException) return error.getResponse();
    const refusal =
      error instanceof Refusal ? error : error instanceof SyntaxError ? malformed() : unexpected?.();
    if (refusal === undefined) throw error;
    return context.json(refusal.body, refusal.status);
  });
  const calls = new Hono();
  calls.use(enter);
  for (const { method, path, body, run } of routes)
    calls.on(method, path, async (context) => {
      const result = await run({
        ...context.req.param(),
        body: body && parse(body, read(await context.req.text())),
        query: context.req.query(),
        context,
      });
      const { status, body: json } = result instanceof Answer ? result : new Answer(200, result);
      return answer(context, json, status);
    });
  api.route(basePath, calls);
  // A route, not `notFound`, which an app that mounts this one would not hear of.
  api.all("*", ({ req }) => {
    throw unknown(req.method, req.path);
  });
  return api;
}

function plain(context: Context, body: unknown, status: ContentfulStatusCode): Response {
  if (body !== undefined) return context.json(body, status);
  return context.body(null, status === 200 ? 204 : status);
}

// Go writes an empty list as null.
export const list = <T extends z.ZodType>(entry: T) =>
  z
    .array(entry)
    .nullable()
    .transform((entries) => entries ?? undefined)
    .optional();

/** Without what is undefined: a change that is not asked for. */
export function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
