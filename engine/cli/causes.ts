/** Why the Pulumi CLI refused, in one line each: what it got, what was expected, what to do. */
import { oneLine } from "./events.ts";
import { type Holder, lockIn } from "./lock.ts";

/** How a command of the CLI ended that failed. */
export interface Failure {
  stderr: string;
  /** The signal that ended it. */
  signal?: string | undefined;
  /** Seconds after which it was given up. */
  gaveUpAfter?: number | undefined;
}

/** What it means; of some words with what they name. */
type Meaning = string | ((stack: string, match: RegExpExecArray) => string);

/** Source of the engine's own words: pkg/backend and sdk/go/common/workspace of Pulumi 3.255. */
const causes: readonly [RegExp, Meaning][] = [
  [
    /no stack named/,
    (stack) =>
      `there is no such stack; expected one that pulumi stack ls lists; pulumi stack init ${stack} makes it`,
  ],
  [
    /stack '[^']*' already exists/,
    "there is such a stack already; expected none; if somebody else is making it, wait for that, and run this again",
  ],
  [
    /passphrase must be set|incorrect passphrase/,
    "the passphrase is missing or wrong; expected it in PULUMI_CONFIG_PASSPHRASE, or in the file that PULUMI_CONFIG_PASSPHRASE_FILE names",
  ],
  [
    /PULUMI_ACCESS_TOKEN|pulumi login|not logged in/i,
    "nobody is logged in; expected PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL, or run pulumi login",
  ],
  [
    /no (\w+) plugin 'pulumi-\w+-([\w-]+?)-v?(\d[^\s']*)' found/,
    (_, [, kind, name, version]) =>
      `the plugin ${name} ${version} is missing; run pulumi plugin install ${kind} ${name} ${version}`,
  ],
  [
    /decrypt/,
    "its secrets cannot be decrypted; expected the credentials of its secrets provider in the environment",
  ],
];

/** What the engine's words are known to mean; undefined for all else. */
export function causeOf(said: string, stack: string): string | undefined {
  const holder = lockIn(said);
  if (holder !== undefined) return lockedBy(holder, stack);
  for (const [pattern, meaning] of causes) {
    const match = pattern.exec(said);
    if (match !== null) return typeof meaning === "string" ? meaning : meaning(stack, match);
  }
  return undefined;
}

/** Who is in the way, and what to do about it. */
export function lockedBy(holder: Holder, stack: string): string {
  if (holder.state === "working")
    return `locked: pulumi (process ${holder.pid}) works on ${stack}; expected nobody; wait for it. Nothing was changed`;
  return `locked: a pulumi works on ${stack}, or was killed on another machine; expected nobody; wait for it, or take its lock away with pulumi cancel --stack ${stack}. Nothing was changed`;
}

/**
 * A failure in one line.
 *
 * @param command such as `stack export`
 * @param opensSecrets the engine's words are not repeated then, since they may quote a setting: only what they are
 *   known to mean
 */
export function whyFailed(command: string, stack: string, failure: Failure, opensSecrets: boolean): string {
  const what = `pulumi ${command}${stack === "" ? "" : ` of ${stack}`} failed`;
  const { stderr, signal, gaveUpAfter } = failure;
  if (gaveUpAfter !== undefined)
    return `${what}: no answer within ${gaveUpAfter} seconds; check the network to where the state is`;
  const meaning = causeOf(stderr, stack);
  if (meaning !== undefined) return `${what}: ${meaning}`;
  if (opensSecrets) return `${what}: pulumi ${command} --stack ${stack} says why`;
  return `${what}: ${complaintIn(stderr) || `${signal ? `ended by ${signal}` : "it ended without an error message"}`}`;
}

/** What went wrong; the CLI writes warnings before it and hints after it. */
export function complaintIn(stderr: string): string {
  const lines = [...new Set(stderr.trim().split("\n"))];
  const said = lines.filter((line) => line.startsWith("error: "));
  return oneLine((said.length > 0 ? said : lines.slice(-1)).join("; ").replaceAll("error: ", ""));
}
