/** What `up` would do with the new stack file. Nothing is changed. */
import { logicalName } from "../../engine/cli/events.ts";
import type { Stack } from "../../engine/cli/stack.ts";
import type { AdoptReport, Step } from "./report.ts";

/** @param stackFile in place of the stack's own, which stays as it is */
export async function previewed(stack: Stack, stackFile: string): Promise<AdoptReport["preview"]> {
  const steps: Step[] = [];
  const { errors } = await stack.withFile(
    stackFile,
    (other) =>
      other.operate("preview", [], {
        onEvent: ({ resourcePreEvent }) => {
          if (resourcePreEvent === undefined) return;
          const { op, type, urn, diffs, detailedDiff } = resourcePreEvent.metadata;
          const properties = [...new Set([...(diffs ?? []), ...Object.keys(detailedDiff ?? {})])];
          steps.push({ op, type, name: logicalName(urn), properties });
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
