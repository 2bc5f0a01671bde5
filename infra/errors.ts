import * as pulumi from "@pulumi/pulumi";
import { visible } from "../vendors/redaction.ts";

/**
 * What the person who runs the stack can put right: the engine prints the message and nothing else.
 *
 * It has no stack trace. Pulumi hides that of a RunError, but formats it all the same, and with the colours of
 * Node 20 that takes over 20 seconds and a gigabyte when frames of packages are in it.
 */
export class OperatorError extends pulumi.RunError {
  constructor(message: string) {
    super(visible(message, "\n"));
    this.stack = "";
  }
}
