/** What a rotation reads of Render's API: how far deploys are, and who is logged in to a Postgres. It changes nothing. */
import { UserError } from "../errors.ts";

/** A deploy; https://api-docs.render.com/reference/list-deploys */
export interface Deploy {
  id: string;
  status: string;
  createdAt: string;
  finishedAt?: string;
}

/** A user of a Postgres that Render manages; https://render.com/docs/postgresql-credentials */
export interface PostgresUser {
  username: string;
  default: boolean;
  openConnections: number;
}

export class RenderReader {
  private readonly host: string;
  private readonly key: string;

  constructor(key: string, host = "https://api.render.com/v1") {
    this.key = key;
    this.host = host;
  }

  /** The newest deploys, newest first. */
  async deploys(serviceId: string): Promise<Deploy[]> {
    const page = await this.get<{ deploy: Deploy }[]>(`/services/${serviceId}/deploys?limit=20`);
    return page.map(({ deploy }) => deploy).sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  }

  async postgresUsers(postgresId: string): Promise<PostgresUser[]> {
    return this.get<PostgresUser[]>(`/postgres/${postgresId}/credentials`);
  }

  private async get<T>(path: string): Promise<T> {
    const what = `Render: GET ${path.replace(/\?.*/, "")}`;
    for (let left = 5; ; left -= 1) {
      const answer = await fetch(this.host + path, {
        headers: { Authorization: `Bearer ${this.key}` },
        signal: AbortSignal.timeout(30_000),
      }).catch(() => undefined);
      if (answer?.ok) return (await answer.json()) as T;
      const passing = answer === undefined || answer.status === 429 || answer.status >= 500;
      // Nothing of the error itself: it can hold the request's headers.
      if (!passing || left === 0)
        throw new UserError(
          `${what} ${answer === undefined ? "got no answer" : `answered ${answer.status}`}; expected 200. Run npm run rotate again: it goes on from here`,
        );
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}
