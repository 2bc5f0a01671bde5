/** A problem that the person at the keyboard can solve: printed as it is, without a stack trace. */
export class UserError extends Error {
  override name = "UserError";
}
