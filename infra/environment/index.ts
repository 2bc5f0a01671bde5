/** Where on Render the stack's things are, and from which addresses its services reach the world. Nothing unless it is set. */
import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import { render as renderApi } from "../accounts.ts";
import { OperatorError } from "../errors.ts";
import { types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import { type Existing, idsOf } from "../state.ts";

/** Addresses of a set. Source: https://render.com/docs/dedicated-ips, and recorded. */
const addressesOfASet = 3;

/** The key of the one environment in its project's map: it stays when the name changes, so that the environment does. */
export const environmentKey = "environment";

export class Environment extends pulumi.ComponentResource {
  /** Render's id of the environment, `evm-…`; undefined where the settings have none. */
  readonly id: pulumi.Output<string> | undefined;
  /** As blocks; none without addresses of its own. */
  readonly outbound: pulumi.Output<string>[];

  /** @param settings `kairos:render` and `kairos:region` of the stack */
  constructor(
    name: string,
    { render: settings, region }: Pick<Settings, "render" | "region">,
    existing: Existing,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("kairos:infra:Environment", name, {}, opts);
    const { environment, outbound } = settings;
    this.id = environment && environmentId(name, environment, this, existing);
    this.outbound = outbound === undefined ? [] : addresses(name, { ...outbound, region }, this, existing);
    this.registerOutputs({ id: this.id });
  }
}

function environmentId(
  name: string,
  environment: NonNullable<Settings["render"]["environment"]>,
  parent: pulumi.Resource,
  existing: Existing,
): pulumi.Output<string> {
  if ("id" in environment) return pulumi.output(environment.id);
  const { environments } = new render.Project(
    `${name}-project`,
    {
      name: environment.project,
      environments: {
        [environmentKey]: {
          name: environment.name,
          protectedStatus: environment.protected ? "protected" : "unprotected",
          networkIsolated: environment.isolated,
        },
      },
    },
    { parent, hooks: { beforeCreate: [settingIsFree("projects", environment.project, existing)] } },
  );
  return environments.apply((all) => all[environmentKey]?.id ?? "");
}

function addresses(
  name: string,
  { name: set, region }: { name: string; region: string },
  parent: Environment,
  existing: Existing,
): pulumi.Output<string>[] {
  const { ips } = new render.DedicatedIp(
    `${name}-outbound`,
    { name: set, region, ...(parent.id !== undefined && { environmentIds: [parent.id] }) },
    { parent, hooks: { beforeCreate: [settingIsFree("dedicated-ips", set, existing)] } },
  );
  return Array.from({ length: addressesOfASet }, (_, index) =>
    ips.apply((all) => {
      const address = all[index];
      if (address === undefined)
        throw new OperatorError(
          `kairos:render.outbound: got ${all.length} addresses from Render; expected ${addressesOfASet}`,
        );
      return `${address}/32`;
    }),
  );
}

const kinds = {
  projects: { type: types.renderProject, what: "project", setting: "environment.project" },
  "dedicated-ips": { type: types.outbound, what: "set of dedicated addresses", setting: "outbound.name" },
} as const;

function settingIsFree(kind: keyof typeof kinds, name: string, existing: Existing): pulumi.ResourceHook {
  const { type, what, setting } = kinds[kind];
  return nameIsFree({ hook: `${setting}-is-free`, kind, name, own: idsOf(existing, type) }, (id) => {
    const found = `Render has a ${what} named ${name} already (${id}); expected another name`;
    return `kairos:render.${setting}: ${found}. If a pulumi up that was interrupted made it, delete it at Render, or import it: pulumi import ${type}`;
  });
}

/** What {@link nameIsFree} looks at; `own`: ids of what the stack has. */
interface NameArgs {
  hook: string;
  kind: keyof typeof kinds | "services";
  name: string;
  own: ReadonlySet<string>;
}

/**
 * Refuses to make a second one of a name: Render allows it, and an `up` that was interrupted may have made the first; and
 * its provider looks a new service up by name, and could take somebody else's for its own. Asked in previews too, so that
 * the reviewer sees it.
 */
export const nameIsFree = ({ hook, kind, name, own }: NameArgs, refusal: (id: string) => string) =>
  new pulumi.ResourceHook(
    hook,
    async () => {
      // In the preview of a replacement the stack's own, which will go first, still has the name.
      const taken = (await renderApi().named(kind, name)).find(({ id }) => !own.has(id));
      if (taken !== undefined) throw new OperatorError(`${refusal(taken.id)}; nothing was created`);
    },
    { onDryRun: true },
  );

/** What a run knows of it. */
export type Surroundings = Pick<Environment, "id" | "outbound">;

/** In no environment, on the region's own addresses. */
export const nowhere: Surroundings = { id: undefined, outbound: [] };

/**
 * The environment of a thing, as its provider takes it; and what to leave alone: where nobody says it, somebody may have
 * chosen it in the dashboard. What the stack's own environment held leaves it with the setting.
 */
export function placedIn(
  { id }: Surroundings,
  existing: Existing,
): { inputs: { environmentId?: pulumi.Output<string> }; ignored: string[] } {
  if (id !== undefined) return { inputs: { environmentId: id }, ignored: [] };
  const wasOurs = existing.some(({ type }) => type === types.renderProject);
  return { inputs: {}, ignored: wasOurs ? [] : ["environmentId"] };
}
