/** GitHub's REST API, as far as reviews need it: https://docs.github.com/en/rest */
import { z } from "zod";
import { UserError } from "../../engine/errors.ts";
import { type Method, mostPages, VendorApi, type VendorError } from "../../vendors/http.ts";

/** Where to call, and as whom. */
export interface GitHubOptions {
  /** `GITHUB_API_URL`, without a slash at its end. */
  api: string;
  /** `owner/name`. */
  repository: string;
  /** Secret. */
  token: string;
  /** Milliseconds before a second try where GitHub names no time. */
  pause?: number;
}

/** GitHub refused: the token may not do this. */
export class NotAllowed extends UserError {
  override name = "NotAllowed";
}

/** Nobody knows whether what was asked was done. */
export class UncertainOutcome extends UserError {
  override name = "Uncertain";
}

/** A job that waits longer than this had better be run again. In milliseconds. */
const timeLimit = 10 * 60_000;
const perPage = 100;

export class GitHub {
  private readonly calls: VendorApi;

  constructor({ api, repository, token, pause = 1000 }: GitHubOptions) {
    const account = {
      vendor: "GitHub" as const,
      base: `${api}/repos/${repository}`,
      authorize: () => ({
        accept: "application/vnd.github+json",
        authorization: `Bearer ${token}`,
        "user-agent": "kairos-review",
        "x-github-api-version": "2022-11-28",
      }),
      secrets: [token],
      keys: "GITHUB_TOKEN",
    };
    this.calls = new VendorApi(account, { timeLimit, retries: 4, pause, word });
  }

  /** All pages of a list. @param path below the repository, such as `/issues/7/comments` */
  async list<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; page <= mostPages; page++) {
      const asked = { ...query, per_page: `${perPage}`, page: `${page}` };
      const items = (await this.calls.get(path, z.array(z.object({})), asked)) as T[];
      all.push(...items);
      if (items.length < perPage) return all;
    }
    throw this.calls.endless(path);
  }

  /** @throws NotAllowed when the token may not; {@link UncertainOutcome} when a POST may or may not have been carried out */
  async ask(method: Method, path: string, body: object): Promise<void> {
    await this.calls.send(method, path, { body, repeatable: method !== "POST" });
  }
}

function word({ message, status, isRefusal, call, isUndone }: VendorError): Error {
  if (!isUndone && (isRefusal || status === 404))
    return new NotAllowed(`${message}: a token that may do this`);
  if (!isUndone && status !== undefined && status < 500) return new UserError(message);
  if (!isUndone && call.startsWith("POST"))
    return new UncertainOutcome(`${message}: whether it was done is not known`);
  return new UserError(`${message}: run the job again later`);
}
