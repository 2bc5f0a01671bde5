/** What an adoption asks of the engine: it reads, encrypts and previews. Nothing is changed. */
import { readFile } from "node:fs/promises";
import { changedProperties, logicalName } from "../../engine/cli/events.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import { yamlIn, yamlOf } from "../../engine/yaml.ts";
import type { ExistingResource } from "../../infra/state.ts";
import type { AdoptReport, Step } from "./report.ts";

/** What the last `up` left; nothing before the first. */
export async function existingIn(stack: Stack): Promise<ExistingResource[]> {
  const { resources } = await stack.state();
  return resources.filter((one) => one.delete !== true).map(({ type, outputs = {} }) => ({ type, outputs }));
}

/**
 * A text as the stack's own secrets provider encrypts it. The engine writes it into a scratch file, not into the stack's:
 * it would lay out the whole file anew.
 *
 * @param header what stands beside `config:` in the stack file
 * @returns the ciphertext, and the header, to which the engine may have added its salt
 */
export const encrypt = (stack: Stack, header: Record<string, unknown>, text: string) =>
  stack.withFile(yamlOf({ ...header, config: {} }), async (scratch, file) => {
    await scratch.setSecret("adopt:secret", text);
    const { config, ...made } = yamlIn(await readFile(file, "utf8"), file) as {
      config: Record<string, { secure: string }>;
    };
    return { secure: config["adopt:secret"]?.secure ?? "", header: made };
  });

/**
 * What `up` would do with the new stack file.
 *
 * @param stackFile in place of the stack's own, which stays as it is
 */
export async function previewed(stack: Stack, stackFile: string): Promise<AdoptReport["preview"]> {
  const steps: Step[] = [];
  const { errors } = await stack.withFile(
    stackFile,
    (other) =>
      other.operate("preview", [], {
        onEvent: ({ resourcePreEvent }) => {
          if (resourcePreEvent === undefined) return;
          const { metadata } = resourcePreEvent;
          const { op, type, urn } = metadata;
          steps.push({ op, type, name: logicalName(urn), properties: changedProperties(metadata) });
        },
      }).outcome,
  );
  // Components, the stack, stashes and passwords that are only made up exist in Pulumi's state, not at a vendor.
  const atVendors = steps.filter(({ type }) => !/^(pulumi:|kairos:|random:)/.test(type));
  const harmless = ["import", "same", "read", "refresh"];
  return {
    ran: true,
    imports: atVendors.filter(({ op }) => op === "import").length,
    changes: atVendors.filter(({ op }) => !harmless.includes(op)),
    bookkeeping: steps.filter((step) => step.op === "create" && !atVendors.includes(step)).length,
    errors,
  };
}
