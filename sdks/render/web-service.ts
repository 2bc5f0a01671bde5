import type * as pulumi from "@pulumi/pulumi";
import { isOfType, type Lookup, type ResourceSpec } from "../bridge.ts";
import { render } from "./package.ts";
import type * as result from "./results.ts";
import { RunningService, type RunningServiceArgs, runningServiceProperties } from "./service.ts";
import type * as shape from "./shapes.ts";

export interface WebServiceArgs extends RunningServiceArgs {
  /** Domains of one's own. Not empty if given. */
  customDomains?: pulumi.Input<pulumi.Input<shape.CustomDomain>[] | undefined>;
  /** Path that answers 200 while the service is well. Default: none, Render then only tries the port. */
  healthCheckPath?: pulumi.Input<string | undefined>;
  /**
   * Who may visit. Left out: everybody, and left to Render. Empty: nobody. Removed later: everybody again.
   * Needs an enterprise workspace.
   */
  ipAllowLists?: pulumi.Input<pulumi.Input<shape.IpAllowList>[] | undefined>;
  maintenanceMode?: pulumi.Input<shape.MaintenanceMode | undefined>;
}

export interface WebServiceState extends Lookup<WebServiceArgs> {
  activeCustomDomains?: pulumi.Input<pulumi.Input<shape.ActiveCustomDomain>[] | undefined>;
  slug?: pulumi.Input<string | undefined>;
  url?: pulumi.Input<string | undefined>;
}

/**
 * A public web service (`render_web_service`, provider 1.9.1). Each update triggers one deploy, whatever
 * changed, unless the provider is told to skip it. Import id: the service's id, `srv-…`.
 */
export class WebService extends RunningService {
  /** @internal */
  static readonly spec: ResourceSpec<WebServiceArgs, WebServiceState> = {
    package: render,
    type: "render:index/webService:WebService",
    properties: {
      ...runningServiceProperties,
      customDomains: "optional",
      healthCheckPath: "optional",
      ipAllowLists: "optional",
      maintenanceMode: "optional",
      activeCustomDomains: "computed",
      url: "computed",
    },
  };

  /** All domains in use, the redirects that Render adds included. */
  declare readonly activeCustomDomains: pulumi.Output<result.ActiveCustomDomain[]>;
  declare readonly customDomains: pulumi.Output<result.CustomDomain[] | undefined>;
  declare readonly healthCheckPath: pulumi.Output<string>;
  declare readonly ipAllowLists: pulumi.Output<result.IpAllowList[] | undefined>;
  declare readonly maintenanceMode: pulumi.Output<result.MaintenanceMode>;
  /** Address of the service, `https://….onrender.com`. */
  declare readonly url: pulumi.Output<string>;

  constructor(name: string, args: WebServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super(WebService.spec, name, args, opts);
  }

  /** Reads a service that exists, without managing it. */
  static get(
    name: string,
    id: pulumi.Input<pulumi.ID>,
    state?: WebServiceState,
    opts?: pulumi.CustomResourceOptions,
  ): WebService {
    return new WebService(name, state as WebServiceArgs, { ...opts, id });
  }

  static override isInstance(object: unknown): object is WebService {
    return isOfType(object, WebService.spec.type);
  }
}
