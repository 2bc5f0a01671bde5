/**
 * Random values, by the rules of their provider 4.21.1: as many characters of each class as asked for, the rest from
 * all classes, in random order.
 *
 * @see https://registry.terraform.io/providers/hashicorp/random/latest/docs/resources/password
 */

import { randomInt } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { RandomPasswordArgs } from "@pulumi/random/randomPassword.js";
import { secret } from "../../../engine/in-process/wire.ts";
import { types } from "../../../infra/resources.ts";
import { type ProviderModel, translation } from "./vendor.ts";

export const random: ProviderModel = {
  name: "Random",
  resources: {
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
      () => {},
    ),
  },
  refusal: (error) => (error instanceof ImpossiblePassword ? error.message : undefined),
};

/** A password that no characters can make. */
class ImpossiblePassword extends Error {}

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
  if (length < 1) throw new ImpossiblePassword(`length: got ${length}; expected at least 1`);
  if (rest < 0)
    throw new ImpossiblePassword(`length: got ${length}; expected at least the sum of the min* values`);
  if (all === "") throw new ImpossiblePassword("expected at least one class of characters");
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
