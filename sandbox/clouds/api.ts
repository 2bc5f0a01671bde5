/** A vendor's API as a table: one entry is one call, with its method, its path, what it takes and what it does. */
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ParamKeys } from "hono/types";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Described } from "./described.ts";

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

class Answer {
  readonly status: ContentfulStatusCode;
  readonly body: unknown;

  constructor(status: ContentfulStatusCode, body: unknown) {
    this.status = status;
    this.body = body;
  }
}

/** An answer with another status than the first that is described. */
export const accepted = (body?: unknown) => new Answer(202, body);

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What follows the question mark. */
export type Query = Record<string, string>;

/** A call that came in: what stands in its path at each name, and what else it says. */
export type Call<Path extends string = string> = Record<ParamKeys<Path>, string> & {
  query: Query;
  context: Context;
};

export interface Route {
  method: Method;
  path: string;
  run: (call: Call, body: never) => unknown;
}

/**
 * One call of an API.
 *
 * @param call method and path, such as `GET /services/:id`
 * @param run gives the answer's JSON, or nothing where the answer has no body; throws a {@link Refusal}. Its body is
 *   of the shape that the vendor describes
 */
export function route<Path extends string, Body>(
  call: `${Method} ${Path}`,
  run: (call: Call<Path>, body: Body) => unknown,
): Route {
  const [method, path = ""] = call.split(" ");
  return { method: method as Method, path, run: run as Route["run"] };
}

/** What a vendor's API does in its own way. */
export interface VendorApi {
  /** What its paths begin with. */
  basePath: string;
  routes: Route[];
  described: Described;
  /** Lets those in who may call. */
  enter: MiddlewareHandler;
  /** What it answers to a body that is not JSON. */
  malformed: () => Refusal;
  /** What it answers to a call that it does not have. */
  unknown: (method: string, path: string) => Refusal;
  /** What it answers when something goes wrong inside; by default that is not a vendor's answer. */
  unexpected?: () => Refusal;
  read?: (text: string) => unknown;
  answer?: (context: Context, body: unknown, status: ContentfulStatusCode) => Response;
}

export function vendorApi({
  basePath,
  routes,
  described,
  enter,
  malformed,
  unknown,
  ...own
}: VendorApi): Hono {
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
  for (const { method, path, run } of routes) {
    const name = `${method} ${path}`;
    const { request, bodyMayBeLeftOut, answers } = described.of(name);
    const usual = Number(Object.keys(answers)[0]) as ContentfulStatusCode;
    const bodyOf = async ({ req }: Context) => {
      const text = request && (await req.text());
      if (text === undefined) return undefined;
      return described.body(name, bodyMayBeLeftOut && text === "" ? {} : read(text));
    };
    calls.on(method, path, async (context) => {
      const call = { ...context.req.param(), query: context.req.query(), context };
      const result = await run(call as Call, (await bodyOf(context)) as never);
      const { status, body } = result instanceof Answer ? result : new Answer(usual, result);
      described.answer(name, status, body);
      return answer(context, body, status);
    });
  }
  api.route(basePath, calls);
  // A route, not `notFound`, which an app that mounts this one would not hear of.
  api.all("*", ({ req }) => {
    throw unknown(req.method, req.path);
  });
  return api;
}

function plain(context: Context, body: unknown, status: ContentfulStatusCode): Response {
  return body === undefined ? context.body(null, status) : context.json(body, status);
}

/** Without what is undefined: a change that is not asked for. */
export function defined<T extends object>(values: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
