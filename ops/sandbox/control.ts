/** How commands talk to a running sandbox: its answers are in control-api.ts. */
import type { Step } from "../../engine/cli/operation.ts";
import { UserError } from "../../engine/errors.ts";
import type { Record } from "./folder.ts";
import type { PolicyVerdict } from "./policies.ts";
import type { SandboxState } from "./state.ts";

/** What the rehearsal tells while it runs: one JSON text per line. */
export type RehearsalLine = Step | { policies: PolicyVerdict } | { error: string };

/** Talks to a running sandbox. */
export class Control {
  private readonly record: Record;

  constructor(record: Record) {
    this.record = record;
  }

  async state(): Promise<SandboxState> {
    return (await this.call("GET", "/state")).json() as Promise<SandboxState>;
  }

  /** Addresses and keys for the engine's processes. Secret. */
  async environment(): Promise<{ [name: string]: string }> {
    return (await this.call("GET", "/environment")).json() as Promise<{ [name: string]: string }>;
  }

  /** The variables of the backend. Secret. */
  async variables(): Promise<{ [name: string]: string }> {
    return (await this.call("GET", "/variables")).json() as Promise<{ [name: string]: string }>;
  }

  async stay(): Promise<void> {
    await this.call("POST", "/stay");
  }

  async end(remove: boolean): Promise<void> {
    await this.call("POST", `/end?remove=${remove}`);
  }

  /** Names of the services that now have a wrong value. */
  async spoil(variable: string): Promise<string[]> {
    return (await this.call("POST", `/spoil/${encodeURIComponent(variable)}`)).json() as Promise<string[]>;
  }

  /** Runs the program against the models, without an engine. @param folder holds Pulumi.yaml and the stack's file */
  async *rehearse(folder: string): AsyncGenerator<RehearsalLine> {
    const { body } = await this.call("POST", "/rehearse", { folder });
    let rest = "";
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as RehearsalLine;
    }
  }

  private async call(method: string, path: string, body?: object): Promise<Response> {
    const { port, token } = this.record;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (response?.ok) return response;
    throw new UserError("the sandbox does not answer any more; npx kairos sandbox reset removes it");
  }
}
