/** Names of short-lived stacks. */
import { environmentOf, isRehearsal } from "../../infra/settings/environments.ts";
import { UserError } from "../errors.ts";

/**
 * Atlas makes host names of a cluster's first 23 characters and tells clusters apart by them: `kairos-` takes seven.
 * Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/#label-limits
 */
const longest = 23 - "kairos-".length;

/** @throws UserError for a name that is not a short-lived stack's: this command takes things down */
export function checkName(name: string): string {
  const fits = /^(pr-[1-9]\d*|dev-[a-z0-9]+(-[a-z0-9]+)*)$/.test(name) && name.length <= longest;
  if (fits) return name;
  throw new UserError(
    `env: got "${name}"; expected pr-<number> or dev-<name>, at most ${longest} lower-case letters, digits and inner hyphens${
      environmentOf(name) === "short"
        ? ""
        : ": stacks that stay are not brought up or taken down by this command"
    }`,
  );
}

/** Whether a stack is one of this command's. Those on stand-ins are the sandbox's own. */
export const isShortLived = (name: string) => environmentOf(name) === "short" && !isRehearsal(name);
