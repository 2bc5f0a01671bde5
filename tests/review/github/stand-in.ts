/** GitHub's REST API on loopback, as far as reviews use it: comments and issues, pages, refusals, limits. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { repository } from "./events.ts";

export interface Text {
  id: number;
  number: number;
  title: string;
  body: string;
  state: string;
  user: { login: string };
  labels: string[];
}

/** An answer to give instead, once. `after`: what was asked is done first. */
export interface Fault {
  method?: string;
  status: number;
  headers?: Record<string, string>;
  after?: boolean;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

export class GitHubStandIn {
  readonly token = randomBytes(20).toString("hex");
  readonly comments: Text[] = [];
  readonly issues: Text[] = [];
  readonly calls: string[] = [];
  readonly faults: Fault[] = [];
  /** The token of a fork's run. */
  readOnly = false;
  private nextId = 1;
  private server: Server | undefined;

  async start(): Promise<string> {
    this.server = createServer(async (request, response) => {
      const { status, headers = {}, body } = await this.answer(request);
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server?.close();
  }

  text(body: string, login = "github-actions[bot]"): Text {
    const id = this.nextId++;
    return { id, number: id, title: "", body, state: "open", user: { login }, labels: [] };
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    let sent = "";
    for await (const chunk of request) sent += chunk;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const method = request.method ?? "";
    this.calls.push(`${method} ${pathname.replace(`/repos/${repository}`, "")}`);
    if (request.headers.authorization !== `Bearer ${this.token}`) return { status: 401, body: {} };
    const index = this.faults.findIndex((one) => (one.method ?? method) === method);
    const [fault] = index === -1 ? [] : this.faults.splice(index, 1);
    if (fault !== undefined && !fault.after) return { ...fault, body: { message: "not now" } };
    const done = this.done(method, pathname.replace(`/repos/${repository}`, ""), searchParams, sent);
    return fault === undefined ? done : { ...fault, body: {} };
  }

  private done(method: string, path: string, query: URLSearchParams, sent: string) {
    const list = path.includes("/comments") ? this.comments : this.issues;
    if (method === "GET") {
      const [page, size] = [Number(query.get("page")), Number(query.get("per_page"))];
      const open = list.filter(({ state }) => query.get("state") !== "open" || state === "open");
      return { status: 200, body: open.slice((page - 1) * size, page * size) };
    }
    if (this.readOnly) return { status: 403, body: { message: "Resource not accessible by integration" } };
    const given = JSON.parse(sent) as Partial<Text>;
    if ((given.body ?? "").length > 65_536) return { status: 422, body: { message: "body is too long" } };
    if (method === "POST") {
      list.push({ ...this.text(""), ...given });
      return { status: 201, body: list.at(-1) };
    }
    const known = list.find(({ id }) => id === Number(path.split("/").at(-1)));
    if (known === undefined) return { status: 404, body: {} };
    return { status: 200, body: Object.assign(known, given) };
  }
}
