/** Questions to the vendors' APIs: GET and nothing else, in one place, so that an adoption cannot change anything. */
import { readFileSync } from "node:fs";
import { EnvHttpProxyAgent, fetch } from "undici";
import { UserError } from "../errors.ts";
import type { VendorName } from "./model.ts";

/** A vendor's API. */
export interface Api {
  vendor: VendorName;
  /** Without a slash at its end. */
  base: string;
  /** Headers that let the call in. Secret. @param challenge the vendor's words, where it wants to be asked twice */
  authorize(path: string, challenge?: string): Promise<Record<string, string>> | Record<string, string>;
  /** Where the keys are set, for whoever has to put them right. */
  keys: string;
  environment: NodeJS.ProcessEnv;
}

/** The body of a GET, which has to be JSON. */
export type Get = <T>(path: string, query?: Record<string, string>) => Promise<T>;

const patience = 30_000;

/** @throws UserError one line: the vendor, the call, what it answered; never a header or a body */
export function getter(api: Api): Get {
  const dispatcher = dispatcherFor(api.environment);
  return async <T>(path: string, query: Record<string, string> = {}) => {
    const search = new URLSearchParams(query).toString();
    const target = `${path}${search === "" ? "" : `?${search}`}`;
    let answer = await ask(api, dispatcher, target, await api.authorize(target));
    if (answer.status === 401 && answer.challenge !== undefined)
      answer = await ask(api, dispatcher, target, await api.authorize(target, answer.challenge));
    const what = `${api.vendor}: GET ${path}`;
    if (answer.status === 401 || answer.status === 403)
      throw new UserError(
        `${what} answered ${answer.status}; expected 200: the key is wrong, or may not read this. It comes from ${api.keys}`,
      );
    if (answer.status !== 200)
      throw new UserError(`${what} answered ${answer.status}; expected 200. Nothing was written; try again`);
    try {
      return JSON.parse(answer.text) as T;
    } catch {
      throw new UserError(`${what} answered something that is not JSON; is ${api.base} ${api.vendor}'s API?`);
    }
  };
}

interface Answer {
  status: number;
  text: string;
  challenge: string | undefined;
}

async function ask(
  { vendor, base }: Api,
  dispatcher: EnvHttpProxyAgent,
  target: string,
  headers: Record<string, string>,
): Promise<Answer> {
  try {
    const answer = await fetch(base + target, { headers, dispatcher, signal: AbortSignal.timeout(patience) });
    const asked = answer.headers.get("www-authenticate") ?? "";
    return {
      status: answer.status,
      text: await answer.text(),
      challenge: /^digest /i.test(asked) ? asked : undefined,
    };
  } catch (error) {
    // Nothing else of the error: it can hold the request's headers.
    const { name, cause } = error as Error & { cause?: { code?: string } };
    const why = cause?.code ?? name;
    throw new UserError(
      `${vendor}: GET ${target.replace(/\?.*/, "")} got no answer (${why}). Nothing was written; check the network, then try again`,
    );
  }
}

/** By the proxy and with the authority that the vendors' providers, which are written in Go, would use. */
export function dispatcherFor(environment: NodeJS.ProcessEnv): EnvHttpProxyAgent {
  const authority = environment.SSL_CERT_FILE;
  const tls = authority ? { ca: readFileSync(authority) } : {};
  const either = (name: string) => environment[name] || environment[name.toLowerCase()] || "";
  return new EnvHttpProxyAgent({
    connect: tls,
    // For what is reached by the proxy; the type does not know it.
    requestTls: tls,
    httpProxy: either("HTTP_PROXY"),
    httpsProxy: either("HTTPS_PROXY"),
    noProxy: either("NO_PROXY"),
  } as EnvHttpProxyAgent.Options);
}
