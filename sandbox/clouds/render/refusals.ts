/** What Render's API refuses, by its description and beyond it, and in which words. */
import { Refusal } from "../api.ts";
import { Described, type Issue } from "../described.ts";
import description from "./description.json" with { type: "json" };

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

/** Render names the first thing that is wrong; a value only where it is not one of the words that there are. */
function refusal({ kind, path, input }: Issue): RenderError {
  const name = path.at(-1) ?? "body";
  if (kind === "missing") return new RenderError(400, `${name} is required`);
  if (kind === "not one of the words" && typeof input === "string")
    return new RenderError(400, `invalid ${name}: ${input}`);
  return new RenderError(400, `invalid ${path.join(".") || name}`);
}

export const described = new Described(description, refusal);
