import { visible } from "../vendors/redaction.ts";

/** A problem that the person at the keyboard can solve: printed as it is, without a stack trace. */
export class UserError extends Error {
  override name = "UserError";

  /** @param message lines; what a name or an error of somebody else brings along is written out */
  constructor(message: string) {
    super(visible(message, "\n"));
  }
}
