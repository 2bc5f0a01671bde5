/** How Atlas refuses: by a code, whose words have parameters. */
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { Refusal } from "../api.ts";
import description from "./description.json" with { type: "json" };

/**
 * Status and words of each code, as Atlas' own list has them; `guessed` beside them says what it does not have.
 *
 * @see https://www.mongodb.com/docs/atlas/reference/api-errors/
 */
const { errors } = description;
export type Code = keyof typeof errors;

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
