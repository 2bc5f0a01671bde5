/**
 * The process that is the sandbox: clouds, databases, booted services. Started by the command, which it outlives only
 * when it is told to stay; it ends by itself when the command is gone, however that ended.
 */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { bearerAuth } from "hono/bearer-auth";
import { stream } from "hono/streaming";
import type { Clouds } from "../../sandbox/clouds/index.ts";
import { deploysOf, setVariables, startDeploy } from "../../sandbox/clouds/render/index.ts";
import { type Sandbox, startSandbox } from "../../sandbox/index.ts";
import { bundle } from "../bundle.mjs";
import type { Calls, RehearsalLine } from "./control.ts";
import { type Record, removeFolder, type Wish, writeRecord } from "./folder.ts";
import { isPlain, stateOf } from "./state.ts";

/** What the command asks for. */
export interface HostOptions {
  name: string;
  folder: string;
  organization: string;
  passphrase: string;
  wish: Wish;
}

/** What stands in for Kaïros. As one file: from its sources it starts four times as slowly. */
const smallBackend = "sandbox/backend/main.ts";

/** What the host answers. */
export type HostMessage = { ready: Record } | { failed: string };

process.once("message", (options: HostOptions) => {
  run(options).catch((error: unknown) => {
    send({ failed: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect?.();
  });
});

async function run({ name, folder, organization, passphrase, wish }: HostOptions): Promise<void> {
  const { keep, provisioning, backend } = wish;
  const plain = new Set(wish.plain);
  const sandbox = await startSandbox({
    folder,
    keep,
    organization,
    provisioning,
    // Nobody rehearses a bad day for ten minutes before it.
    recoveryLag: 0,
    deploys: {
      ...(backend ?? { command: [process.execPath, await bundle({ entry: smallBackend })], own: true }),
      isSecret: (variable) => !isPlain(variable, plain),
    },
  });
  const token = randomBytes(24).toString("base64url");
  let staying = false;

  let ending: Promise<void> | undefined;
  const end = (remove: boolean) => {
    ending ??= (async () => {
      control.close();
      await sandbox.close();
      if (remove) await removeFolder(name);
      process.exit(0);
    })();
    return ending;
  };

  const calls: Calls = {
    state: () => stateOf(sandbox, plain),
    environment: () => sandbox.clouds.environment,
    variables: () => variablesOf(sandbox),
    stay: () => {
      staying = true;
    },
    // Once this is answered.
    end: (remove) => void setImmediate(() => void end(remove)),
    // As somebody would set it in the dashboard: out of band, and deployed.
    spoil: (variable) => spoil(sandbox, variable),
  };
  const app = controlApi(token, calls, sandbox.clouds);
  const control = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => control.once("listening", () => resolve()));
  const { port } = control.address() as AddressInfo;
  const record: Record = { wish, pid: process.pid, port, token, passphrase };
  await writeRecord(name, record);

  // The command is gone without a word: nobody will come back for a sandbox that it did not say to keep.
  process.once("disconnect", () => {
    if (!staying) void end(!keep);
  });
  process.once("SIGTERM", () => void end(!keep));
  process.on("SIGINT", () => undefined);
  // It may have gone while the clouds were starting: that was not heard.
  if (!process.connected) return end(!keep);
  send({ ready: record });
}

function send(message: HostMessage): void {
  process.send?.(message);
}

/** A small API on loopback, for whoever has the token: commands are. */
function controlApi(token: string, calls: Calls, clouds: Clouds): Hono {
  const app = new Hono();
  app.use(bearerAuth({ token }));
  app.post("/rehearse", async (context) => {
    const [folder] = await context.req.json<[string]>();
    return stream(context, async (out) => {
      const line = (value: RehearsalLine) => out.write(`${JSON.stringify(value)}\n`);
      try {
        const { rehearseStack, verdictOf } = await import("./rehearsal/index.ts");
        const { policies } = await rehearseStack(folder, clouds, (step) => void line(step));
        await line({ policies: verdictOf(policies) });
      } catch (error) {
        await line({ error: error instanceof Error ? error.message : String(error) });
      }
    });
  });
  for (const [name, call] of Object.entries(calls))
    app.post(`/${name}`, async ({ req, json }) => json(call(...(await req.json())) ?? null));
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
