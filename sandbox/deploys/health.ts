/** How a deploy is: Render's health check, well when it answers 2xx or 3xx within 5 seconds; and why one failed, for people. */
import { request } from "undici";
import type { DatabaseName, Health } from "../backend/health.ts";
import type { Reason } from "../backend/reasons.ts";
import type { Exit } from "../processes/supervised.ts";

/** @see https://render.com/docs/health-checks */
const answerWithin = 5000;

/** What a health check got: an answer, or none. */
export interface Answer {
  /** HTTP status. */
  status: number;
  body: string;
}

/** @param host the name under which the world knows the service, as Render sends it */
export async function probe(port: number, path: string, host: string): Promise<Answer | undefined> {
  const signal = AbortSignal.timeout(answerWithin);
  try {
    const answer = await request(`http://127.0.0.1:${port}${path}`, {
      headers: { host },
      signal,
      reset: true,
    });
    return { status: answer.statusCode, body: await answer.body.text() };
  } catch {
    return undefined;
  }
}

export const isWell = (answer: Answer | undefined) =>
  answer !== undefined && answer.status >= 200 && answer.status < 400;

/** The health of our own backend, which is trusted to answer in its own shape. */
export function healthOf(answer: Answer | undefined): Health | undefined {
  try {
    return answer === undefined ? undefined : (JSON.parse(answer.body) as Health);
  } catch {
    return undefined;
  }
}

const labels: Record<DatabaseName, string> = { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" };

const sentences: Record<Reason, (label: string) => string> = {
  "missing setting": (label) => `${label} cannot be reached: a variable is missing`,
  "invalid setting": (label) => `${label} cannot be reached: a variable is not valid`,
  "wrong user or password": (label) => `${label} refused the login: wrong user or password`,
  "not allowed": (label) => `${label} let the user in, but not into this database: no right to write`,
  "no such database": (label) => `${label} has no database of this name`,
  "host not found": (label) => `${label} cannot be reached: host not found`,
  "connection refused": (label) => `${label} cannot be reached: connection refused`,
  "connection closed": (label) => `${label} closed the connection`,
  timeout: (label) => `${label} did not answer in time`,
  TLS: (label) => `${label} cannot be reached: TLS failed, or its certificate is not trusted`,
  error: (label) => `${label} failed with an error that has no name`,
};

/** What the backend's health says of the databases that fail; undefined when none does. */
export function reasonOfHealth({ databases }: Health): string | undefined {
  const failed = Object.entries(databases).flatMap(([name, one]) =>
    one.state === "failed"
      ? [`${sentences[one.reason](labels[name as DatabaseName])} (${one.variables.join(", ")})`]
      : [],
  );
  return failed.length === 0 ? undefined : failed.join("; ");
}

/** How the process ended, and what it said last. */
export function reasonOfExit(exit: Exit, command: string, lines: readonly string[]): string {
  if ("problem" in exit)
    return exit.problem === "ENOENT"
      ? `${command} does not start: no such program or folder`
      : `${command} does not start: ${exit.problem}`;
  const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
  return `the process ended with ${how}${lastWords(lines)}`;
}

/** @param milliseconds how long it was waited for */
export function reasonOfTimeout(
  { path, port, status }: { path: string | undefined; port: number; status: number | undefined },
  milliseconds: number,
  lines: readonly string[],
): string {
  const seconds = `${milliseconds / 1000} s`;
  const what =
    path === undefined
      ? `nothing listened on port ${port} (PORT)`
      : status === undefined
        ? `GET ${path} on port ${port} (PORT) was not answered`
        : `GET ${path} answered ${status}`;
  return `${what} for ${seconds}${lastWords(lines)}`;
}

/** The last lines that say something. */
export function lastWords(lines: readonly string[]): string {
  const last = lines.filter((line) => line.trim() !== "").slice(-2);
  return last.length === 0 ? "; it wrote nothing" : `; its last words: ${last.join(" / ").slice(0, 400)}`;
}
