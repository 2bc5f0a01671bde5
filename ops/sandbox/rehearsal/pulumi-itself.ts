/** The one resource of the engine's own: a value that is kept in the state. */
import { randomUUID } from "node:crypto";
import type { StashArgs } from "@pulumi/pulumi/stash.js";
import { type ProviderModel, translation } from "./vendor.ts";

export const pulumiItself: ProviderModel = {
  name: "Pulumi",
  resources: {
    // Its output is its input; nothing of the program reads it.
    "pulumi:index:Stash": translation<StashArgs>()(
      ["input"],
      () => ({ id: randomUUID(), outputs: {} }),
      () => {},
      { property: "input", to: () => {} },
    ),
  },
  refusal: () => undefined,
};
