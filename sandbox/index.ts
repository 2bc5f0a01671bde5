/** The whole sandbox: the vendors' clouds, the databases behind them, and the processes that deploys boot. */
import path from "node:path";
import { createAuthority } from "./clouds/certificates.ts";
import { type Clouds, startClouds } from "./clouds/index.ts";
import { deploysOf } from "./clouds/render/index.ts";
import { Databases } from "./databases/index.ts";
import { type DeployOptions, Deploys } from "./deploys/index.ts";
import { resolved } from "./deploys/private-network.ts";

export interface SandboxOptions {
  /** A folder of this sandbox's own, for certificates, logs and data. */
  folder: string;
  /** Keep the clouds' states and the ports there, so that the sandbox can be started again. */
  keep: boolean;
  /** Atlas' organization, 24 hexadecimal digits. */
  organization: string;
  /** How long databases take to be made, in milliseconds; 0 by default. A user of Atlas takes a tenth of it. */
  provisioning?: number;
  /** How near to now a Render Postgres can be recovered, in milliseconds; 10 minutes by default, as at Render. */
  recoveryLag?: number;
  /** Whether names of Render's private network lead nowhere from outside, as at Render; only services resolve them. */
  privateNetwork?: boolean;
  /** What a deploy runs, and who is told of deploys. */
  deploys: Pick<DeployOptions, "command" | "own" | "cwd" | "isSecret" | "onEvent">;
}

export interface Sandbox {
  clouds: Clouds;
  databases: Databases;
  deploys: Deploys;
  /** Certificate of the authority that signed all servers here; PEM file. */
  authorityFile: string;
  /** Ends every process and server; what is kept stays in the folder. */
  close(): Promise<void>;
}

/** Starts it. A folder that an earlier one left comes back with its data, addresses and running services. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { folder, keep, organization, provisioning = 0, recoveryLag, privateNetwork = false } = options;
  const authority = await createAuthority();
  const authorityFile = path.join(folder, "certificate-authority.pem");
  const tls = { ...(await authority.issue("127.0.0.1")), authorityFile };
  const databases = await Databases.open({ folder, keep, tls, privateNetwork });
  const deploys = new Deploys({
    folder: path.join(folder, "deploys"),
    trust: authorityFile,
    resolve: (service, variables) => resolved(databases.privateNames(), service, variables),
    ...options.deploys,
  });
  const hooks = databases.hooks();
  const clouds = await startClouds({
    folder,
    keep,
    organization,
    log: true,
    authority,
    settled: hooks.settled ?? (async () => {}),
    atlas: { ...hooks.atlas, provisioning, applying: provisioning / 10, backups: provisioning },
    render: {
      ...hooks.render,
      provisioning,
      ...(recoveryLag !== undefined && { recoveryLag }),
      // A service may be made before the databases have come up that it is to reach.
      boot: async (service, deploy) => {
        await databases.settled().catch(() => undefined);
        return deploys.boot(service, deploy);
      },
      stop: (serviceId) => void deploys.stop(serviceId),
      job: (service, job, variables) => deploys.job(service, job, variables),
      stopJob: (id) => deploys.stopJob(id),
      lines: deploys.lines,
    },
    upstash: { ...hooks.upstash },
    redisCloud: { ...hooks.redisCloud, provisioning },
  });
  await databases.follow(clouds);
  await reboot(clouds, deploys);
  return {
    clouds,
    databases,
    deploys,
    authorityFile,
    close: async () => {
      await deploys.close();
      await clouds.close();
      await databases.close();
    },
  };
}

/** Boots what was live when an earlier sandbox ended. */
async function reboot({ render }: Clouds, deploys: Deploys): Promise<void> {
  const live = Object.values(render.state.services).flatMap((service) => {
    const deploy = deploysOf(render, service.id).find(({ status }) => status === "live");
    return deploy === undefined ? [] : [deploys.boot(service, deploy)];
  });
  await Promise.all(live);
}
