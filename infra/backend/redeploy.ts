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
import { RenderApi } from "./render-api.ts";

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
  /** Names of variables that the service must not set itself, where its own would win over the env group's. */
  mustNotOverride?: readonly string[];
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
    await deployService(new RenderApi(), await serviceIdOf(newInputs), args);
  });
  return new pulumi.Stash(
    name,
    { input: { serviceId: args.serviceId, deployedWith: pulumi.secret(digest) } },
    { ...opts, hooks: { ...(args.first && { beforeCreate: [deploy] }), beforeUpdate: [deploy] } },
  );
}

/** The engine hands the record over as an output: it stands beside a secret. */
function serviceIdOf(record: pulumi.Inputs | undefined): Promise<string> {
  return new Promise((resolve) => {
    pulumi
      .output(record?.input as pulumi.Input<{ serviceId: string }>)
      .apply(({ serviceId }) => resolve(serviceId));
  });
}

/** The deploy itself; exported for its test. */
export async function deployService(
  api: Pick<RenderApi, "ownVariables" | "live" | "deploy">,
  serviceId: string,
  { what, mustNotOverride = [] }: Pick<RedeployArgs, "what" | "mustNotOverride">,
): Promise<void> {
  if (mustNotOverride.length > 0) {
    const own = await api.ownVariables(serviceId);
    const shadowing = mustNotOverride.filter((variable) => own.includes(variable));
    if (shadowing.length > 0)
      throw new Error(
        `service ${serviceId} sets ${shadowing.join(", ")} itself, and a service's own variable wins over the env group's. The group is linked: delete them on the service, then run pulumi up again; nothing was deployed`,
      );
  }
  await api.deploy(serviceId, what === "live" ? await api.live(serviceId) : {});
}

/** JSON whose keys are in order, so that the digest depends on the values alone. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
