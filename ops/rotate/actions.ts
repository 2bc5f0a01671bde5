/** What `rotate` does: asks for what is to be rotated, and reports. */

import type { Stack } from "../../engine/cli/stack.ts";
import { UserError } from "../../engine/errors.ts";
import { type Rotatable, rotatable } from "../../infra/rotation/record.ts";
import { Render } from "../../vendors/render.ts";
import { json, write } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";
import { consent } from "../terminal/prompt.ts";
import { stackNamed } from "./engine.ts";
import { type RotateOptions, type RotationReport, RotationRun } from "./run.ts";
import { standingOf, standingText } from "./standing.ts";
import { StackState } from "./state.ts";

/** What can be asked for. */
export type Target = Rotatable | "all";

/** Rotates, or says where that stands. */
export async function rotate(target: Target, options: RotateOptions): Promise<void> {
  const databases: readonly Rotatable[] = target === "all" ? rotatable : [target];
  if (options.back && target !== "mongodb")
    throw new UserError(
      "--back: only MongoDB goes back; Render shows the password of its newest user only, and a password that was reset is gone. Put right what fails, and run npx kairos rotate again",
    );
  const progress = new Progress(false);
  const stack = await stackNamed(options.stack, (text) => progress.say(text));
  if (options.status) {
    const state = await StackState.of(stack);
    const all = databases.map((one) => standingOf(one, state));
    const text = `${all.map(standingText).join("\n")}\n`;
    return write(options.json ? json({ stack: options.stack, databases: all }) : text);
  }
  const render = await renderOf(stack);
  const reports: RotationReport[] = [];
  try {
    for (const database of databases) {
      const run = new RotationRun(database, {
        stack,
        render,
        progress,
        options,
        confirm: (question) => consent(question, options.yes === true, "changed"),
      });
      reports.push(await run.go());
    }
    if (reports.some(({ result }) => result === "declined")) process.exitCode = 1;
  } finally {
    progress.stop();
    if (options.json) await write(json({ stack: options.stack, rotations: reports }));
  }
}

async function renderOf(stack: Stack): Promise<Render> {
  const key = (await stack.setting("render:apiKey")) || process.env.RENDER_API_KEY || "";
  if (key === "")
    throw new UserError(
      "render:apiKey: got nothing; expected it in the stack file or in RENDER_API_KEY: without it nobody can say when the services are live",
    );
  // It asks for services and databases by id: whose they are does not matter.
  return new Render(
    Render.account(() => key),
    "",
    { word: ({ message }) => new UserError(`${message}. Run npx kairos rotate again: it goes on from here`) },
  );
}
