/** Prompts on the terminal. Loaded only when somebody is asked. */
import { cancel, confirm, isCancel, password, select } from "@clack/prompts";
import { UserError } from "../errors.ts";
import type { Prompt } from "./choose.ts";

/** Asks on this process' terminal; a secret is typed without echo. */
export const terminal: Prompt = {
  select: async (message, options) => answered(await select({ message, options })),
  secret: async (message) =>
    answered(
      await password({ message, mask: "•", validate: (value) => (value ? undefined : "It cannot be empty") }),
    ),
  confirm: async (message) => answered(await confirm({ message, initialValue: false })),
};

function answered<T>(answer: T): Exclude<T, symbol> {
  if (!isCancel(answer)) return answer as Exclude<T, symbol>;
  cancel("Nothing was written.");
  throw new UserError("stopped at a question; nothing was written");
}
