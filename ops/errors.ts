/** The commands' one error; `engine` throws it, too. */
export { UserError } from "../engine/errors.ts";
