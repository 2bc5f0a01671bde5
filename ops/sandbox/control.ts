/** How commands talk to a running sandbox: its answers are in host.ts. */
import type { Step } from "../../engine/cli/operation.ts";
import { UserError } from "../../engine/errors.ts";
import type { Record } from "./folder.ts";
import type { PolicyVerdict } from "./policies.ts";
import type { SandboxState } from "./state.ts";

type Variables = { [name: string]: string };

/** What a running sandbox does for its commands; arguments and answers travel as JSON. */
export interface Calls {
  state(): SandboxState;
  /** Addresses and keys for the engine's processes. Secret. */
  environment(): Variables;
  /** The variables of the backend. Secret. */
  variables(): Variables;
  /** Lets the sandbox outlive the command. */
  stay(): void;
  /** Ends the sandbox; with its folder, or not. */
  end(remove: boolean): void;
  /** Gives a variable a wrong value. @returns names of the services that now have it */
  spoil(variable: string): string[];
}

/** What the rehearsal tells while it runs: one JSON text per line. */
export type RehearsalLine = Step | { policies: PolicyVerdict } | { error: string };

/** Asks a running sandbox to do one of its calls. @throws UserError when it does not answer */
export const asking =
  (record: Record) =>
  async <C extends keyof Calls>(call: C, ...given: Parameters<Calls[C]>) =>
    (await post(record, call, given)).json() as Promise<ReturnType<Calls[C]>>;
export type Ask = ReturnType<typeof asking>;

/** Runs the program against the models, without an engine. @param folder holds Pulumi.yaml and the stack's file */
export async function* rehearsalOf(record: Record, folder: string): AsyncGenerator<RehearsalLine> {
  const { body } = await post(record, "rehearse", [folder]);
  let rest = "";
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as RehearsalLine;
  }
}

async function post({ port, token }: Record, call: string, given: unknown[]): Promise<Response> {
  const response = await fetch(`http://127.0.0.1:${port}/${call}`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(given),
  }).catch(() => undefined);
  if (response?.ok) return response;
  throw new UserError("the sandbox does not answer any more; npx kairos sandbox reset removes it");
}
