/** The program that a plan is made of: this checkout's, or whichever the bundle was made with (see bundle.mjs). */
import type { checkSettings } from "../../infra/settings/index.ts";

/** A Pulumi program with its settings: this checkout's, or another version's. */
export interface Program {
  run: () => Promise<Record<string, unknown> | undefined>;
  checkSettings: typeof checkSettings;
}

/** Loads the program. Only then are Pulumi's SDKs loaded. */
export async function program(): Promise<Program> {
  const [{ default: run }, { checkSettings }] = await Promise.all([import("#program"), import("#settings")]);
  return { run, checkSettings };
}
