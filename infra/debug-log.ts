/** What `--debug` shows of the program. */
import * as pulumi from "@pulumi/pulumi";

const { debug } = pulumi.log;

/**
 * What the SDK writes behind these words is an answer of the engine or the arguments of a question to it, as a whole
 * and its secrets in clear. None of it is kept: a password that a provider did not mark as secret stands beside those
 * that are marked, and in whatever encoding.
 */
const values = /(\bresp: |\bobj=).*/s;

/**
 * Keeps values out of Pulumi's debug log; names, URNs and errors stay. Before anything is asked or registered.
 *
 * The SDK cannot be asked to: it sends its debug log always, and only the engine knows whether anybody reads it.
 */
export function keepValuesOutOfDebugLog(): void {
  // The SDK's own modules call it as a member, so that all of them find this one in its place.
  Object.assign(pulumi.log, {
    debug: (message: string, ...rest: [pulumi.Resource?, number?, boolean?]) =>
      debug(message.replace(values, "$1[not shown: may hold secrets]"), ...rest),
  });
}
