/** Render's health check: a GET of a path, well when it answers 2xx or 3xx within 5 seconds. */
import http from "node:http";
import type { Health } from "../backend/health.ts";

/** @see https://render.com/docs/health-checks */
const answerWithin = 5000;

/** What a health check got: an answer, or none. */
export interface Answer {
  /** HTTP status. */
  status: number;
  body: string;
}

/** @param host the name under which the world knows the service, as Render sends it */
export const probe = (port: number, path: string, host: string) =>
  new Promise<Answer | undefined>((resolve) => {
    const nothing = () => resolve(undefined);
    const request = http.get(
      { host: "127.0.0.1", port, path, headers: { Host: host }, agent: false, timeout: answerWithin },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => {
          if (body.length < 64 * 1024) body += text;
        });
        response.once("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.once("error", nothing);
        response.once("close", nothing);
      },
    );
    request.setTimeout(answerWithin, () => request.destroy());
    request.once("error", nothing);
  });

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
