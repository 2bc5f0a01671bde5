/** The rehearsal of a sandbox's own stack file. */
import path from "node:path";
import type { Step } from "../../../engine/cli/operation.ts";
import type { PolicyReport } from "../../../infra/policies/evaluate.ts";
import type { PolicyId } from "../../../infra/policies/ids.ts";
import { policies } from "../../../infra/policies/list.ts";
import type { Clouds } from "../../../sandbox/clouds/index.ts";
import { Store } from "../../../sandbox/clouds/store.ts";
import { program } from "../../plan/program.ts";
import { readStackFile } from "../../plan/stack-file.ts";
import type { PolicyVerdict, Violation } from "../policies.ts";
import { stack } from "../project.ts";
import { type Rehearsal, rehearse } from "./index.ts";

/** @param folder holds Pulumi.yaml and the stack's file, and keeps what was made */
export async function rehearseStack(
  folder: string,
  clouds: Clouds,
  onStep: (step: Step) => void,
): Promise<Rehearsal> {
  const made = new Store({ file: path.join(folder, "rehearsed.json") }, {});
  return rehearse(await program(), await readStackFile(folder, stack), clouds, made, onStep);
}

/** The verdict of an evaluation in process. */
export function verdictOf({ checked, violations, unused }: PolicyReport): PolicyVerdict {
  return {
    checked,
    violations: inOrder([
      ...violations.map(({ policy, level, resource, message }) => ({
        policy,
        level,
        message: `${resource}: ${message}. ${fixOf(policy)}`,
      })),
      ...unused.map((message) => ({ policy: "unused-exceptions", level: "advisory" as const, message })),
    ]),
  };
}

/** As the pack puts it behind each message. */
const fixOf = (id: PolicyId) => policies.find((policy) => policy.id === id)?.fix ?? "";

const inOrder = (violations: readonly Violation[]) =>
  [...violations].sort((a, b) => Number(a.level === "advisory") - Number(b.level === "advisory"));
