/** What `rotate` does: asks for what is to be rotated, and reports. */

import { UserError } from "../../engine/errors.ts";
import { type Rotatable, rotatable } from "../../infra/rotation/record.ts";
import { Render } from "../../vendors/render.ts";
import { json, write } from "../terminal/output.ts";
import { Progress } from "../terminal/progress.ts";
import { StackEngine } from "./engine.ts";
import { type RotateOptions, type RotationReport, RotationRun } from "./run.ts";
import { standingOf, standingText } from "./standing.ts";

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
  const engine = await StackEngine.open(options.stack, (text) => progress.say(text));
  if (options.status) {
    const state = await engine.state();
    const all = databases.map((one) => standingOf(one, state));
    const text = `${all.map(standingText).join("\n")}\n`;
    return write(options.json ? json({ stack: options.stack, databases: all }) : text);
  }
  const render = await renderOf(engine);
  const reports: RotationReport[] = [];
  try {
    for (const database of databases) {
      const run = new RotationRun(database, {
        engine,
        render,
        progress,
        options,
        confirm: confirmation(options),
      });
      reports.push(await run.go());
    }
    if (reports.some(({ result }) => result === "declined")) process.exitCode = 1;
  } finally {
    progress.stop();
    if (options.json) await write(json({ stack: options.stack, rotations: reports }));
  }
}

async function renderOf(engine: StackEngine): Promise<Render> {
  const key = (await engine.setting("render:apiKey")) || process.env.RENDER_API_KEY || "";
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

/** Asks before something that interrupts the backend. */
function confirmation({ yes }: RotateOptions): (question: string) => Promise<boolean> {
  return async (question) => {
    if (yes) return true;
    if (!process.stdin.isTTY)
      throw new UserError(
        `${question} Nobody can be asked here; --yes says so beforehand. Nothing was changed`,
      );
    const { promptsOn } = await import("../terminal/prompt.ts");
    return promptsOn(process.stderr, "nothing more was changed").confirm(`${question} Go on?`);
  };
}
