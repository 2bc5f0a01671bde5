/** Why git did not do what it was asked. */

/** What of a failed run of git says why. */
interface Failure {
  code?: string | undefined;
  stderr?: unknown;
}

/** In one line: that there is none, or its own words; undefined where it has none, as for a ref that is not there. */
export function whyGit({ code, stderr }: Failure): string | undefined {
  if (code === "ENOENT") return "there is no git on the PATH";
  return /^(?:fatal|error): (.*)$/m.exec(String(stderr ?? ""))?.[1];
}
