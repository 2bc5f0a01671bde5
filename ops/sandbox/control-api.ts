/** What a running sandbox answers to its commands: a small API on loopback, for whoever has its token. */
import { timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { stream } from "hono/streaming";
import { deploysOf, setVariables, startDeploy } from "../../sandbox/clouds/render/index.ts";
import type { Sandbox } from "../../sandbox/index.ts";
import type { RehearsalLine } from "./control.ts";
import { stateOf } from "./state.ts";

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
        const { rehearseStack, verdictOf } = await import("./rehearsal/index.ts");
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
