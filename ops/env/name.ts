/** Names of short-lived stacks. */

import { UserError } from "../../engine/errors.ts";
import { stageOf } from "../../infra/settings/stages.ts";

/**
 * Atlas makes host names of a cluster's first 23 characters and tells clusters apart by them: `kairos-` takes seven.
 * Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/#label-limits
 */
const longest = 23 - "kairos-".length;

/** Whether a stack is one of this command's: all others, those on stand-ins among them, it neither makes nor takes down. */
export const isShortLived = (name: string) =>
  /^(pr-[1-9]\d*|dev-[a-z0-9]+(-[a-z0-9]+)*)$/.test(name) && name.length <= longest;

/** @throws UserError for a name that is not a short-lived stack's: this command takes things down */
export function checkName(name: string): string {
  if (isShortLived(name)) return name;
  throw new UserError(
    `env: got "${name}"; expected pr-<number> or dev-<name>, at most ${longest} lower-case letters, digits and inner hyphens${
      stageOf(name) === "short" ? "" : ": stacks that stay are not brought up or taken down by this command"
    }`,
  );
}
