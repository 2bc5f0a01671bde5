/** The Pulumi CLI as an adoption needs it: reads and encrypts settings, reads the state, previews. It changes nothing. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import type { Engine } from "../../engine/cli/find.ts";
import type { ExistingResource } from "../../infra/state.ts";
import { UserError } from "../errors.ts";

/** What the engine would do to one resource. */
export interface Step {
  op: string;
  type: string;
  /** Pulumi's name of the resource. */
  name: string;
  /** Properties that an update would change, as far as the engine says. */
  properties: string[];
}

export interface Preview {
  steps: Step[];
  /** One line each. */
  errors: string[];
  warnings: string[];
}

export class Pulumi {
  constructor(
    private readonly engine: Engine,
    private readonly folder: string,
    private readonly stack: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** All values, decrypted. Secret. @param stackFile the text of another stack file than the stack's own */
  async config(stackFile?: string): Promise<Record<string, string>> {
    const ask = (...file: string[]) => this.run(["config", "--show-secrets", "--json", ...file]);
    const text =
      stackFile === undefined
        ? await ask()
        : await this.withFile(stackFile, (file) => ask(...fileFlag(file)));
    const values = JSON.parse(text) as Record<string, { value?: string }>;
    return Object.fromEntries(Object.entries(values).map(([key, { value = "" }]) => [key, value]));
  }

  /** What the last `up` left; nothing before the first. */
  async resources(): Promise<ExistingResource[]> {
    const { deployment } = JSON.parse(await this.run(["stack", "export"])) as {
      deployment?: { resources?: { type: string; outputs?: Record<string, unknown>; delete?: boolean }[] };
    };
    return (deployment?.resources ?? [])
      .filter((one) => one.delete !== true)
      .map(({ type, outputs = {} }) => ({ type, outputs }));
  }

  /**
   * Texts as the stack's own secrets provider encrypts them. The engine writes them into a scratch file, not into the
   * stack's: it would lay out the whole file anew.
   *
   * @param header what stands beside `config:` in the stack file
   * @returns the ciphertexts in order, and the header, to which the engine may have added its salt
   */
  async encrypt(
    header: Record<string, unknown>,
    texts: readonly string[],
  ): Promise<{ secure: string[]; header: Record<string, unknown> }> {
    if (texts.length === 0) return { secure: [], header };
    return this.withFile(stringify({ ...header, config: {} }), async (file) => {
      for (const [index, text] of texts.entries())
        await this.run(["config", "set", "--secret", `adopt:secret${index}`, ...fileFlag(file)], text);
      const { config, ...made } = parse(await readFile(file, "utf8")) as {
        config: Record<string, { secure: string }>;
      };
      return { secure: texts.map((_, index) => config[`adopt:secret${index}`]?.secure ?? ""), header: made };
    });
  }

  /** What `up` would do with this stack file in place of the stack's own, which stays as it is. */
  async preview(stackFile: string): Promise<Preview> {
    return this.withFile(stackFile, async (file) => {
      const args = ["preview", "--json", "--non-interactive", "--stack", this.stack, ...fileFlag(file)];
      const child = execa(this.engine.path, args, {
        ...this.options(),
        env: { ...this.environment, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
        lines: true,
      });
      const preview: Preview = { steps: [], errors: [], warnings: [] };
      for await (const line of child) read(line, preview);
      const { exitCode, stderr } = await child;
      if (exitCode !== 0 && preview.errors.length === 0)
        preview.errors.push(whyNot(this.stack, [stderr].flat().join("\n"), "preview"));
      return preview;
    });
  }

  /** @param input what the command reads from its standard input, so that it stands on no command line */
  private async run(args: string[], input?: string): Promise<string> {
    const { stdout, stderr, failed } = await execa(
      this.engine.path,
      [...args, "--stack", this.stack, "--non-interactive"],
      { ...this.options(), ...(input === undefined ? { stdin: "ignore" } : { input }) },
    );
    if (!failed) return stdout;
    throw new UserError(whyNot(this.stack, stderr, args.slice(0, args[0] === "config" ? 1 : 2).join(" ")));
  }

  /** Writes a stack file for a while where only this user can read it. */
  private async withFile<T>(text: string, work: (file: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-adopt-"));
    try {
      const file = path.join(folder, `Pulumi.${this.stack}.yaml`);
      await writeFile(file, text, { mode: 0o600 });
      return await work(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private options() {
    return {
      cwd: this.folder,
      env: { ...this.environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      extendEnv: false,
      reject: false,
    } as const;
  }
}

const fileFlag = (file: string) => ["--config-file", file];

/** The engine's words are not repeated, since they may quote a setting: only what they are known to mean. */
function whyNot(stack: string, stderr: string, command: string): string {
  const known: [RegExp, string][] = [
    [/no stack named/, `there is no stack ${stack} yet; run pulumi stack init ${stack}`],
    [
      /passphrase must be set|incorrect passphrase/,
      "the passphrase is missing or wrong; set PULUMI_CONFIG_PASSPHRASE",
    ],
    [/PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i, "nobody is logged in; run pulumi login"],
    [/decrypt/, "its secrets cannot be decrypted; check the secrets provider's credentials"],
  ];
  const meaning = known.find(([pattern]) => pattern.test(stderr))?.[1];
  return `--stack: pulumi ${command} failed: ${meaning ?? `pulumi ${command} --stack ${stack} says why`}`;
}

// Source: sdk/go/common/apitype/events.go of Pulumi.
interface EngineEvent {
  resourcePreEvent?: {
    metadata: {
      op: string;
      urn: string;
      type: string;
      diffs?: string[] | null;
      detailedDiff?: Record<string, unknown> | null;
    };
  };
  diagnosticEvent?: { severity: string; message: string; ephemeral?: boolean };
}

function read(line: string, preview: Preview): void {
  const event = parsed(line);
  const metadata = event?.resourcePreEvent?.metadata;
  if (metadata !== undefined) {
    const { op, type, urn, diffs, detailedDiff } = metadata;
    const properties = [...new Set([...(diffs ?? []), ...Object.keys(detailedDiff ?? {})])];
    preview.steps.push({ op, type, name: urn.split("::").at(-1) ?? urn, properties });
  }
  const said = event?.diagnosticEvent;
  if (said === undefined || said.ephemeral) return;
  const text = said.message
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
    .replace(/\u001b\[[0-9;]*m|<\{%[^%]*%\}>/g, "")
    .trim();
  if (said.severity === "error") preview.errors.push(text);
  if (said.severity === "warning") preview.warnings.push(text);
}

function parsed(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}
