/** Texts of a stack file that lack their quotes: YAML makes something else of them, which is not what was meant. */
import { isDeepStrictEqual } from "node:util";
import type { Resolved } from "../../engine/yaml.ts";
import type { Problem, Settings } from "../../infra/settings/index.ts";
import type { StackFile } from "./stack-file.ts";

/** Settings with something else at a place: what is wrong with them, and what they are, should nothing be. */
export interface Reading {
  problems: readonly Problem[];
  settings: Settings | undefined;
}

/** The place of a setting as problems have it; of other keys, which are texts for their providers, the key alone. */
export const settingPath = ({ path: [key, ...rest] }: Resolved): Problem["path"] =>
  /^kairos:/.test(`${key}`) ? [`${key}`.slice("kairos:".length), ...rest] : [`${key}`];

/**
 * One line for each text that was meant as it is written: it would be taken, and what YAML makes of it is refused, or
 * is another setting. A date where a day is wanted is the same in both.
 *
 * @param given the settings as YAML has them
 * @param quoted the same with a text in quotes
 */
export function misread(
  { stack, resolved = [] }: StackFile,
  given: Reading,
  quoted: (one: Resolved) => Reading,
): { at: string; line: string }[] {
  return resolved.flatMap((one) => {
    const { path, source, made } = one;
    const at = JSON.stringify(settingPath(one));
    const isRefused = ({ problems }: Reading) =>
      problems.some((problem) => JSON.stringify(problem.path) === at);
    if (made === source && !isRefused(given)) return [];
    if (`${path[0]}`.startsWith("kairos:")) {
      const other = quoted(one);
      if (isRefused(other)) return [];
      const isSame = given.settings === undefined || isDeepStrictEqual(other.settings, given.settings);
      if (!isRefused(given) && isSame) return [];
    } else if (/^(true|false|null)$/.test(made)) return [];
    const name = path
      .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
      .join("")
      .slice(1);
    const found = made === source ? "which is no text for YAML" : `of which YAML makes ${made}`;
    return [
      { at, line: `Pulumi.${stack}.yaml: ${name}: got ${source}, ${found}; put it in quotes: "${source}"` },
    ];
  });
}
