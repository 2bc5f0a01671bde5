/** What runs the backend at Render, and the variables that it gets. */
import { type ArgsOf, bridge } from "../bridge.ts";
import type { Members, Shape } from "../shapes.ts";
import manifest from "./package.json" with { type: "json" };

const { resource } = bridge(manifest);

/** Environment variables by name: the whole set, others are removed. Not empty if given. */
const variables = {
  map: {
    object: {
      /**
       * The provider returns it as a secret, but does not make it one on the way in: mark what must be.
       */
      value: "string",
    },
  },
} as const satisfies Shape;

/**
 * A set of environment variables that services share (`render_env_group`). All of it may change in place; changing
 * one deploys nothing: a linked service sees new values after its next deploy. Import id: the group's id, `evg-…`.
 */
export class EnvGroup extends resource({
  type: "render:index/envGroup:EnvGroup",
  inputs: {
    /** Name shown by Render. Left out, the bridge derives one with a random suffix. */
    name: { optional: "string" },
    envVars: { optional: variables },
  },
}) {}
export type EnvGroupArgs = ArgsOf<typeof EnvGroup>;

/**
 * The services of an env group (`render_env_group_link`). Creating one fails when the group already serves a
 * service that is not listed. Its `id` says nothing (the provider gives none); import id: the id of the group.
 */
export class EnvGroupLink extends resource({
  type: "render:index/envGroupLink:EnvGroupLink",
  inputs: {
    /** The group, `evg-…`. */
    envGroupId: "string",
    /**
     * Ids of all services that use the group, at least one: those of the group that are missing here lose it.
     */
    serviceIds: { list: "string" },
  },
}) {}
export type EnvGroupLinkArgs = ArgsOf<typeof EnvGroupLink>;

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
  type: "render:index/webService:WebService",
  inputs: {
    ...running,
    /** Path that answers 200 while the service is well. Default: none, Render then only tries the port. */
    healthCheckPath: { optional: "string" },
  },
}) {}
export type WebServiceArgs = ArgsOf<typeof WebService>;

/** A service that nobody calls (`render_background_worker`). */
export class BackgroundWorker extends resource({
  type: "render:index/backgroundWorker:BackgroundWorker",
  inputs: running,
}) {}

/** A service that only the private network reaches (`render_private_service`). */
export class PrivateService extends resource({
  type: "render:index/privateService:PrivateService",
  inputs: running,
}) {}

/** A command that runs by the clock (`render_cron_job`). */
export class CronJob extends resource({
  type: "render:index/cronJob:CronJob",
  inputs: {
    ...service,
    /** When to run, in cron notation and UTC. May change in place. */
    schedule: "string",
  },
}) {}
export type CronJobArgs = ArgsOf<typeof CronJob>;
