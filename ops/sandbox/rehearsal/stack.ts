/** The rehearsal of a sandbox's own stack file. */
import path from "node:path";
import type { Step } from "../../../engine/cli/operation.ts";
import type { Clouds } from "../../../sandbox/clouds/index.ts";
import { Store } from "../../../sandbox/clouds/store.ts";
import { program } from "../../plan/program.ts";
import { readStackFile } from "../../plan/stack-file.ts";
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
