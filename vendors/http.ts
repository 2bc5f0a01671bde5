/**
 * How a vendor's API is called: by the proxy and with the authority that its provider, which is written in Go, would
 * use; again where that is safe; within a time limit; and with nothing secret in what fails.
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { EnvHttpProxyAgent, fetch, type Response } from "undici";
import { z } from "zod";
import { redacted, visible } from "./redaction.ts";

/** The vendors, as people call them. */
export type Vendor = "MongoDB Atlas" | "Render" | "Upstash" | "Redis Cloud" | "GitHub";

/** A key or an address, from where the vendor's provider takes it; empty where there is none. May be secret. */
export type Lookup = (key: string, ...variables: string[]) => string;

/** Values of the stack file first, as the providers have it, then the environment's. */
export const lookupIn =
  (given: (key: string) => string | undefined, environment: NodeJS.ProcessEnv): Lookup =>
  (key, ...variables) =>
    given(key) || variables.map((name) => environment[name]).find(Boolean) || "";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What headers are made for. */
export interface Authorization {
  method: Method;
  /** Path and query. */
  target: string;
  /** The vendor's own words, where it wants to be asked a second time (HTTP digest). */
  challenge?: string;
}

/** A vendor's API, and as whom it is called. */
export interface Account {
  vendor: Vendor;
  /** Without a slash at its end. */
  base: string;
  /** Headers that let a call in. Secret. */
  authorize(call: Authorization): Record<string, string> | Promise<Record<string, string>>;
  /** What an answer may repeat and nobody may see. */
  secrets: readonly string[];
  /** Where the keys are set, for whoever has to put them right. */
  keys: string;
}

/** How calls are made. */
export interface CallOptions {
  /** Whose proxy (`HTTPS_PROXY`, `NO_PROXY`) and authority (`SSL_CERT_FILE`) it is; this process' by default. */
  environment?: NodeJS.ProcessEnv;
  /** Milliseconds for one call with all its tries; a minute by default. */
  timeLimit?: number;
  /** How often a call that may be made again is; 5 by default. */
  retries?: number;
  /** Milliseconds before the second try where the vendor names no time; doubled each time. */
  pause?: number;
  /** Ends whatever is under way. */
  signal?: AbortSignal;
  /** Puts a failure into the words of whoever calls: what to do next. */
  word?: (error: VendorError) => Error;
}

/** A call that failed: what was asked, and what came. Holds no header, no key and no body. */
export class VendorError extends Error {
  override name = "VendorError";
  /** Nothing else of the account: the rest of it is secret, and Node shows what an error holds. */
  readonly account: Pick<Account, "vendor" | "keys" | "base">;

  /**
   * @param call method and path, without the query
   * @param got a status with the vendor's own words; a code of the network; or why an answer cannot be read
   */
  constructor(
    { vendor, keys, base }: Account,
    readonly call: string,
    readonly got: { status: number; words?: string } | { code: string } | { status: number; unread: string },
    /** The vendor certainly did nothing: nobody was reached, or it was asked too often. */
    readonly isUndone: boolean = false,
  ) {
    super(`${vendor}: ${call} ${described(got)}`);
    this.account = { vendor, keys, base };
    // A stack would lead into undici, whose errors hold the request.
    this.stack = "";
  }

  /** The status, when there was an answer. */
  get status(): number | undefined {
    return "status" in this.got ? this.got.status : undefined;
  }

  /** `ECONNREFUSED`, `TimeoutError` …, when there was none. */
  get code(): string | undefined {
    return "code" in this.got ? this.got.code : undefined;
  }

  /** The key is wrong, or may not do this. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

function described(got: VendorError["got"]): string {
  if ("code" in got) return `got no answer (${got.code})`;
  if ("unread" in got) return `answered ${got.status} with ${got.unread}`;
  return `answered ${got.status}${got.words ? ` (${got.words})` : ""}; expected 2xx`;
}

/** Of an answer, what may be left out or null; whoever reads it is told of the first alone. */
export const maybe = <Form extends z.ZodType>(form: Form) =>
  form.nullish() as unknown as z.ZodExactOptional<Form>;

/** Of an answer, a word; the vendor may have others than those that are known. */
export const word = <Word extends string>() => z.string() as unknown as z.ZodType<Word>;

/** A call's query and body, and whether it may be made twice; GET, PUT and DELETE may. */
export interface Request<Form extends z.ZodType = z.ZodType> {
  query?: Readonly<Record<string, string>>;
  body?: object;
  /** Sent as a form in place of JSON. */
  fields?: Readonly<Record<string, string>>;
  repeatable?: boolean;
  /** That there is nothing there (404) is as good as an answer: what is to be deleted is gone. */
  orNothing?: true;
  /** What has to be in the answer: whoever reads it relies on that. More may be. */
  form?: Form;
}

/** Characters of an answer; the largest that a vendor gives, a full page of a list, has some hundred thousand. */
const largest = 16 * 1024 * 1024;

/** Pages of a list. A vendor that names a next one for ever has none. */
export const mostPages = 1000;

/** Of the network's errors those after which nothing can have reached the vendor. */
const unsent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/** Calls of one account. */
export class VendorApi {
  private readonly dispatcher: EnvHttpProxyAgent;

  constructor(
    readonly account: Account,
    private readonly options: CallOptions = {},
  ) {
    this.dispatcher = dispatcherFor(options.environment ?? process.env);
  }

  /** @throws what `word` makes of a {@link VendorError} */
  async get<Form extends z.ZodType>(
    path: string,
    form: Form,
    query: Readonly<Record<string, string>> = {},
  ): Promise<z.infer<Form>> {
    return (await this.send("GET", path, { query, form })) as z.infer<Form>;
  }

  /** What is there, or nothing. @throws as {@link get} */
  find<Form extends z.ZodType>(path: string, form: Form): Promise<z.infer<Form> | undefined> {
    return this.send("GET", path, { form, orNothing: true });
  }

  /** @throws as {@link get} */
  async delete(path: string): Promise<void> {
    await this.send("DELETE", path, { orNothing: true });
  }

  /** @returns what is said of a list that does not end */
  endless(path: string): Error {
    const unread = `more than ${mostPages} pages`;
    const failure = new VendorError(this.account, `GET ${path}`, { status: 200, unread });
    return this.options.word?.(failure) ?? failure;
  }

  /**
   * One call. What the vendor certainly did not do is tried again (429, nobody reached), and what may be done twice also
   * when nobody knows (5xx, an answer that broke off).
   *
   * @returns the answer's JSON; undefined for an empty one
   * @throws what `word` makes of a {@link VendorError}
   */
  async send<Form extends z.ZodType>(
    method: Method,
    path: string,
    request: Request<Form> = {},
  ): Promise<z.infer<Form> | undefined> {
    const { timeLimit = 60_000, retries = 5, pause = 500, signal } = this.options;
    const end = Date.now() + timeLimit;
    const ended = AbortSignal.any([AbortSignal.timeout(timeLimit), ...(signal ? [signal] : [])]);
    const repeatable = request.repeatable ?? ["GET", "PUT", "DELETE"].includes(method);
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.answer(method, path, request, ended);
      if (answer.failure === undefined) return answer.json as z.infer<Form> | undefined;
      const { status } = answer.failure;
      if (request.orNothing && status === 404) return undefined;
      const again = answer.failure.isUndone || (repeatable && (status === undefined || status >= 500));
      const wait = answer.retryAfter ?? pause * 2 ** attempt;
      if (!again || attempt >= retries || ended.aborted || Date.now() + wait > end)
        throw this.options.word?.(answer.failure) ?? answer.failure;
      await sleep(wait, undefined, signal ? { signal } : {}).catch(() => undefined);
    }
  }

  private async answer(
    method: Method,
    path: string,
    { query = {}, body, fields, form }: Request,
    signal: AbortSignal,
  ): Promise<{ json?: unknown; failure?: VendorError; retryAfter?: number | undefined }> {
    const search = new URLSearchParams(query).toString();
    const target = `${path}${search === "" ? "" : `?${search}`}`;
    const failed = (got: VendorError["got"], isUndone = false) =>
      new VendorError(this.account, `${method} ${path}`, got, isUndone);
    const ask = async (challenge?: string) => {
      const given = await this.account.authorize({ method, target, ...(challenge && { challenge }) });
      const answer = await fetch(this.account.base + target, {
        method,
        headers: { ...given, ...(body && { "content-type": "application/json" }) },
        ...(body && { body: JSON.stringify(body) }),
        ...(fields && { body: new URLSearchParams(fields) }),
        dispatcher: this.dispatcher,
        signal,
        // No vendor sends its callers elsewhere, and the keys in the headers are for nobody else.
        redirect: "manual",
      });
      return { status: answer.status, headers: answer.headers, text: await textOf(answer) };
    };
    try {
      let { status, headers, text } = await ask();
      const challenge = headers.get("www-authenticate") ?? "";
      if (status === 401 && /^digest /i.test(challenge)) ({ status, headers, text } = await ask(challenge));
      if (text === undefined)
        return { failure: failed({ status, unread: `more than ${largest} characters` }) };
      const json = parsed(text);
      if (status < 200 || status > 299) {
        const wait = retryAfter(headers);
        // GitHub says with 403 that it was asked too often, and then when it may be asked again.
        const isUndone = status === 429 || (status === 403 && wait !== undefined);
        return { failure: failed({ status, words: this.words(json) }, isUndone), retryAfter: wait };
      }
      if (json === undefined) return { failure: failed({ status, unread: "something that is not JSON" }) };
      const issue = form?.safeParse(json).error?.issues[0];
      if (issue === undefined) return { json: json ?? undefined };
      const where = issue.path.join(".") || "all of it";
      return { failure: failed({ status, unread: `JSON of another form (${where}: ${issue.message})` }) };
    } catch (error) {
      if (error instanceof VendorError) return { failure: error };
      // Nothing else of the error: it can hold the request's headers.
      const { name, cause } = error as { name?: string; cause?: { code?: string } };
      const code = cause?.code ?? name ?? "unknown";
      return { failure: failed({ code }, unsent.has(code)) };
    }
  }

  /** The vendor's words, without the keys that it may repeat; cut only then, or a part of a key could remain. */
  private words(json: unknown): string {
    const { message, detail, description } = (json ?? {}) as Record<string, unknown>;
    const text = [message, detail, description].find((one) => typeof one === "string") as string | undefined;
    return visible(
      redacted(text ?? "", this.account.secrets)
        .replace(/\s+/g, " ")
        .slice(0, 200),
    );
  }
}

/** The whole answer; undefined where that is too much. */
async function textOf({ body }: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > largest) return undefined;
  }
  return text + decoder.decode();
}

/** null: nothing; undefined: no JSON. */
function parsed(text: string): unknown {
  try {
    return text.trim() === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds; the header has seconds or a date, and GitHub's own the second from which on it may be asked again.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function retryAfter(headers: { get(name: string): string | null }): number | undefined {
  const text = headers.get("retry-after") ?? "";
  const isUsedUp = text === "" && headers.get("x-ratelimit-remaining") === "0";
  const until = isUsedUp ? Number(headers.get("x-ratelimit-reset")) * 1000 : Date.parse(text);
  const wait = /^\d+$/.test(text) ? Number(text) * 1000 : until - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/**
 * As Go's `http.ProxyFromEnvironment` and its certificate pool have it, so that whoever can run the providers can run
 * this: names in either case, never a proxy for this machine, `SSL_CERT_FILE` in place of the system's authorities.
 *
 * @see https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config
 */
function dispatcherFor(environment: NodeJS.ProcessEnv): EnvHttpProxyAgent {
  const authority = environment.SSL_CERT_FILE;
  const tls = authority ? { ca: readFileSync(authority) } : {};
  const either = (name: string) => environment[name] || environment[name.toLowerCase()] || "";
  return new EnvHttpProxyAgent({
    connect: tls,
    // For what is reached by the proxy; the type does not know it.
    requestTls: tls,
    httpProxy: either("HTTP_PROXY"),
    httpsProxy: either("HTTPS_PROXY"),
    noProxy: [either("NO_PROXY"), "localhost", "127.0.0.1", "::1"].filter((one) => one !== "").join(","),
  } as EnvHttpProxyAgent.Options);
}
