/** Faults that a stand-in injects on purpose: what networks and vendors do on a bad day. */
import { setTimeout as delay } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { Context, Next } from "hono";
import type { Served } from "../../sandbox/clouds/serve.ts";

/** What goes wrong. */
export type Fault =
  /** 429 with `Retry-After: 1`; the call has no effect. */
  | "too many requests"
  /** 500; the call has no effect. */
  | "server error"
  /** The connection is cut before the call has any effect. */
  | "reset"
  /** The call has no effect and no answer, until the client gives up or the rule's `ms` have passed. */
  | "timeout"
  /** The call takes effect, and is answered after the rule's `ms`. */
  | "slow"
  /** The call takes effect, and the connection is cut instead of the answer. */
  | "lost answer"
  /** The call takes effect, and half of the answer's body is sent. */
  | "malformed body";

/** Where a fault strikes. */
export interface FaultRule {
  fault: Fault;
  /** For example `POST`; every method by default. */
  method?: string;
  /** Matches the path without query; every path by default. */
  path?: RegExp;
  /** The n-th matching call, counted from 1; the first by default. */
  nth?: number;
  /** `slow`: until the answer, 1000 by default. `timeout`: until the connection is cut; never by default. */
  ms?: number;
}

const attached = new WeakMap<Served, Faults>();

/** The faults of a stand-in that is being served. */
export function faultsOf(served: Served): Faults {
  const faults = attached.get(served) ?? new Faults();
  attached.set(served, faults);
  served.inject = (context, next) => faults.inject(context, next);
  return faults;
}

/** Rules that strike once each. */
export class Faults {
  /** Rules that have struck. */
  readonly struck: FaultRule[] = [];
  private waiting: { rule: FaultRule; seen: number }[] = [];

  add(...rules: FaultRule[]): void {
    this.waiting.push(...rules.map((rule) => ({ rule, seen: 0 })));
  }

  /** Takes back the rules that have not struck. */
  clear(): void {
    this.waiting = [];
  }

  /** Middleware: lets the call through, or answers in its place. */
  async inject(context: Context, next: Next): Promise<Response | undefined> {
    const rule = this.strike(context.req.method, new URL(context.req.url).pathname);
    const fault = rule?.fault;
    if (fault === "too many requests")
      return context.json({ message: "too many requests" }, 429, { "Retry-After": "1" });
    if (fault === "server error") return context.json({ message: "internal server error" }, 500);
    if (fault === "timeout") await clientGone(context, rule?.ms);
    if (fault === "reset" || fault === "timeout") return cut(context);
    await next();
    if (fault === "slow") await delay(rule?.ms ?? 1000);
    if (fault === "lost answer") return cut(context);
    if (fault === "malformed body") {
      const body = await context.res.text();
      return new Response(body.slice(0, Math.floor(body.length / 2)), context.res);
    }
    return undefined;
  }

  private strike(method: string, path: string): FaultRule | undefined {
    for (const entry of this.waiting) {
      const { rule } = entry;
      if ((rule.method ?? method) !== method || rule.path?.test(path) === false) continue;
      entry.seen += 1;
      if (entry.seen < (rule.nth ?? 1)) continue;
      this.waiting = this.waiting.filter((other) => other !== entry);
      this.struck.push(rule);
      return rule;
    }
    return undefined;
  }
}

const socketOf = (context: Context) => (context.env as HttpBindings).incoming.socket;

/** Resolves when the client has closed the connection, or after `ms`. */
function clientGone(context: Context, ms: number | undefined): Promise<void> {
  const socket = socketOf(context);
  return new Promise((resolve) => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms);
    socket.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
    // A client that gave up while the call was on its way is not heard of again.
    if (socket.destroyed) resolve();
  });
}

/** Cuts the connection; the answer that is returned reaches nobody. */
function cut(context: Context): Response {
  socketOf(context).destroy();
  return new Response(null, { status: 499 });
}
