/** The backend's Render services: created by this stack, or existing ones that it only gives variables to. */
import * as pulumi from "@pulumi/pulumi";
import { type Adoptions, noAdoptions } from "../adoption/index.ts";
import { type Environment, withExtras } from "../environment.ts";
import type { RenderRegion, ServiceSettings } from "../settings/index.ts";
import type { ExistingResource } from "../state.ts";
import { createdService } from "./created.ts";
import { linkedService } from "./linked.ts";

/** Arguments of {@link Service}. */
export interface ServiceArgs {
  /** One entry of `kairos:backend`. */
  settings: ServiceSettings;
  region: RenderRegion;
  /** The contract's variables; the service's own are added to them. */
  environment: Environment;
  /** What the last `up` left behind. */
  existing: readonly ExistingResource[] | undefined;
  /** What an interrupted `up` created; none by default. */
  adoptions?: Adoptions;
}

/** One service of the backend. */
export class Service extends pulumi.ComponentResource {
  /** Render's id, `srv-…` or `crn-…`. */
  readonly id: pulumi.Output<string>;

  constructor(
    { settings, region, environment, existing, adoptions = noAdoptions }: ServiceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Service", settings.name, {}, opts);
    const given = {
      environment: withExtras(environment, settings.variables, settings.secrets),
      // A service boots when everything that its variables name is there, access list included.
      opts: { parent: this, ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    };
    this.id =
      "link" in settings
        ? linkedService({ settings, ...given })
        : createdService({ settings, region, existing, adoptions, ...given });
    this.registerOutputs({ id: this.id });
  }
}
