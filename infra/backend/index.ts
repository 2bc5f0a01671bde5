/** The backend's Render services: created by this stack, or existing ones that it only gives variables to. */
import * as pulumi from "@pulumi/pulumi";
import { type ContractValues, withExtras } from "../contract.ts";
import { noRecovery, type Recovery } from "../recovery/index.ts";
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
  variables: ContractValues;
  /** What the last `up` left behind. */
  existing: readonly ExistingResource[] | undefined;
  /** What an interrupted `up` created; none by default. */
  recovery?: Recovery;
}

/** One service of the backend. */
export class Service extends pulumi.ComponentResource {
  /** Render's id, `srv-…` or `crn-…`. */
  readonly id: pulumi.Output<string>;

  constructor(
    { settings, region, variables, existing, recovery = noRecovery }: ServiceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Service", settings.name, {}, opts);
    const given = {
      variables: withExtras(variables, settings.variables, settings.secrets),
      // A service boots when everything that its variables name is there, access list included.
      opts: { parent: this, ...(opts?.dependsOn !== undefined && { dependsOn: opts.dependsOn }) },
    };
    this.id =
      "link" in settings
        ? linkedService({ settings, ...given })
        : createdService({ settings, region, existing, recovery, ...given });
    this.registerOutputs({ id: this.id });
  }
}
