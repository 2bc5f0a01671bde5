import { Refusal } from "../api.ts";

/** A refusal in Render's shape; recorded: no id. A body without `message` crashes the provider, so there always is one. */
export class RenderError extends Refusal {
  constructor(status: 400 | 401 | 404 | 409, message: string) {
    super(status, { message }, message);
  }
}

/** @throws RenderError 404 in the words that Render uses (recorded: `not found: dpg-…-a`) */
export function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new RenderError(404, `not found: ${what}`);
  return thing;
}

/** An empty name counts as none. */
export function needName(name: string): void {
  if (name === "") throw new RenderError(400, "name is required");
}
