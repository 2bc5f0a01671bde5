/** Questions on the terminal. Loaded only when somebody is asked. */
import { cancel, confirm, isCancel, password, select } from "@clack/prompts";
import { UserError } from "../../engine/errors.ts";

/**
 * Asks on this process' terminal; a secret is typed without echo.
 *
 * @param output stderr where a program may read stdout
 * @param undone what somebody who answers with Ctrl-C is told
 */
export function promptsOn(output: NodeJS.WriteStream, undone: string) {
  function answered<T>(answer: T): Exclude<T, symbol> {
    if (!isCancel(answer)) return answer as Exclude<T, symbol>;
    cancel(`Stopped; ${undone}.`, { output });
    throw new UserError(`stopped at a question; ${undone}`);
  }
  return {
    select: async (message: string, options: { value: string; label: string; hint?: string }[]) =>
      answered(await select({ message, options, output })),
    secret: async (message: string) =>
      answered(
        await password({
          message,
          output,
          mask: "•",
          validate: (value) => (value ? undefined : "It cannot be empty"),
        }),
      ),
    confirm: async (message: string) => answered(await confirm({ message, output, initialValue: false })),
  };
}
