/** The Pulumi CLI as the workflows run it, on this checkout's stacks. */
import { execa } from "execa";
import { oneLine, parsed } from "../../engine/cli/events.ts";
import { neededEngine } from "../../engine/cli/find.ts";
import { UserError } from "../errors.ts";
import { projectRoot } from "../project.ts";
import { type EngineEvent, verdictsIn } from "./events.ts";

/** What the engine told. */
export interface EnginePreview {
  events: EngineEvent[];
  /** Why it ended in failure, in one line. */
  error?: string;
}

/** Runs the CLI on a stack. */
export interface Pulumi {
  /**
   * What `up` would do, and what the vendors have now: somebody may have changed it without Pulumi.
   *
   * @param plan file for an update plan, which `pulumi up --plan` then keeps to; secrets in it are encrypted
   */
  preview(stack: string, options: { policies?: string; plan?: string }): Promise<EnginePreview>;
  /** Asks every vendor what there is, and changes nothing. */
  refreshPreview(stack: string): Promise<EngineEvent[]>;
}

/** The installed CLI. @param folder of the project; this checkout by default */
export async function pulumi(
  folder = projectRoot,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Pulumi> {
  const engine = await neededEngine(environment);
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
  const told = async (what: string, args: string[]): Promise<EnginePreview> => {
    const { stdout, stderr, failed } = await run(args, { PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" });
    const events = stdout.split("\n").flatMap((line) => parsed<EngineEvent>(line) ?? []);
    return failed ? { events, error: `${what}: ${complaint(events, stderr)}` } : { events };
  };
  return {
    preview: (stack, { policies, plan }) =>
      told(`pulumi preview of ${stack}`, [
        ...["preview", "--refresh", "--stack", stack],
        ...(policies === undefined ? [] : ["--policy-pack", policies]),
        ...(plan === undefined ? [] : ["--save-plan", plan]),
      ]),
    async refreshPreview(stack) {
      const args = ["refresh", "--preview-only", "--stack", stack];
      const { events, error } = await told(`pulumi refresh of ${stack}`, args);
      if (error !== undefined) throw new UserError(error);
      return events;
    },
  };
}

/** The errors in one line; the CLI itself writes secrets as [secret]. */
function complaint(events: readonly EngineEvent[], stderr: string): string {
  const broken = verdictsIn(events).filter(({ level }) => level === "mandatory");
  const errors = events.flatMap(({ diagnosticEvent: said }) =>
    said?.severity === "error" ? said.message : [],
  );
  const violations = broken.map(({ policy, resource, message }) => `${policy}, ${resource}: ${message}`);
  const said = [...violations, ...errors];
  if (said.length === 0) said.push(stderr.trim().split("\n").at(-1) ?? "");
  return said.map(oneLine).join("; ") || "it failed without a word";
}
