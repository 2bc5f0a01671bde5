import { type ArgsOf, resource } from "../bridge.ts";
import type { Members } from "../shapes.ts";
import { variables } from "./env-groups.ts";
import manifest from "./package.json" with { type: "json" };

/** Every kind of service. All but `region` may change in place. Import id: the service's id. */
const service = {
  /**
   * Name shown by Render, and part of the address. Left out, the bridge derives one with a random suffix.
   * Must be unique in the workspace: the provider finds a service it has just created by its name.
   */
  name: { optional: "string" },
  /**
   * `starter`, `standard`, `pro`, `pro_plus`, `pro_max`, `pro_ultra` or a custom plan. Not checked before
   * Render.
   */
  plan: "string",
  /** `frankfurt`, `ohio`, `oregon`, `singapore` or `virginia`. Changing it replaces the service. */
  region: "string",
  /** What runs: exactly one of the three. Changing from one to another keeps the service. */
  runtimeSource: {
    object: {
      /** A repository built by its own Dockerfile. */
      docker: {
        optional: {
          object: {
            repoUrl: "string",
            branch: "string",
            /** Relative to the repository's root; Render takes `./Dockerfile` otherwise. */
            dockerfilePath: { optional: "string" },
            /** As below. */
            autoDeployTrigger: { optional: "string" },
          },
        },
      },
      /** A repository built by one of Render's runtimes. Then the service's `startCommand` is mandatory. */
      nativeRuntime: {
        optional: {
          object: {
            /** `elixir`, `go`, `node`, `python`, `ruby` or `rust`. */
            runtime: "string",
            repoUrl: "string",
            branch: "string",
            buildCommand: "string",
            /** What deploys: `commit` (default), `checksPass` (a commit whose checks pass) or `off`. */
            autoDeployTrigger: { optional: "string" },
          },
        },
      },
      /** An image that exists in a registry. */
      image: {
        optional: {
          object: {
            /** Image without tag or digest: one in here is refused. */
            imageUrl: "string",
            /** Excludes `digest`. */
            tag: { optional: "string" },
            /** Excludes `tag`. */
            digest: { optional: "string" },
            registryCredentialId: { optional: "string" },
          },
        },
      },
    },
  },
  /**
   * Command that starts the service. Mandatory with a native runtime; otherwise overrides the image's own.
   */
  startCommand: { optional: "string" },
  envVars: { optional: variables },
  /** The environment that it is in, `evm-…`. */
  environmentId: { optional: "string" },
  /** Directory of the repository in which commands run; changes outside of it do not deploy. */
  rootDirectory: { optional: "string" },
} as const satisfies Members;

/** A service that keeps running, as opposed to a cron job. */
const running = {
  ...service,
  /** Instances, 1 to 100. Leave out what is scaled elsewhere: then the present number stays. */
  numInstances: { optional: "number" },
  /** Run by a shell once the build is there and before anything of it serves; where it fails, the deploy does. */
  preDeployCommand: { optional: "string" },
} as const satisfies Members;

/**
 * A public web service (`render_web_service`). Each update triggers one deploy, whatever changed, unless the provider
 * is told to skip it.
 */
export class WebService extends resource({
  package: manifest,
  type: "render:index/webService:WebService",
  inputs: {
    ...running,
    /** Path that answers 200 while the service is well. Default: none, Render then only tries the port. */
    healthCheckPath: { optional: "string" },
  },
  outputs: {},
}) {}
export type WebServiceArgs = ArgsOf<typeof WebService>;

/** A service that nobody calls (`render_background_worker`). */
export class BackgroundWorker extends resource({
  package: manifest,
  type: "render:index/backgroundWorker:BackgroundWorker",
  inputs: running,
  outputs: {},
}) {}

/** A service that only the private network reaches (`render_private_service`). */
export class PrivateService extends resource({
  package: manifest,
  type: "render:index/privateService:PrivateService",
  inputs: running,
  outputs: {},
}) {}

/** A command that runs by the clock (`render_cron_job`). */
export class CronJob extends resource({
  package: manifest,
  type: "render:index/cronJob:CronJob",
  inputs: {
    ...service,
    /** When to run, in cron notation and UTC. May change in place. */
    schedule: "string",
  },
  outputs: {},
}) {}
export type CronJobArgs = ArgsOf<typeof CronJob>;
