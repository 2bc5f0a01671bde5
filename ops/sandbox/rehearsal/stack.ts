/** The rehearsal of a sandbox's own stack file. */
import type { Clouds } from "../../../sandbox/clouds/index.ts";
import { program } from "../../plan/program.ts";
import { readStackFile } from "../../plan/stack-file.ts";
import { stack } from "../project.ts";
import { type Progress, type Rehearsal, rehearse } from "./index.ts";

/** @param folder holds Pulumi.yaml and the stack's file */
export async function rehearseStack(
  folder: string,
  clouds: Clouds,
  onProgress: (event: Progress) => void,
): Promise<Rehearsal> {
  return rehearse(await program(), await readStackFile(folder, stack), clouds, onProgress);
}
