import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import type { Render } from "../../vendors/render.ts";
import { render as renderApi } from "../accounts.ts";
import type { ContractValues } from "../contract.ts";
import type { Run } from "../run.ts";
import type { LinkedService, Settings } from "../settings/index.ts";
import { redeploy, suspended } from "./redeploy.ts";

/** Arguments of {@link linkedService}, and of what creates one. */
export interface ServiceArgs<Settings> {
  settings: Settings;
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
export function linkedService({
  settings,
  run,
  variables,
  opts,
}: ServiceArgs<LinkedService>): pulumi.Output<string> {
  const { name, link: serviceId, untouched } = settings;
  if (untouched) return pulumi.output(serviceId);
  // The id is part of the logical names: another service gets another group, and the old one is unlinked last.
  const logicalName = `${name}-${serviceId}`;
  const group = new render.EnvGroup(
    logicalName,
    { name: `${name}-databases`, envVars: valuesOf(variables) },
    { ...opts, hooks: { beforeCreate: [fitting(logicalName, serviceId, run.settings)] } },
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
      mustNotOverride: true,
    },
    { ...opts, dependsOn: [group, link] },
  );
  return pulumi.output(serviceId);
}

/** Variables in the shape of Render's provider. */
export function valuesOf(variables: ContractValues): Record<string, { value: pulumi.Output<string> }> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, { value }]));
}

/** Looks at the service before it gets anything; in previews too, when nothing is made yet. */
function fitting(name: string, serviceId: string, settings: Settings): pulumi.ResourceHook {
  const look = async () => {
    const { refusals, warnings } = await unfit(renderApi(), serviceId, settings);
    for (const line of warnings) pulumi.log.warn(line);
    if (refusals.length > 0) throw new Error(refusals.join("\n"));
  };
  return new pulumi.ResourceHook(`${name}-fits`, look, { onDryRun: true });
}

/**
 * What makes a service the wrong one for these databases, a line each; exported for its test.
 *
 * Sources: https://render.com/docs/private-network (a region each), https://render.com/docs/service-previews (previews
 * have the variables of their service), https://render.com/docs/static-sites, terraform-provider-render#104.
 */
export async function unfit(
  api: Pick<Render, "serviceIfAny" | "owner">,
  serviceId: string,
  { region, postgres, redis }: Pick<Settings, "region" | "postgres" | "redis">,
): Promise<{ refusals: string[]; warnings: string[] }> {
  const service = await api.serviceIfAny(serviceId);
  if (service === undefined || ![service.ownerId ?? api.owner, ""].includes(api.owner))
    return {
      refusals: [
        `kairos:backend: ${serviceId} is no service of the workspace ${api.owner}; expected one of its own`,
      ],
      warnings: [],
    };
  const { name, type, serviceDetails = {} } = service;
  const refusals: string[] = [];
  const warnings: string[] = [];
  const isPrivate = (postgres.enabled && postgres.network === "private") || redis.provider === "render";
  const place = serviceDetails.region ?? region;
  if (place !== region)
    (isPrivate ? refusals : warnings).push(
      `kairos:region: got ${region}; expected ${place}, where ${name} (${serviceId}) is: ${isPrivate ? "Render's private network does not cross regions, and no vendor moves a database" : "each query would cross regions"}`,
    );
  if (service.suspended === "suspended") refusals.push(suspended(name, serviceId));
  if (type === "static_site")
    refusals.push(
      `kairos:backend: ${name} (${serviceId}) is a static site, which runs nothing; expected a service`,
    );
  const { previews, pullRequestPreviewsEnabled } = serviceDetails;
  if (previews?.generation === "automatic" || pullRequestPreviewsEnabled === "yes")
    warnings.push(
      `kairos:backend: pull request previews of ${name} (${serviceId}) get its variables and would run on these databases; turn them off in Render's dashboard, or to manual`,
    );
  return { refusals, warnings };
}
