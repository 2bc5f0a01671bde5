/**
 * The policies as a pack for the engine: `pulumi preview --policy-pack infra/policies`. The same functions run in the
 * embedded plan (evaluate.ts). Whoever starts the pack knows the prices (ops/cost/pack.ts).
 */

import { PolicyPack } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { givenSettings } from "../settings/index.ts";
import { schemaOf } from "../settings/rules.ts";
import type { Settings } from "../settings/schema.ts";
import type { Context } from "./model.ts";
import { policiesFor } from "./pack.ts";

/** Registers the pack with the engine. @param costOf what a stack with these settings costs */
export function registerPack(costOf: (settings: Settings) => Context["cost"]): void {
  const settings = schemaOf(pulumi.getStack()).safeParse(
    givenSettings({ values: pulumi.runtime.allConfig(), isSecret: () => false }),
  );
  new PolicyPack("kairos", {
    policies: policiesFor({
      stack: pulumi.getStack(),
      // A stack file with mistakes is the program's to refuse.
      settings: settings.data,
      now: new Date(),
      ...(settings.data && { cost: costOf(settings.data) }),
    }),
  });
}
