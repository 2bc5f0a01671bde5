/** How Atlas' API reads and answers, whatever the call. */
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { AtlasError } from "./error.ts";

const reasons: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  406: "Not Acceptable",
  409: "Conflict",
  500: "Internal Server Error",
};

/** The dated media type that the client asked for, which is also how Atlas chooses the version of a call. */
export function mediaType(context: Context): string {
  const type = /application\/vnd\.atlas\.\d{4}-\d\d-\d\d\+json/.exec(context.req.header("accept") ?? "")?.[0];
  if (type === undefined)
    throw new AtlasError(406, "INVALID_VERSION_DATE", "Invalid accept header or version date.");
  return type;
}

export function answer(context: Context, body: unknown, status: ContentfulStatusCode = 200): Response {
  return context.body(JSON.stringify(body), status, { "Content-Type": mediaType(context) });
}

export const nothing = (context: Context) => context.body(null, 204);

/** A page of a list; `totalCount` counts all, not only this page. */
export function page(context: Context, all: unknown[], status: ContentfulStatusCode = 200): Response {
  const { includeCount = "true", pageNum = "1", itemsPerPage = "100" } = context.req.query();
  const size = Math.min(Math.max(Number(itemsPerPage) || 100, 1), 500);
  const start = (Math.max(Number(pageNum) || 1, 1) - 1) * size;
  const results = all.slice(start, start + size);
  const count = includeCount === "true" && { totalCount: all.length };
  return answer(context, { links: [], results, ...count }, status);
}

/** The body; `null` counts as left out, as it does for Atlas. */
export async function readBody(context: Context): Promise<unknown> {
  const text = await context.req.text();
  try {
    return JSON.parse(text, (_, value: unknown) => (value === null ? undefined : value));
  } catch {
    throw new AtlasError(400, "MALFORMED_JSON", "Received JSON is malformed.");
  }
}

export function refusal(context: Context, error: unknown): Response {
  // What went wrong inside is not told: it may contain what a caller must not see.
  const known =
    error instanceof AtlasError ? error : new AtlasError(500, "UNEXPECTED_ERROR", "Unexpected error.");
  const { status, errorCode, detail, parameters } = known;
  const code = errorCode !== "" && { errorCode };
  const body = { error: status, ...code, detail, reason: reasons[status], parameters };
  return context.json(body, status as ContentfulStatusCode);
}
