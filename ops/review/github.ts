/** GitHub's REST API, as far as reviews need it: retried where that is safe, one line where it fails. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../engine/errors.ts";

/** Where to call, and as whom. */
export interface GitHubOptions {
  /** `GITHUB_API_URL`, without a slash at its end. */
  api: string;
  /** `owner/name`. */
  repository: string;
  /** Secret. */
  token: string;
  /** Waits; replaced in tests. */
  wait?: (milliseconds: number) => Promise<unknown>;
}

type Method = "GET" | "POST" | "PATCH";

/** GitHub refused: the token may not do this. */
export class NotAllowed extends UserError {
  override name = "NotAllowed";
}

/** Nobody knows whether what was asked was done. */
export class UncertainOutcome extends UserError {
  override name = "Uncertain";
}

const attempts = 5;
/** GitHub's own advice where it names no time: https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
const pause = 60_000;
/** A job that waits longer than this had better be run again. */
const patience = 10 * 60_000;
const perPage = 100;

export class GitHub {
  private readonly options: GitHubOptions;
  private waited = 0;

  constructor(options: GitHubOptions) {
    this.options = options;
  }

  /** All pages of a list. @param path below the repository, such as `/issues/7/comments` */
  async list<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
    const all: T[] = [];
    for (let page = 1; ; page++) {
      const search = new URLSearchParams({ ...query, per_page: `${perPage}`, page: `${page}` });
      const items = await this.ask<T[]>("GET", `${path}?${search}`);
      all.push(...items);
      if (items.length < perPage) return all;
    }
  }

  /**
   * One call. What certainly was not done is tried again; so is what may be done twice without harm.
   *
   * @throws NotAllowed when the token may not; {@link UncertainOutcome} when a POST may or may not have been carried out
   */
  async ask<T>(method: Method, path: string, body?: object): Promise<T> {
    const what = `GitHub: ${method} ${path.replace(/\?.*/, "")}`;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(method, path, body);
      // Not by its class: servers of this process can have put another Response in the place of fetch's own.
      const response = typeof answer === "string" ? undefined : answer;
      if (response?.ok) return (await response.json()) as T;
      const said = response === undefined ? answer : `${response.status}`;
      const delay = response && limitedFor(response);
      if (delay === undefined) {
        if (response !== undefined && [401, 403, 404].includes(response.status))
          throw new NotAllowed(`${what} answered ${said}; expected a token that may do this`);
        if (response !== undefined && response.status < 500)
          throw new UserError(`${what} answered ${said}; expected 2xx`);
        if (method === "POST")
          throw new UncertainOutcome(
            `${what} answered ${said}; expected 2xx: whether it was done is not known`,
          );
      }
      const next = delay ?? 1000 * 2 ** (attempt - 1);
      if (attempt === attempts || this.waited + next > patience)
        throw new UserError(
          `${what} answered ${said}, ${attempt} times; expected 2xx: run the job again later`,
        );
      this.waited += next;
      await (this.options.wait ?? sleep)(next);
    }
  }

  /** The answer, or the code of what kept it from coming. */
  private async send(method: Method, path: string, body?: object): Promise<Response | string> {
    const { api, repository, token } = this.options;
    try {
      return await fetch(`${api}/repos/${repository}${path}`, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "user-agent": "kairos-review",
          "x-github-api-version": "2022-11-28",
          ...(body && { "content-type": "application/json" }),
        },
        ...(body && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
      });
    } catch (error) {
      // Nothing else of the error: it can quote the request.
      const { cause, name } = error as Error & { cause?: { code?: string } };
      return cause?.code ?? name;
    }
  }
}

/** How long to wait, in milliseconds, where GitHub says that it was asked too often; undefined for other answers. */
function limitedFor({ status, headers }: Response): number | undefined {
  const [after, left, reset] = ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset"].map((name) =>
    headers.get(name),
  );
  if (status !== 429 && !(status === 403 && (after || left === "0"))) return undefined;
  if (after && Number.isFinite(Number(after))) return Number(after) * 1000;
  if (left === "0" && reset) return Math.max(1000, Number(reset) * 1000 - Date.now());
  return pause;
}
