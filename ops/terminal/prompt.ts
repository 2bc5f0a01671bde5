/** Questions on the terminal. The library is loaded when somebody is asked. */
import { UserError } from "../../engine/errors.ts";

/**
 * Asks on this process' terminal; a secret is typed without echo.
 *
 * @param output stderr where a program may read stdout
 * @param undone what somebody who answers with Ctrl-C is told
 */
export function promptsOn(output: NodeJS.WriteStream, undone: string) {
  async function answered<T>(ask: (clack: typeof import("@clack/prompts")) => Promise<T>) {
    const clack = await import("@clack/prompts");
    const answer = await ask(clack);
    if (!clack.isCancel(answer)) return answer as Exclude<T, symbol>;
    clack.cancel(`Stopped; ${undone}.`, { output });
    throw new UserError(`stopped at a question; ${undone}`);
  }
  return {
    select: (message: string, options: { value: string; label: string; hint?: string }[]) =>
      answered(({ select }) => select({ message, options, output })),
    secret: (message: string) =>
      answered(({ password }) =>
        password({
          message,
          output,
          mask: "•",
          validate: (value) => (value ? undefined : "It cannot be empty"),
        }),
      ),
    confirm: (message: string) =>
      answered(({ confirm }) => confirm({ message, output, initialValue: false })),
  };
}

/**
 * Whether somebody agrees, at the terminal or beforehand.
 *
 * @param done what has not happened while nobody agrees
 * @throws UserError when nobody can be asked
 */
export async function consent(question: string, yes: boolean, done: "changed" | "made"): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY)
    throw new UserError(
      `${question} Nobody can be asked here; --yes says so beforehand. Nothing was ${done}`,
    );
  return promptsOn(process.stderr, `nothing more was ${done}`).confirm(`${question} Go on?`);
}
