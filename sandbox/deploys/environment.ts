/** The environment of a deployed process: the service's variables, what Render adds, and nothing of ours. */
import path from "node:path";
import { type Deploy, type Service, shortTypes } from "../clouds/render/model.ts";

/** What else a process has to be given on this machine. */
export interface Machine {
  /** Where it listens; a worker does not. */
  port?: number | undefined;
  home: string;
  /** Where programs are found; only the user's own command needs that. */
  path?: string | undefined;
  /** PEM file of an authority that this machine trusts. */
  trust?: string | undefined;
}

/** https://render.com/pricing */
const cpus: Record<string, number> = {
  free: 0.1,
  starter: 0.5,
  standard: 1,
  pro: 2,
  pro_plus: 4,
  pro_max: 4,
  pro_ultra: 8,
};

export const listens = ({ type }: Service) => type === "web_service" || type === "private_service";

/**
 * The whole environment. A variable of the service wins over one of the platform.
 *
 * @see https://render.com/docs/environment-variables for what Render sets. What leads to folders of Render's own machines
 *   is left out.
 */
export function environmentOf(
  service: Service,
  deploy: Deploy,
  machine: Machine,
): Readonly<Record<string, string>> {
  const trust = machine.trust === undefined ? undefined : path.resolve(machine.trust);
  return {
    ...renderVariables(service, deploy),
    ...runtimeVariables(service, machine.port),
    // The backend's and the drivers' trust store: Node's, and that of OpenSSL (Python, Ruby, Go).
    ...(trust !== undefined && { NODE_EXTRA_CA_CERTS: trust, SSL_CERT_FILE: trust }),
    HOME: machine.home,
    ...(machine.path !== undefined && { PATH: machine.path }),
    ...deploy.variables,
    // The service's own wish has been looked at where the port was chosen.
    ...(machine.port !== undefined && { PORT: String(machine.port) }),
  };
}

function renderVariables(service: Service, { id, commit }: Deploy): Record<string, string> {
  const { name, type, repo, branch = "" } = service;
  const web = type === "web_service";
  const cpu = cpus[String(service.details.plan)];
  const concurrency = listens(service) ? String(Math.max(1, Math.floor(cpu ?? 1))) : "";
  return {
    IS_PULL_REQUEST: "false",
    RENDER: "true",
    ...(cpu !== undefined && { RENDER_CPU_COUNT: String(cpu) }),
    RENDER_DISCOVERY_SERVICE: `${name}-discovery`,
    RENDER_EXTERNAL_HOSTNAME: web ? hostOf(service) : "",
    RENDER_EXTERNAL_URL: web ? `https://${hostOf(service)}` : "",
    ...(repo !== undefined && {
      RENDER_GIT_BRANCH: branch,
      RENDER_GIT_COMMIT: commit?.id ?? "",
      RENDER_GIT_REPO_SLUG: repo
        .replace(/\.git$/, "")
        .split("/")
        .slice(-2)
        .join("/"),
    }),
    RENDER_INSTANCE_ID: `${service.id}-${id.slice(-5)}`,
    RENDER_SERVICE_ID: service.id,
    RENDER_SERVICE_NAME: name,
    RENDER_SERVICE_TYPE: shortTypes[type],
    RENDER_WEB_CONCURRENCY: concurrency,
    WEB_CONCURRENCY: concurrency,
  };
}

/** What a native runtime adds. On this machine Gunicorn listens on loopback, and on the port that was found. */
function runtimeVariables({ details }: Service, port: number | undefined): Record<string, string> {
  if (details.runtime === "node") return { NODE_ENV: "production" };
  if (details.runtime !== "python") return {};
  const bind = port === undefined ? "" : ` --bind=127.0.0.1:${port}`;
  return { FORWARDED_ALLOW_IPS: "*", GUNICORN_CMD_ARGS: `--preload --access-logfile -${bind}` };
}

/** The name under which the world knows a web service. */
export const hostOf = ({ name }: Service) => `${name}.onrender.com`;
