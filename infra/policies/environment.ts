/** How much a stack matters: what is refused in production may be fine in a stack that lives for a day. */
export type Environment = "prod" | "staging" | "short";

/** In words, for people. */
export const environmentName: Readonly<Record<Environment, string>> = {
  prod: "production",
  staging: "staging",
  short: "short-lived",
};

/**
 * The environment of a stack, by its name. A name that says nothing is production: a stack that is forgotten here
 * gets the strictest rules, not the mildest.
 */
export function environmentOf(stack: string): Environment {
  if (/^(staging|stage)(-|$)/.test(stack)) return "staging";
  return /^(sandbox|test|dev|pr-\d+)(-|$)/.test(stack) ? "short" : "prod";
}
