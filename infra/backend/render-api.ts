/**
 * The few calls to Render's API that its provider does not make: which services exist, what is live, deploy it
 * again. They run inside resource hooks, in the engine's own order, and fail the step that needs them.
 *
 * Address and key come from one place each, as the provider takes them: `RENDER_HOST`, and `render:apiKey` of the
 * stack file or `RENDER_API_KEY`. The key is never part of an error.
 *
 * @see https://api-docs.render.com/reference
 */
import * as pulumi from "@pulumi/pulumi";

/** What is running: the commit or the image that a later deploy has to repeat. */
export interface LiveDeploy {
  commitId?: string;
  imageUrl?: string;
}

/** A service as the list of services shows it. */
export interface ServiceSummary {
  id: string;
  name: string;
  /** Of services only, for example `web_service`. */
  type?: string;
  /** ISO 8601. */
  createdAt: string;
}

/** A user of a Postgres; the connection info shows the default one. */
export interface PostgresUser {
  username: string;
  isDefault: boolean;
}

/** What Render has lists of, and under which name a list shows each item. */
const listed = { services: "service", postgres: "postgres", "key-value": "keyValue" } as const;

const pageSize = 100;

interface ListedDeploy {
  status: string;
  commit?: { id: string };
  image?: { ref: string };
}

/** Statuses of deploys that never ran, or no longer do. Source: https://api-docs.render.com/reference/list-deploys */
const failed = new Set(["build_failed", "update_failed", "pre_deploy_failed", "canceled", "deactivated"]);

/** A client for the account that the stack is configured for. */
export class RenderApi {
  private readonly key: string;
  private readonly owner: string;
  private readonly host: string;

  constructor() {
    const config = new pulumi.Config("render");
    this.key = pulumi.runtime.getConfig("render:apiKey") || process.env.RENDER_API_KEY || "";
    this.owner = config.get("ownerId") || process.env.RENDER_OWNER_ID || "";
    this.host = process.env.RENDER_HOST || "https://api.render.com/v1";
  }

  /** Services, Postgres databases or Key Values of this owner with exactly this name. */
  async named(kind: keyof typeof listed, name: string): Promise<ServiceSummary[]> {
    const query = new URLSearchParams({ name, ownerId: this.owner, limit: String(pageSize) });
    const page = await this.call<Record<string, ServiceSummary>[]>("GET", `/${kind}?${query}`);
    return page.flatMap((item) => item[listed[kind]] ?? []).filter((one) => one.name === name);
  }

  /** Names of the variables that stand on the service itself. Their values are dropped unread. */
  async ownVariables(serviceId: string): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: String(pageSize), ...(cursor !== undefined && { cursor }) });
      const page = await this.call<{ cursor: string; envVar: { key: string } }[]>(
        "GET",
        `/services/${serviceId}/env-vars?${query}`,
      );
      names.push(...page.map(({ envVar }) => envVar.key));
      cursor = page.length < pageSize ? undefined : page.at(-1)?.cursor;
    } while (cursor !== undefined);
    return names;
  }

  /**
   * Commit or image of the newest deploy that is live or on its way there: a pipeline's deploy that is still being
   * built is not to be overtaken by the one before. Undefined when there is none.
   */
  async current(serviceId: string): Promise<LiveDeploy | undefined> {
    const page = await this.call<{ deploy: ListedDeploy }[]>(
      "GET",
      `/services/${serviceId}/deploys?limit=20`,
    );
    const deploy = page.map((item) => item.deploy).find(({ status }) => !failed.has(status));
    return (
      deploy && {
        ...(deploy.commit && { commitId: deploy.commit.id }),
        ...(deploy.image && { imageUrl: deploy.image.ref }),
      }
    );
  }

  /**
   * Starts a deploy and does not wait for it.
   *
   * @param what a commit or an image; nothing: what the service is configured to run
   */
  async deploy(serviceId: string, what: LiveDeploy = {}): Promise<void> {
    await this.call("POST", `/services/${serviceId}/deploys`, what);
  }

  /** Users of a Postgres that Render manages; https://render.com/docs/postgresql-credentials */
  async postgresUsers(postgresId: string): Promise<PostgresUser[]> {
    const users = await this.call<{ username: string; default: boolean }[]>(
      "GET",
      `/postgres/${postgresId}/credentials`,
    );
    return users.map((user) => ({ username: user.username, isDefault: user.default }));
  }

  /** Makes another user, which becomes the default one. Render chooses its password. */
  async addPostgresUser(postgresId: string, username: string): Promise<void> {
    await this.call("POST", `/postgres/${postgresId}/credentials`, { username });
  }

  async removePostgresUser(postgresId: string, username: string): Promise<void> {
    await this.call("DELETE", `/postgres/${postgresId}/credentials/${encodeURIComponent(username)}`);
  }

  /** The default user with its password, which is secret. */
  async postgresLogin(postgresId: string): Promise<{ user: string; password: string }> {
    const path = `/postgres/${postgresId}/connection-info`;
    const { internalConnectionString: text } = await this.call<{ internalConnectionString: string }>(
      "GET",
      path,
    );
    // Node's own error would show the string, password included.
    if (!URL.canParse(text)) throw new Error(`Render: GET ${path} gave no connection string of a known form`);
    const { username, password } = new URL(text);
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  }

  private async call<T>(method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<T> {
    const what = `Render: ${method} ${path.replace(/\?.*/, "")}`;
    const { status, text } = await this.answer(method, path, body).catch((error: unknown) => {
      throw new Error(
        `${what} got no answer (${reason(error)}); check the network, then run pulumi up again`,
      );
    });
    const json = parsed(text);
    if (status < 200 || status > 299) {
      // Whatever the server repeats of the request, the key is not shown.
      const said = messageOf(json, this.key);
      throw new Error(
        `${what} answered ${status}${said}; expected 2xx. Run pulumi up again once it is put right`,
      );
    }
    if (json === undefined)
      throw new Error(`${what} answered ${status} with something that is not JSON; is RENDER_HOST right?`);
    return json as T;
  }

  private async answer(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; text: string }> {
    const response = await fetch(this.host + path, {
      method,
      headers: { Authorization: `Bearer ${this.key}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    return { status: response.status, text: await response.text() };
  }
}

/** Why a call failed, in a word: the message of an error can hold the request's headers. */
function reason(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  return cause?.code ?? name ?? "unknown";
}

function parsed(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The server's words, without the key that it may repeat; cut only then, or a part of the key could remain. */
function messageOf(json: unknown, key: string): string {
  const text = (json as { message?: unknown } | null | undefined)?.message;
  return typeof text === "string" ? ` (${text.replaceAll(key || "\0", "[secret]").slice(0, 200)})` : "";
}
