/** What a sandbox may be called. */
import { UserError } from "../../engine/errors.ts";

/** Name of the sandbox that `--keep` makes. */
export const kept = "sandbox";

/** A name that `--name` takes: part of a path. */
export function checkName(name: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(name)) return name;
  throw new UserError(`--name: got "${name}"; expected up to 31 letters a-z, digits and dashes`);
}
