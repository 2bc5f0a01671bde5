/**
 * The process that is the sandbox: clouds, databases, booted services. Started by the command, which it outlives only
 * when it is told to stay; it ends by itself when the command is gone, however that ended.
 */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { startSandbox } from "../../sandbox/index.ts";
import { controlApi } from "./control.ts";
import { type Record, removeFolder, writeRecord } from "./folder.ts";
import { isPlain } from "./state.ts";

/** What the command asks for. */
export interface HostOptions {
  name: string;
  folder: string;
  organization: string;
  passphrase: string;
  /** Whether states and ports are kept for a later start. */
  keep: boolean;
  /** Milliseconds that vendors take to make a database. */
  provisioning: number;
  /** What deploys run in place of the small backend. */
  command?: readonly string[];
  /** The folder that `command` runs in. */
  cwd: string;
  /** Variables of services that the settings say are no secret. */
  plain: readonly string[];
}

/** What the host answers. */
export type HostMessage = { ready: Record } | { failed: string };

process.once("message", (options: HostOptions) => {
  run(options).catch((error: unknown) => {
    send({ failed: error instanceof Error ? error.message : String(error) });
    process.exitCode = 1;
    process.disconnect?.();
  });
});

async function run(options: HostOptions): Promise<void> {
  const { name, keep, passphrase, command, cwd, plain } = options;
  const sandbox = await startSandbox({
    ...options,
    backend: {
      ...(command && { command, cwd }),
      isSecret: (variable) => !isPlain(variable, new Set(plain)),
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

  const app = controlApi({
    sandbox,
    token,
    stay: () => {
      staying = true;
    },
    end,
  });
  const control = serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => control.once("listening", () => resolve()));
  const { port } = control.address() as AddressInfo;
  const record: Record = { pid: process.pid, port, token, keep, passphrase };
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
