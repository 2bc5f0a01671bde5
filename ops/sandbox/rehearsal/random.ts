/**
 * What is kept in the state alone. Random values, by the rules of their provider 4.21.1: as many characters of each class as asked for, the rest from
 * all classes, in random order.
 *
 * @see https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password
 */

import { randomInt, randomUUID } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { StashArgs } from "@pulumi/pulumi/stash.js";
import type { RandomPasswordArgs } from "@pulumi/random/randomPassword.js";
import { UserError } from "../../../engine/errors.ts";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import { type Translations, translation } from "./vendor.ts";

/** Nothing of the two is at a vendor. */
const stays = () => undefined;

export const ownResources: Translations = {
  [types.password]: translation<RandomPasswordArgs>()(
    [
      "length",
      "upper",
      "lower",
      "numeric",
      "number",
      "special",
      "overrideSpecial",
      "minUpper",
      "minLower",
      "minNumeric",
      "minSpecial",
      "keepers",
    ],
    (inputs) => ({ id: "none", outputs: { result: secret(password(inputs)) } }),
    stays,
  ),
  // The one resource of the engine's own: its output is its input; nothing of the program reads it.
  "pulumi:index:Stash": translation<StashArgs>()(
    ["input"],
    () => ({ id: randomUUID(), outputs: {} }),
    stays,
    {
      property: "input",
      to: stays,
    },
  ),
};

const impossible = (why: string) => new UserError(`Random refused: ${why}`);

/** Exported for its test. */
export function password(inputs: pulumi.Unwrap<RandomPasswordArgs>): string {
  const { length, upper = true, lower = true, special = true } = inputs;
  const { minUpper = 0, minLower = 0, minNumeric = 0, minSpecial = 0 } = inputs;
  const numeric = inputs.numeric ?? inputs.number ?? true;
  const classes = [
    { characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", use: upper, least: minUpper },
    { characters: "abcdefghijklmnopqrstuvwxyz", use: lower, least: minLower },
    { characters: "0123456789", use: numeric, least: minNumeric },
    { characters: inputs.overrideSpecial || "!@#$%&*()-_=+[]{}<>:?", use: special, least: minSpecial },
  ];
  const all = classes.map(({ characters, use }) => (use ? characters : "")).join("");
  const rest = length - classes.reduce((sum, { least }) => sum + least, 0);
  if (length < 1) throw impossible(`length: got ${length}; expected at least 1`);
  if (rest < 0) throw impossible(`length: got ${length}; expected at least the sum of the min* values`);
  if (all === "") throw impossible("expected at least one class of characters");
  const chosen = [...classes.flatMap(({ characters, least }) => pick(characters, least)), ...pick(all, rest)];
  // Fisher and Yates' shuffle, with the same source of chance.
  for (let last = chosen.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [chosen[last], chosen[other]] = [chosen[other] as string, chosen[last] as string];
  }
  return chosen.join("");
}

const pick = (characters: string, count: number) =>
  Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
