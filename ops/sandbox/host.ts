/**
 * The process that is the sandbox: clouds, databases, booted services. Started by the command, which it outlives only
 * when it is told to stay; it ends by itself when the command is gone, however that ended.
 */
import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { startSandbox } from "../../sandbox/index.ts";
import { bundle } from "../bundle.mjs";
import { controlApi } from "./control-api.ts";
import { type Record, removeFolder, type Wish, writeRecord } from "./folder.ts";
import { isPlain } from "./state.ts";

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

  const app = controlApi({
    sandbox,
    plain,
    token,
    stay: () => {
      staying = true;
    },
    end,
  });
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
