/** A vendor for one test: a server on loopback that answers as it is told and keeps what it was asked. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished, vi } from "vitest";

/** One call that came. */
export interface Call {
  method: string;
  /** With its query. */
  path: string;
}

/**
 * Stands where Render's API would for the rest of the test.
 *
 * @param body JSON, the same for every call, or made for each; undefined: an empty answer
 * @returns what it has been asked, in order
 */
export async function renderAnswers(status: number, body?: unknown): Promise<Call[]> {
  const calls: Call[] = [];
  const server = createServer(({ method = "", url = "" }, response) => {
    calls.push({ method, path: url });
    response.writeHead(status, { "content-type": "application/json" });
    const one = typeof body === "function" ? body() : body;
    response.end(one === undefined ? "" : JSON.stringify(one));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  vi.stubEnv("RENDER_HOST", `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return calls;
}
