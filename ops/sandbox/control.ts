/** How commands talk to a running sandbox: a small API on loopback, for whoever has its token. */
import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import type { Step } from "../../engine/cli/operation.ts";
import { UserError } from "../../engine/errors.ts";
import { deploysOf, setVariables, startDeploy } from "../../sandbox/clouds/render/index.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import type { Record } from "./folder.ts";
import { type PolicyVerdict, verdictOf } from "./policies.ts";
import { type SandboxState, stateOf } from "./state.ts";

export interface ControlTarget {
  sandbox: Sandbox;
  /** Names of variables that the settings say are no secret. */
  plain: ReadonlySet<string>;
  /** Secret. */
  token: string;
  /** Lets the sandbox outlive the command. */
  stay(): void;
  /** Ends the sandbox; with its folder, or not. */
  end(remove: boolean): Promise<void>;
}

/** What the rehearsal tells while it runs: one JSON text per line. */
export type RehearsalLine = Step | { policies: PolicyVerdict } | { error: string };

export function controlApi({ sandbox, plain, token, stay, end }: ControlTarget): Hono {
  const app = new Hono();
  app.use(async ({ req, body }, next) => {
    if (!equal(req.header("authorization") ?? "", `Bearer ${token}`)) return body(null, 401);
    await next();
    return undefined;
  });
  app.get("/state", ({ json }) => json(stateOf(sandbox, plain)));
  app.get("/environment", ({ json }) => json(sandbox.clouds.environment));
  app.get("/variables", ({ json }) => json(variablesOf(sandbox)));
  app.post("/stay", ({ body }) => {
    stay();
    return body(null, 204);
  });
  app.post("/end", ({ req, body }) => {
    setImmediate(() => void end(req.query("remove") === "true"));
    return body(null, 204);
  });
  // A wrong value, as somebody would set it in the dashboard: out of band, and deployed.
  app.post("/spoil/:variable", ({ req, json }) => json(spoil(sandbox, req.param("variable"))));
  app.post("/rehearse", async (context) => {
    const { folder } = await context.req.json<{ folder: string }>();
    return stream(context, async (out) => {
      const line = (value: RehearsalLine) => out.write(`${JSON.stringify(value)}\n`);
      try {
        const { rehearseStack } = await import("./rehearsal/stack.ts");
        const { policies } = await rehearseStack(folder, sandbox.clouds, (step) => void line(step));
        await line({ policies: verdictOf(policies) });
      } catch (error) {
        await line({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
  return app;
}

/** What the first service's newest deploy runs with, and the authority that its databases' certificates need. */
function variablesOf({ clouds: { render }, authorityFile }: Sandbox): { [name: string]: string } {
  const [service] = Object.values(render.state.services);
  const [deploy] = service === undefined ? [] : deploysOf(render, service.id);
  return { ...deploy?.variables, NODE_EXTRA_CA_CERTS: authorityFile, SSL_CERT_FILE: authorityFile };
}

/** Replaces one variable's value, or the password in it, by a wrong one and deploys; the services that have it. */
function spoil({ clouds: { render } }: Sandbox, name: string): string[] {
  const services = Object.values(render.state.services).filter(({ envVars }) =>
    envVars.some(({ key }) => key === name),
  );
  for (const service of services) {
    const wrong = service.envVars.map(({ key, value }) => ({
      key,
      value: key === name ? wrongly(value) : value,
    }));
    setVariables(render, service.id, wrong);
    startDeploy(render, service.id, {});
  }
  return services.map((service) => service.name);
}

/** With another password, where it is a URL that has one. */
function wrongly(value: string): string {
  const inUrl = value.replace(/^([a-z+]+:\/\/[^:@/]*:)[^@]+@/, "$1wrong@");
  return inUrl === value ? "wrong" : inUrl;
}

function equal(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Talks to a running sandbox. */
export class Control {
  private readonly record: Record;

  constructor(record: Record) {
    this.record = record;
  }

  async state(): Promise<SandboxState> {
    return (await this.call("GET", "/state")).json() as Promise<SandboxState>;
  }

  /** Addresses and keys for the engine's processes. Secret. */
  async environment(): Promise<{ [name: string]: string }> {
    return (await this.call("GET", "/environment")).json() as Promise<{ [name: string]: string }>;
  }

  /** The variables of the backend. Secret. */
  async variables(): Promise<{ [name: string]: string }> {
    return (await this.call("GET", "/variables")).json() as Promise<{ [name: string]: string }>;
  }

  async stay(): Promise<void> {
    await this.call("POST", "/stay");
  }

  async end(remove: boolean): Promise<void> {
    await this.call("POST", `/end?remove=${remove}`);
  }

  /** Names of the services that now have a wrong value. */
  async spoil(variable: string): Promise<string[]> {
    return (await this.call("POST", `/spoil/${encodeURIComponent(variable)}`)).json() as Promise<string[]>;
  }

  /** Runs the program against the models, without an engine. @param folder holds Pulumi.yaml and the stack's file */
  async *rehearse(folder: string): AsyncGenerator<RehearsalLine> {
    const { body } = await this.call("POST", "/rehearse", { folder });
    let rest = "";
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as RehearsalLine;
    }
  }

  private async call(method: string, path: string, body?: object): Promise<Response> {
    const { port, token } = this.record;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    }).catch(() => undefined);
    if (response?.ok) return response;
    throw new UserError("the sandbox does not answer any more; npx kairos sandbox reset removes it");
  }
}
