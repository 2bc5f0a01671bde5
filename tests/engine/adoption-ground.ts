/** The ground of adoption tests: a stack that knows nothing yet, and plain calls to the vendors, as people's own tools make them. */
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Engine } from "../../engine/cli/find.ts";
import type { Prompt } from "../../ops/adopt/choose.ts";
import type { AdoptReport } from "../../ops/adopt/report.ts";
import { type AdoptOptions, adopt } from "../../ops/adopt/run.ts";
import type { Clouds } from "../../sandbox/clouds/index.ts";
import { client } from "../helpers/atlas.ts";
import { EngineStack, type Outcome } from "./harness.ts";

type Body = Record<string, unknown>;

/** One stack and the clouds around it. */
export class Ground {
  /** Everything that was printed or written for people. */
  readonly printed: string[] = [];
  private constructor(
    readonly clouds: Clouds,
    private readonly stack: EngineStack,
  ) {}

  static async create(engine: Engine, clouds: Clouds): Promise<Ground> {
    const stack = await EngineStack.create(engine);
    Object.assign(stack.environment, clouds.environment);
    return new Ground(clouds, stack);
  }

  get folder(): string {
    return path.dirname(this.stack.stateFolder);
  }

  get environment(): Record<string, string> {
    return this.stack.environment;
  }

  /** The stack file's text. */
  text(): Promise<string> {
    return readFile(path.join(this.folder, "Pulumi.test.yaml"), "utf8");
  }

  /** Writes the stack file as a person would; the salt that the engine put there stays. */
  async write(text: string): Promise<void> {
    const salt = /^encryptionsalt: .*$/m.exec(await this.text().catch(() => ""))?.[0] ?? "";
    const whole = text.includes("encryptionsalt:") ? text : `${text.trimEnd()}\n${salt}\n`;
    await writeFile(path.join(this.folder, "Pulumi.test.yaml"), whole);
  }

  /** Runs the command, which writes without asking unless there is somebody to ask; what it would print is kept. */
  async adopt(
    options: Partial<AdoptOptions> = {},
    more: { ask?: Prompt; input?: string } = {},
  ): Promise<AdoptReport> {
    const keep = (report: AdoptReport) => this.printed.push(JSON.stringify(report));
    try {
      const report = await adopt(
        { stack: "test", ...(more.ask === undefined && { yes: true as const }), ...options },
        {
          folder: this.folder,
          environment: this.environment,
          ask: more.ask,
          input: async () => more.input ?? "",
          show: keep,
        },
      );
      keep(report);
      return report;
    } catch (error) {
      this.printed.push((error as Error).message);
      throw error;
    }
  }

  /** Runs the CLI on the stack; never throws. */
  async pulumi(...args: string[]): Promise<Outcome> {
    const outcome = await this.stack.pulumi(...args, "--stack", "test");
    this.printed.push(outcome.all);
    return outcome;
  }

  /** Calls below the address of one API, as a person's own script makes them. */
  async render<T = Body>(method: string, route: string, body?: unknown): Promise<T> {
    const { RENDER_HOST, RENDER_API_KEY } = this.environment;
    return json(`${RENDER_HOST}${route}`, method, { Authorization: `Bearer ${RENDER_API_KEY}` }, body);
  }

  async atlas<T = Body>(method: string, route: string, body?: unknown): Promise<T> {
    const environment = this.environment;
    const call = client(environment.MONGODB_ATLAS_BASE_URL ?? "", {
      publicKey: environment.MONGODB_ATLAS_PUBLIC_API_KEY ?? "",
      privateKey: environment.MONGODB_ATLAS_PRIVATE_API_KEY ?? "",
    });
    const { status, body: answer } = await call(method, route, body);
    if (status > 299) throw new Error(`${method} ${route}: ${status} ${JSON.stringify(answer)}`);
    return answer as T;
  }

  async redisCloud<T = Body>(method: string, route: string, body?: unknown): Promise<T> {
    const { REDISCLOUD_URL, REDISCLOUD_ACCESS_KEY, REDISCLOUD_SECRET_KEY } = this.environment;
    const keys = {
      "x-api-key": REDISCLOUD_ACCESS_KEY ?? "",
      "x-api-secret-key": REDISCLOUD_SECRET_KEY ?? "",
    };
    return json(`${REDISCLOUD_URL}${route}`, method, keys, body);
  }

  /** Upstash's stand-in answers here too, without the proxy that its provider needs. */
  async upstash<T = Body>(method: string, route: string, body?: unknown): Promise<T> {
    const { UPSTASH_EMAIL, UPSTASH_API_KEY } = this.environment;
    const login = Buffer.from(`${UPSTASH_EMAIL}:${UPSTASH_API_KEY}`).toString("base64");
    const url = `${this.clouds.served.upstash.url}/v2/redis${route}`;
    return json(url, method, { Authorization: `Basic ${login}` }, body);
  }

  /** The calls so far that were no questions, by vendor. */
  changes(): string[] {
    return Object.entries(this.clouds.served).flatMap(([vendor, { calls }]) =>
      calls
        .filter(({ method }) => method !== "GET")
        .map(({ method, path: at }) => `${vendor} ${method} ${at}`),
    );
  }

  remove(): Promise<void> {
    return this.stack.remove();
  }
}

async function json<T>(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: unknown,
): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname}: ${response.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
