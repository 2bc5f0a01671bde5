/** What Atlas refuses, by its description and beyond it: by a code, whose words have parameters. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Refusal } from "../api.ts";
import { Described, type Issue } from "../described.ts";
import description from "./description.json" with { type: "json" };

/**
 * Status and words of each code, as Atlas' own list has them; `guessed` beside them says what it does not have.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 */
const { errors } = description;
type Code = keyof typeof errors;

const reasons: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  406: "Not Acceptable",
  409: "Conflict",
  500: "Internal Server Error",
};

export class AtlasError extends Refusal {
  /** @param parameters what stands for each `%s` of the code's words, in their order */
  constructor(code: Code, ...parameters: (string | number)[]) {
    const { status, words } = errors[code];
    const rest = parameters.map(String);
    const detail = words.replaceAll("%s", () => rest.shift() ?? "");
    const body = { detail, reason: reasons[status], parameters: parameters.map(String) };
    // The one refusal without a code is that of who may not call.
    const named = code !== "NOT_AUTHORIZED" && { errorCode: code };
    super(
      status as ContentfulStatusCode,
      { error: status, ...named, ...body },
      `${status} ${code}: ${detail}`,
    );
  }
}

/** The first thing that is wrong is named, never the value of a password. */
function refusal({ kind, path, input }: Issue): AtlasError {
  const attribute = path.filter((name) => !/^\d+$/.test(name)).join(".") || "body";
  const last = path.at(-1);
  if (kind === "unknown") return new AtlasError("INVALID_ATTRIBUTE", last ?? attribute);
  if (kind === "missing") return new AtlasError("MISSING_ATTRIBUTE", attribute);
  if (kind === "another type" || typeof input !== "string")
    return new AtlasError("INVALID_JSON_ATTRIBUTE", attribute);
  if (last === "regionName") return new AtlasError("INVALID_REGION", input, "AWS");
  if (last === "providerName") return new AtlasError("INVALID_PROVIDER", input);
  return new AtlasError("INVALID_ENUM_VALUE", input);
}

export const described = new Described(description, refusal);
