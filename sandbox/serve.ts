/** Serves a cloud's stand-in on loopback, with a log of the calls and faults where a test asks for them. */
import type { AddressInfo } from "node:net";
import { serve as listen } from "@hono/node-server";
import { Hono } from "hono";
import type { Faults } from "./faults.ts";

/** One call as it is logged: no header, no query, no body, since secrets travel in them. */
export interface Call {
  method: string;
  /** Path without query. */
  path: string;
  status: number;
}

/** A stand-in that is being served. */
export interface Served {
  /** `http://127.0.0.1:<port>`, no slash at the end. */
  url: string;
  /** All calls since the start, in order. */
  calls: Call[];
  close(): Promise<void>;
}

/** What {@link serve} can be told besides the app. */
export interface ServeOptions {
  /** Faults to inject; they act before the app sees the call, or on its answer. */
  faults?: Faults;
  /** A port that a restart keeps; a free one by default. */
  port?: number;
}

/** Serves an app on 127.0.0.1. */
export async function serve(app: Hono, { faults, port = 0 }: ServeOptions = {}): Promise<Served> {
  const calls: Call[] = [];
  const outer = new Hono();
  outer.use(async (context, next) => {
    const injected = await faults?.inject(context, next);
    if (faults === undefined) await next();
    if (injected !== undefined) context.res = injected;
    const { pathname } = new URL(context.req.url);
    calls.push({ method: context.req.method, path: pathname, status: context.res.status });
  });
  outer.route("/", app);
  const server = listen({ fetch: outer.fetch, hostname: "127.0.0.1", port });
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", reject);
  });
  const { port: bound } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${bound}`, calls, close };
}
