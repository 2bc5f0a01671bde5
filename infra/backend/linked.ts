import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import type { ContractValues } from "../contract.ts";
import type { Run } from "../run.ts";
import type { LinkedService } from "../settings/index.ts";
import { redeploy } from "./redeploy.ts";

/** Arguments of {@link linkedService}. */
export interface LinkedArgs {
  settings: LinkedService;
  run: Run;
  /** Every variable of this service: the contract's and its own. */
  variables: ContractValues;
  opts: pulumi.CustomResourceOptions;
}

/**
 * Gives the environment to a service that exists and that this stack does not manage: an env group of its own,
 * linked to this one service. Its plan, source and own variables are left alone.
 *
 * @returns the service's id
 */
export function linkedService({ settings, run, variables, opts }: LinkedArgs): pulumi.Output<string> {
  const { name, link: serviceId, untouched } = settings;
  if (untouched) return pulumi.output(serviceId);
  // The id is part of the logical names: another service gets another group, and the old one is unlinked last.
  const logicalName = `${name}-${serviceId}`;
  const group = new render.EnvGroup(
    logicalName,
    { name: `${name}-databases`, envVars: valuesOf(variables) },
    opts,
  );
  const link = new render.EnvGroupLink(
    logicalName,
    { envGroupId: group.id, serviceIds: [serviceId] },
    {
      ...opts,
      // Somebody may link further services to the group by hand. After a refresh the provider would call them
      // a difference and detach them; the list is ours for one service only, and that one never changes.
      ignoreChanges: ["serviceIds"],
    },
  );
  redeploy(
    `${logicalName}-deployed`,
    {
      service: name,
      serviceId,
      deployedWith: variables,
      variables,
      deploys: run.settings.deploys,
      what: "live",
      first: true,
      mustNotOverride: { serviceId, variables: Object.keys(variables) },
    },
    { ...opts, dependsOn: [group, link] },
  );
  return pulumi.output(serviceId);
}

/** Variables in the shape of Render's provider. */
export function valuesOf(variables: ContractValues): Record<string, { value: pulumi.Output<string> }> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }]));
}
