/**
 * Deploys a service once after its variables (or anything else of it) have changed, and waits until it runs with them.
 *
 * Neither way of changing variables does this well by itself: an env group deploys nothing, and the provider's
 * own deploy after an update takes whatever the service is configured to run, which is not what runs when a
 * pipeline deploys commits or images. So the provider's deploy is switched off
 * (`render:skipDeployAfterServiceUpdate`), and a small resource records what the service runs with. Its hook deploys
 * before the record is written: a deploy that fails, or that nobody lived to see live, leaves the old record, and the
 * next `pulumi up` tries again.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type DeployedSource, failedDeploys, type Render, type RenderDeploy } from "../../vendors/render.ts";
import { render } from "../accounts.ts";
import type { ContractValues } from "../contract.ts";
import { OperatorError } from "../errors.ts";
import { resolved } from "../rotation/login.ts";
import type { DeploySettings } from "../settings/index.ts";
import { untilRunning } from "./running.ts";

/** Arguments of {@link redeploy}. */
export interface RedeployArgs {
  /** What people call the service. */
  service: string;
  /** Its id. */
  serviceId: pulumi.Input<string>;
  /** All that the running service depends on. Secret or not: only a digest is recorded, itself secret. */
  deployedWith: pulumi.Inputs;
  /** All of its variables: what of them is secret is taken out of the log that is shown of a failed deploy. */
  variables: ContractValues;
  /** Whether its deploys are waited for. */
  deploys: DeploySettings;
  /** `live`: the commit or image that is running. `configured`: what the service's own settings say. */
  what: "live" | "configured";
  /** Whether the first record deploys too. A service that is created by the same run does so itself; it is waited for. */
  first: boolean;
  /** Refuses to deploy while the service sets one of the variables itself: its own would win over the env group's. */
  mustNotOverride?: true;
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
  const wait = (id: string, from: number) =>
    args.deploys.wait ? untilRunning(render(), { ...args, id, from, shownOn: opts.parent }) : undefined;
  const deploy = new pulumi.ResourceHook(`${name}-deploy`, async ({ newInputs }) => {
    const id = await serviceIdOf(newInputs);
    await wait(id, await deployService(render(), id, args.what));
  });
  const firstOfItsOwn = () =>
    new pulumi.ResourceHook(`${name}-live`, async ({ newInputs }) => {
      await wait(await serviceIdOf(newInputs), 0);
    });
  const hooks = [
    check(`${name}-running`, () => refuseSuspended(args.service, args.serviceId)),
    ...(args.mustNotOverride ? [check(`${name}-own-variables`, () => refuseShadowed(args))] : []),
    deploy,
  ];
  return new pulumi.Stash(
    name,
    { input: { serviceId: args.serviceId, deployedWith: pulumi.secret(digest) } },
    { ...opts, hooks: { beforeCreate: args.first ? hooks : [firstOfItsOwn()], beforeUpdate: hooks } },
  );
}

/**
 * A preview says it and goes on: a service's own variables are best deleted once the group is linked, by the up, and one
 * that is suspended may be resumed by then.
 */
function check(name: string, look: () => Promise<void>): pulumi.ResourceHook {
  const said = async () => {
    const refused = look();
    await (pulumi.runtime.isDryRun() ? refused.catch(({ message }) => pulumi.log.warn(message)) : refused);
  };
  return new pulumi.ResourceHook(name, said, { onDryRun: true });
}

/**
 * Refuses to deploy a service that is suspended: Render does not, and nobody knows whether one that is resumed without a
 * deploy starts with the variables of its last one. The record stays, so that the next up deploys it.
 *
 * Sources: https://github.com/render-oss/terraform-provider-render/issues/104,
 * https://render.com/docs/configure-environment-variables (what is saved without a deploy waits for the next one).
 */
async function refuseSuspended(service: string, serviceId: pulumi.Input<string>): Promise<void> {
  // The SDK keeps this property to itself. Of a service that a preview would make nobody knows the id.
  const output = pulumi.output(serviceId) as pulumi.Output<string> & { isKnown: Promise<boolean> };
  if (!(await output.isKnown)) return;
  const id = await resolved(output);
  if ((await render().serviceIfAny(id))?.suspended === "suspended")
    throw new OperatorError(`${suspended(service, id)}, then run pulumi up again: it deploys it`);
}

/** Why nothing comes of a deploy, and what to do first. */
export const suspended = (service: string, id: string) =>
  `kairos:backend: ${service} (${id}) is suspended, and Render deploys nothing there; resume it first`;

const refuseShadowed = async ({ serviceId, variables }: RedeployArgs) =>
  refuseOwnVariables(render(), await resolved(pulumi.output(serviceId)), Object.keys(variables));

/** The engine hands the record over as an output: it stands beside a secret. */
const serviceIdOf = (record: pulumi.Inputs | undefined) =>
  resolved(pulumi.output(record?.input as { serviceId: string }).serviceId);

/** Refuses a service that sets a variable itself; exported for its test. */
export async function refuseOwnVariables(
  api: Pick<Render, "ownVariables">,
  serviceId: string,
  variables: readonly string[],
): Promise<void> {
  const own = (await api.ownVariables(serviceId)).map(({ key }) => key);
  const shadowing = variables.filter((variable) => own.includes(variable));
  if (shadowing.length > 0)
    throw new Error(
      `service ${serviceId} sets ${shadowing.join(", ")} itself, and a service's own variable wins over the env group's. Nothing is deployed until they are gone from the service. Before you delete them, be sure that what they lead to is what this stack manages: import existing databases first`,
    );
}

/**
 * The deploy itself; exported for its test.
 *
 * @returns from when on deploys are this one or later, in ms since 1970 by Render's clock: Render may queue it, and shows
 *   it only when its turn has come
 */
export async function deployService(
  api: Pick<Render, "deploys" | "deploy">,
  serviceId: string,
  what: RedeployArgs["what"],
): Promise<number> {
  const before = await api.deploys(serviceId);
  const current = what === "live" ? currentOf(before) : {};
  // A cron job takes no commit: Render builds the head of its branch at each deploy.
  const takesCommits = !serviceId.startsWith("crn-");
  await api.deploy(serviceId, takesCommits || current.imageUrl !== undefined ? current : {});
  return before[0] === undefined ? 0 : Date.parse(before[0].createdAt) + 1;
}

/**
 * Commit or image of the newest deploy that is live or on its way there: a pipeline's deploy that is still being built
 * is not to be overtaken by the one before. Nothing when there is none.
 */
function currentOf(deploys: readonly RenderDeploy[]): DeployedSource {
  const { commit, image } = deploys.find(({ status }) => !failedDeploys.has(status)) ?? {};
  return { ...(commit && { commitId: commit.id }), ...(image && { imageUrl: image.ref }) };
}

/** JSON whose keys are in order, so that the digest depends on the values alone. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
