/** The Pulumi CLI as the workflows run it, on this checkout's stacks. */
import { execa } from "execa";
import { root } from "../bundle.mjs";
import { parsed } from "../engine/events.ts";
import { findEngine } from "../engine/find.ts";
import { UserError } from "../errors.ts";
import type { EngineEvent } from "./drift.ts";
import type { PreviewJson } from "./preview.ts";

/** Runs the CLI on a stack. */
export interface Pulumi {
  /** @param plan file for an update plan, which `pulumi up --plan` then keeps to; secrets in it are encrypted */
  preview(stack: string, options: { policies?: string; plan?: string }): Promise<PreviewJson>;
  /** Asks every vendor what there is, and changes nothing. */
  refreshPreview(stack: string): Promise<EngineEvent[]>;
}

/** The installed CLI. @param folder of the project; this checkout by default */
export async function pulumi(folder = root, environment: NodeJS.ProcessEnv = process.env): Promise<Pulumi> {
  const engine = await findEngine(environment);
  if (engine === undefined)
    throw new UserError("no pulumi on the PATH or in ~/.pulumi; see https://www.pulumi.com/docs/install/");
  const run = async (args: string[], extra: Record<string, string> = {}) => {
    const { stdout, stderr, exitCode } = await execa(
      engine.path,
      [...args, "--json", "--non-interactive", "--color", "never"],
      {
        cwd: folder,
        env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true", ...extra },
        extendEnv: false,
        reject: false,
        // Events carry whole states.
        maxBuffer: 256 * 1024 * 1024,
      },
    );
    return { stdout, stderr, failed: exitCode !== 0 };
  };
  return {
    async preview(stack, { policies, plan }) {
      const { stdout, stderr, failed } = await run([
        ...["preview", "--stack", stack],
        ...(policies === undefined ? [] : ["--policy-pack", policies]),
        ...(plan === undefined ? [] : ["--save-plan", plan]),
      ]);
      const printed = parsed<PreviewJson & { diagnostics?: Diagnostic[] }>(stdout);
      if (failed || printed === undefined)
        throw new UserError(`pulumi preview of ${stack}: ${complaint(printed?.diagnostics ?? [], stderr)}`);
      return printed;
    },
    async refreshPreview(stack) {
      const { stdout, stderr, failed } = await run(["refresh", "--preview-only", "--stack", stack], {
        PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
      });
      const events = stdout.split("\n").flatMap((line) => parsed<EngineEvent>(line) ?? []);
      if (failed) {
        const said = events.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []);
        throw new UserError(`pulumi refresh of ${stack}: ${complaint(said, stderr)}`);
      }
      return events;
    },
  };
}

interface Diagnostic {
  severity?: string;
  message: string;
  urn?: string;
}

/** The errors in one line; the CLI itself writes secrets as [secret]. */
function complaint(diagnostics: readonly Diagnostic[], stderr: string): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  const said = errors.length > 0 ? errors : [stderr.trim().split("\n").at(-1) ?? ""];
  return (
    said.map((text) => text.trim().replaceAll(/\s*\n\s*/g, " ")).join("; ") || "it failed without a word"
  );
}
