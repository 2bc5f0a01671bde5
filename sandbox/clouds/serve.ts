/** Serves a cloud's stand-in on loopback, with a log of the calls. */
import { appendFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { serve as listen } from "@hono/node-server";
import { type Context, Hono, type Next } from "hono";

/**
 * One call as it is logged: no header, no query, no body, since secrets travel in them. Paths hold names and ids only:
 * none of the four APIs has a call with a secret in its path, an env group's variable is there by its name.
 */
export interface Call {
  /** When it came in, ISO 8601. */
  time: string;
  method: string;
  /** Path without query. */
  path: string;
  /** 499: the connection was cut by a fault, or by the client. */
  status: number;
  /** Until the answer was there; in milliseconds. */
  ms: number;
}

/** A stand-in that is being served. */
export interface Served {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  url: string;
  /** All calls since the start, in the order of their answers. */
  calls: Call[];
  /** Stands before the app, lets a call through or answers in its place: what a vendor does on a bad day. */
  inject?: (context: Context, next: Next) => Promise<Response | undefined>;
  close(): Promise<void>;
}

/** What {@link serve} can be told besides the app. */
interface ServeOptions {
  /** A file to which each call is added as a line of JSON, a {@link Call}; readable by its owner only. */
  log?: string;
  /** Resolves when what stands behind has followed a change, which is answered only then: "created" is said when it is. */
  settled?: (() => Promise<void>) | undefined;
}

/**
 * Milliseconds that a connection may be idle. Longer than the clients keep theirs, so that the clients close them: the
 * providers' fails a POST that crosses a closing by the server, and keeps connections for 90 seconds.
 * https://pkg.go.dev/net/http#DefaultTransport, https://pkg.go.dev/net/http#Transport
 */
const keepAliveTimeout = 120_000;

/** Serves an app on 127.0.0.1. */
export async function serve(app: Hono, { log, settled }: ServeOptions = {}): Promise<Served> {
  const calls: Call[] = [];
  // Before the first call, so that a file that cannot be written fails the start and not a client.
  if (log !== undefined) writeFileSync(log, "", { flag: "a", mode: 0o600 });
  const outer = new Hono();
  outer.use(async (context, next) => {
    const start = Date.now();
    const injected = await served.inject?.(context, next);
    if (served.inject === undefined) await next();
    if (injected !== undefined) context.res = injected;
    const { pathname } = new URL(context.req.url);
    const call = {
      time: new Date(start).toISOString(),
      method: context.req.method,
      path: pathname,
      status: context.res.status,
      ms: Date.now() - start,
    };
    calls.push(call);
    if (log !== undefined) appendFileSync(log, `${JSON.stringify(call)}\n`, { mode: 0o600 });
  });
  outer.use(async ({ req }, next) => {
    await next();
    if (req.method !== "GET") await settled?.();
  });
  outer.onError((error, context) => context.json({ message: `sandbox: ${error.message}` }, 500));
  outer.route("/", app);
  const serverOptions = { keepAliveTimeout };
  const server = listen({ fetch: outer.fetch, hostname: "127.0.0.1", port: 0, serverOptions });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  const served: Served = { url: `http://127.0.0.1:${port}`, calls, close };
  return served;
}
