/** What the tests of deploys share. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import { bundle } from "../../ops/bundle.mjs";
import type { Deploy, Service } from "../../sandbox/clouds/render/model.ts";
import { type DeployEvent, type DeployOptions, Deploys } from "../../sandbox/deploys/index.ts";

let made = 0;

/** The small backend, as the sandbox starts it. */
export const smallBackend = async () => ({
  command: [process.execPath, await bundle({ entry: "sandbox/backend/main.ts" })],
  own: true,
});

export function serviceOf(given: Partial<Service> = {}): Service {
  const number = ++made;
  return {
    id: `srv-${number}`,
    type: "web_service",
    name: `service-${number}`,
    rootDir: "",
    details: { plan: "starter", runtime: "python", healthCheckPath: "/health" },
    envVars: [],
    createdAt: "",
    updatedAt: "",
    ...given,
  };
}

export const deployOf = ({ id }: Service, variables: Record<string, string> = {}): Deploy => ({
  id: `dep-${++made}`,
  serviceId: id,
  status: "update_in_progress",
  createdAt: "",
  variables,
});

export const withDeploy = (service: Service, variables: Record<string, string> = {}) =>
  [service, deployOf(service, variables)] as const;

/** JavaScript of a server that does what `handle` says; `before` runs first. */
export const serving = (handle = "response.end()", before = "") =>
  `${before};require("node:http").createServer((request, response) => { ${handle} })
    .listen(process.env.PORT, "127.0.0.1", () => console.log("up"))`;

/** Deploys of a command that is not the small backend: JavaScript that Node is given on its command line. */
export class ForeignDeploys {
  folder = "";
  events: DeployEvent[] = [];
  private open: Deploys[] = [];

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(path.join(os.tmpdir(), "kairos-deploys-"));
      this.events = [];
      this.open = [];
    });
    afterEach(async () => {
      await Promise.all(this.open.map((deploys) => deploys.close()));
      rmSync(this.folder, { recursive: true, force: true });
    });
  }

  booting(source: string, options: Partial<DeployOptions> = {}): Deploys {
    const deploys = new Deploys({
      folder: this.folder,
      command: ["node", "-e", source],
      // For a slow machine: a test that waits for it to be over sets a shorter one.
      healthTimeout: 20_000,
      killAfter: 500,
      onEvent: (event) => this.events.push(event),
      ...options,
    });
    this.open.push(deploys);
    return deploys;
  }
}
