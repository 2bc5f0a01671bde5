/**
 * The objects inside the arguments of several resources. The generated SDK repeats each of them under the
 * name of every resource that has it; those names are in types/.
 */
import type * as pulumi from "@pulumi/pulumi";

/** A block of addresses that may connect from outside Render's private network. */
export interface IpAllowList {
  /** IPv4 CIDR block, such as `203.0.113.7/32`; `0.0.0.0/0` is everybody. */
  cidrBlock: pulumi.Input<string>;
  /** Who stands behind the block. Must be given, may be empty. */
  description: pulumi.Input<string>;
}

/** Sends this resource's logs elsewhere than the workspace's default, or nowhere. */
export interface LogStreamOverride {
  /** `send` or `drop`. */
  setting: pulumi.Input<string>;
  /** Where the logs go when they are sent. */
  endpoint?: pulumi.Input<string | undefined>;
  /**
   * Token presented to the endpoint. Secret, but only in what the provider returns: mark the value you give.
   */
  token?: pulumi.Input<string | undefined>;
}

/** One environment variable: exactly one of the two. */
export interface EnvVars {
  /**
   * The value. The provider returns it as a secret, but does not make it one on the way in: mark what must
   * be.
   */
  value?: pulumi.Input<string | undefined>;
  /** Lets Render invent the value. Not for env groups, whose next update fails on it. */
  generateValue?: pulumi.Input<boolean | undefined>;
}

/** A file mounted beside the service's code. */
export interface SecretFiles {
  /** What the file holds. The provider returns it as a secret; mark the value you give. */
  content: pulumi.Input<string>;
}

/** How load changes the number of instances. */
export interface Autoscaling {
  enabled: pulumi.Input<boolean>;
  /** Fewest instances. */
  min: pulumi.Input<number>;
  /** Most instances. */
  max: pulumi.Input<number>;
  criteria: pulumi.Input<AutoscalingCriteria>;
}

export interface AutoscalingCriteria {
  cpu?: pulumi.Input<AutoscalingTarget | undefined>;
  memory?: pulumi.Input<AutoscalingTarget | undefined>;
}

export interface AutoscalingTarget {
  enabled: pulumi.Input<boolean>;
  /** Average use, in percent, that scaling aims at. */
  percentage: pulumi.Input<number>;
}

/** A persistent disk. A service with one runs a single instance. */
export interface Disk {
  /** Assigned by Render. */
  id?: pulumi.Input<string | undefined>;
  name: pulumi.Input<string>;
  /** Size in GB, 1 to 1000. */
  sizeGb: pulumi.Input<number>;
  /** Absolute path below `/`. */
  mountPath: pulumi.Input<string>;
}

/** A domain of one's own. Only `name` is given; Render finds out the rest. */
export interface CustomDomain {
  /** The domain, such as `api.example.org`. */
  name: pulumi.Input<string>;
  id?: pulumi.Input<string | undefined>;
  /** `apex` or `subdomain`. */
  domainType?: pulumi.Input<string | undefined>;
  publicSuffix?: pulumi.Input<string | undefined>;
  /** The domain this one redirects to. */
  redirectForName?: pulumi.Input<string | undefined>;
}

/** A custom domain in use, the redirects Render adds by itself included. */
export interface ActiveCustomDomain extends Omit<CustomDomain, "name"> {
  name?: pulumi.Input<string | undefined>;
}

/** Answers visitors with a page in place of the service. */
export interface MaintenanceMode {
  /** Default `false`. */
  enabled?: pulumi.Input<boolean | undefined>;
  /** Page to send visitors to; by default Render's own. */
  uri?: pulumi.Input<string | undefined>;
}

/** Departs from the workspace's notification settings. */
export interface NotificationOverride {
  /** `default`, `all`, `failure` or `none`. */
  notificationsToSend?: pulumi.Input<string | undefined>;
  /** `default`, `true` or `false`, as a string. */
  previewNotificationsEnabled?: pulumi.Input<string | undefined>;
}

/** Pull-request previews. */
export interface Previews {
  /** `off` (default), `manual` or `automatic`. */
  generation?: pulumi.Input<string | undefined>;
}

/** Which changed files trigger a deploy. Give at least one of the lists. */
export interface BuildFilter {
  /** Globs, from the repository's root, whose changes deploy. */
  paths?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Globs whose changes do not. */
  ignoredPaths?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/** What a service runs: exactly one of the three. Changing from one to another keeps the service. */
export interface RuntimeSource {
  /** A repository built by one of Render's runtimes. Then the service's `startCommand` is mandatory. */
  nativeRuntime?: pulumi.Input<NativeRuntime | undefined>;
  /** A repository with a Dockerfile. */
  docker?: pulumi.Input<Docker | undefined>;
  /** An image that exists in a registry. */
  image?: pulumi.Input<Image | undefined>;
}

interface Repository {
  repoUrl: pulumi.Input<string>;
  branch: pulumi.Input<string>;
  /** Older form of `autoDeployTrigger`: `true` is `commit`, `false` is `off`. Give at most one of them. */
  autoDeploy?: pulumi.Input<boolean | undefined>;
  /** What deploys: `commit` (default), `checksPass` (a commit whose checks pass) or `off`. */
  autoDeployTrigger?: pulumi.Input<string | undefined>;
  buildFilter?: pulumi.Input<BuildFilter | undefined>;
}

export interface NativeRuntime extends Repository {
  /** `elixir`, `go`, `node`, `python`, `ruby` or `rust`. */
  runtime: pulumi.Input<string>;
  buildCommand: pulumi.Input<string>;
}

export interface Docker extends Repository {
  /** Build context, relative to the repository's root. Default `.`. */
  context?: pulumi.Input<string | undefined>;
  /** Relative to the repository's root, not to the context. Default `./Dockerfile`. */
  dockerfilePath?: pulumi.Input<string | undefined>;
  /** Credential for pulling private base images. */
  registryCredentialId?: pulumi.Input<string | undefined>;
}

export interface Image {
  /** Image without tag or digest: one in here is refused. */
  imageUrl: pulumi.Input<string>;
  /** Excludes `digest`. */
  tag?: pulumi.Input<string | undefined>;
  /** Excludes `tag`. */
  digest?: pulumi.Input<string | undefined>;
  registryCredentialId?: pulumi.Input<string | undefined>;
}
