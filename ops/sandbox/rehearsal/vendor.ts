/** What a vendor's file tells the rehearsal: how each type of resource becomes calls of the vendor's API. */
import { setTimeout as pause } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";
import { UserError } from "../../../engine/errors.ts";
import { Refusal, type Route, type VendorApi, vendorApi } from "../../../sandbox/clouds/api.ts";
import type { Described } from "../../../sandbox/clouds/described.ts";

/** What a provider would answer after a creation. */
export interface Created {
  /** In the form that the provider gives it. */
  id: string;
  /** Beside the inputs, which are outputs too. Secret ones are marked: see `secret` in engine/in-process/wire.ts. */
  outputs: Record<string, unknown>;
}

/** A resource that is there: its inputs, and what its creation gave. */
export type Existing<Inputs> = Inputs & { id: string } & Readonly<Record<string, unknown>>;

/** How one type of resource is created, and how it goes; each throws the vendor's refusal. */
export interface Translation {
  /** The inputs that are translated. Any other is an error, not something that gets lost. */
  readonly properties: readonly string[];
  /** Resolves when the vendor says that it is ready. */
  create(inputs: never): Created | Promise<Created>;
  remove(existing: never): unknown;
  /** The one input that it knows to change. A change of any other is refused. */
  readonly changes?: { readonly property: string; to(existing: never): unknown };
}

/** By type token. */
export type Translations = Record<string, Translation>;

type Inputs<Args, P extends keyof Args & string> = Pick<pulumi.Unwrap<Args>, P & keyof pulumi.Unwrap<Args>>;

/** A translation whose code can read no input beyond those that it names. */
export const translation =
  <Args>() =>
  <P extends keyof Args & string>(
    properties: readonly P[],
    create: (inputs: Inputs<Args, P>) => Created | Promise<Created>,
    remove: (existing: Existing<Inputs<Args, P>>) => unknown,
    changes?: { property: P; to(existing: Existing<Inputs<Args, P>>): unknown },
  ): Translation => ({ properties, create, remove, ...(changes && { changes }) });

/**
 * One call of a vendor's API.
 *
 * @param call method and path
 * @returns the answer's JSON
 * @throws UserError with the vendor's words
 */
export type Send = <T>(call: string, body?: object, headers?: Record<string, string>) => Promise<T>;

/** Calls of a stand-in that need no way there, and no key. */
export function sendTo(vendor: string, routes: Route[], described: Described): Send {
  const refused = () => new Refusal(404, {}, "");
  const enter: VendorApi["enter"] = (_, next) => next();
  const api = vendorApi({ basePath: "/", routes, described, enter, malformed: refused, unknown: refused });
  return async (call, body, headers = {}) => {
    const [method = "", path = ""] = call.split(" ");
    const answer = await api.request(path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    const text = await answer.text();
    const json = text === "" ? undefined : JSON.parse(text);
    if (answer.ok) return json;
    // Atlas has codes, Upstash answers with the bare words.
    const { errorCode, detail, message } = json;
    const words = errorCode === undefined ? (message ?? json) : `${answer.status} ${errorCode}: ${detail}`;
    throw new UserError(`${vendor} refused: ${words}`);
  };
}

/** As long as Render's provider waits for a database, in milliseconds. */
const longestWait = 15 * 60_000;

/** Looks again and again until what it sees is ready, and gives that. */
export async function until<T>(
  what: string,
  look: () => Promise<T>,
  isReady: (seen: T) => boolean,
): Promise<T> {
  const end = Date.now() + longestWait;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 250)) {
    const seen = await look();
    if (isReady(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what} is not ready after ${longestWait / 60_000} minutes`);
    await pause(wait);
  }
}
