/**
 * Deploys a service once after its variables (or anything else of it) have changed.
 *
 * Neither way of changing variables does this well by itself: an env group deploys nothing, and the provider's
 * own deploy after an update takes whatever the service is configured to run, which is not what runs when a
 * pipeline deploys commits or images. So the provider's deploy is switched off
 * (`render:skipDeployAfterServiceUpdate`), and a small resource records what the service was last deployed with.
 * Its hook starts the deploy before the record is written: a deploy that could not be started fails the step, and
 * the next `pulumi up` finds the old record and tries again.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { Render } from "../../vendors/render.ts";
import { render } from "../accounts.ts";
import { resolved } from "../rotation/login.ts";

/** Arguments of {@link redeploy}. */
export interface RedeployArgs {
  /** Id of the service. */
  serviceId: pulumi.Input<string>;
  /** All that the running service depends on. Secret or not: only a digest is recorded, itself secret. */
  deployedWith: pulumi.Inputs;
  /** `live`: the commit or image that is running. `configured`: what the service's own settings say. */
  what: "live" | "configured";
  /** Whether the first record deploys too; a service that is created in the same step already does. */
  first: boolean;
  /** Refuses to deploy while the service sets one of these variables itself: its own would win over the env group's. */
  mustNotOverride?: { serviceId: string; variables: readonly string[] };
}

/** Records what a service runs with, and deploys it whenever that changes. */
export function redeploy(
  name: string,
  args: RedeployArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const digest = pulumi
    .output(args.deployedWith)
    .apply((value) => createHash("sha256").update(canonicalJson(value)).digest("hex"));
  const deploy = new pulumi.ResourceHook(`${name}-deploy`, async ({ newInputs }) => {
    await deployService(render(), await serviceIdOf(newInputs), args.what);
  });
  const hooks =
    args.mustNotOverride === undefined ? [deploy] : [ownVariablesCheck(name, args.mustNotOverride), deploy];
  return new pulumi.Stash(
    name,
    { input: { serviceId: args.serviceId, deployedWith: pulumi.secret(digest) } },
    { ...opts, hooks: { ...(args.first && { beforeCreate: hooks }), beforeUpdate: hooks } },
  );
}

/** A preview says it and goes on: the variables are best deleted once the group is linked, by the up. */
function ownVariablesCheck(
  name: string,
  service: NonNullable<RedeployArgs["mustNotOverride"]>,
): pulumi.ResourceHook {
  const check = async () => {
    const refused = refuseOwnVariables(render(), service);
    await (pulumi.runtime.isDryRun() ? refused.catch(({ message }) => pulumi.log.warn(message)) : refused);
  };
  return new pulumi.ResourceHook(`${name}-own-variables`, check, { onDryRun: true });
}

/** The engine hands the record over as an output: it stands beside a secret. */
const serviceIdOf = (record: pulumi.Inputs | undefined) =>
  resolved(pulumi.output(record?.input as { serviceId: string }).serviceId);

/** Refuses a service that sets a variable itself; exported for its test. */
export async function refuseOwnVariables(
  api: Pick<Render, "ownVariables">,
  { serviceId, variables }: NonNullable<RedeployArgs["mustNotOverride"]>,
): Promise<void> {
  const own = (await api.ownVariables(serviceId)).map(({ key }) => key);
  const shadowing = variables.filter((variable) => own.includes(variable));
  if (shadowing.length > 0)
    throw new Error(
      `service ${serviceId} sets ${shadowing.join(", ")} itself, and a service's own variable wins over the env group's. Nothing is deployed until they are gone from the service. Before you delete them, be sure that what they lead to is what this stack manages: import existing databases first`,
    );
}

/** The deploy itself; exported for its test. */
export async function deployService(
  api: Pick<Render, "current" | "deploy">,
  serviceId: string,
  what: RedeployArgs["what"],
): Promise<void> {
  const current = what === "live" ? ((await api.current(serviceId)) ?? {}) : {};
  // A cron job takes no commit: Render builds the head of its branch at each deploy.
  const takesCommits = !serviceId.startsWith("crn-");
  await api.deploy(serviceId, takesCommits || current.imageUrl !== undefined ? current : {});
}

/** JSON whose keys are in order, so that the digest depends on the values alone. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
