import * as pulumi from "@pulumi/pulumi";
import * as render from "@pulumi/render";
import { nameIsFree, placedIn } from "../environment/index.ts";
import { types } from "../resources.ts";
import { leftAlone } from "../settings/fields.ts";
import type { CreatedService } from "../settings/index.ts";
import { builds } from "../settings/sections/backend.ts";
import { stageOf } from "../settings/stages.ts";
import { idsOf } from "../state.ts";
import { type ServiceArgs, valuesOf } from "./linked.ts";
import { redeploy } from "./redeploy.ts";

/**
 * Creates a service. Its variables are part of its creation, so the first deploy already has them.
 *
 * @returns the service's id
 */
export function createdService({
  settings,
  run,
  variables,
  opts,
}: ServiceArgs<CreatedService>): pulumi.Output<string> {
  const args = {
    name: settings.name,
    plan: settings.plan,
    region: run.settings.region,
    runtimeSource: runtimeSource(settings),
    envVars: valuesOf(variables),
    ...("repository" in settings.source &&
      settings.source.root !== undefined && { rootDirectory: settings.source.root }),
    ...(settings.start !== undefined && { startCommand: settings.start }),
    ...preDeploy(settings),
    ...(settings.with as object),
  };
  const adopted = run.recovery.idOf({ type: types[settings.type], name: settings.name });
  const placed = placedIn(run.environment, run.existing);
  const { name } = settings;
  // One of another type goes last in a replacement: it is in the way.
  const own = idsOf(run.existing, types[settings.type]);
  const isFree = nameIsFree(
    { hook: `${name}-name-is-free`, kind: "services", name, own },
    (id) =>
      `a Render service named ${name} exists already (${id}). Link it in kairos:backend (link: ${id}), or choose another name (a service of another type needs one too)`,
  );
  const service = serviceOf(
    settings,
    { ...placed.inputs, ...args },
    {
      ...opts,
      // Its databases already wait for the record of what is created.
      ...(adopted !== undefined && { import: adopted }),
      // Names are not unique at Render for long: two of one name confuse its provider, so the old one goes first.
      deleteBeforeReplace: true,
      ignoreChanges: [
        ...leftAlone(placed.ignored, settings.with),
        ...(settings.deployedBy === "elsewhere" ? chosenElsewhere : []),
      ],
      hooks: { beforeCreate: [isFree] },
    },
  );
  // All that a running service depends on. Not the region, whose change creates the service anew, and not what a
  // pipeline chooses.
  const { region: _, runtimeSource: source, ...others } = args;
  const { healthCheck, instances, schedule } = settings;
  const deployedWith = {
    ...others,
    ...(settings.deployedBy === "stack" && { source }),
    also: JSON.stringify({ healthCheck, instances, schedule }),
  };
  const isInState = (run.existing ?? []).some(
    ({ type, outputs }) => type === types[settings.type] && outputs.name === settings.name,
  );
  redeploy(
    `${settings.name}-deployed`,
    {
      service: settings.name,
      serviceId: service.id,
      deployedWith,
      variables,
      deploys: run.settings.deploys,
      what: settings.deployedBy === "elsewhere" ? "live" : "configured",
      // The `up` that created it did not see it live: it may have failed, or run with the variables of that time.
      first: adopted !== undefined || isInState,
    },
    opts,
  );
  return service.id;
}

/** What runs before each deploy takes over. Only where everything may go it fills the databases, too. */
function preDeploy({ migration, seed }: CreatedService) {
  const commands = [migration, stageOf(pulumi.getStack()) === "short" ? seed : undefined].filter(Boolean);
  return commands.length === 0
    ? {}
    : { preDeployCommand: commands.map((one) => (commands.length > 1 ? `(${one})` : one)).join(" && ") };
}

/** What a pipeline changes when it deploys: a refresh sees it, and the stack must not turn it back. */
const chosenElsewhere = ["runtimeSource.image.tag", "runtimeSource.image.digest"];

type CommonArgs = Pick<
  render.WebServiceArgs,
  | "name"
  | "plan"
  | "region"
  | "runtimeSource"
  | "envVars"
  | "rootDirectory"
  | "startCommand"
  | "environmentId"
> & { plan: string; region: string };

function serviceOf(
  { name, type, schedule, healthCheck, instances }: CreatedService,
  common: CommonArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const numInstances = instances === undefined ? {} : { numInstances: instances };
  switch (type) {
    case "web": {
      const health = healthCheck === undefined ? {} : { healthCheckPath: healthCheck };
      return new render.WebService(name, { ...common, ...numInstances, ...health }, opts);
    }
    case "worker":
      return new render.BackgroundWorker(name, { ...common, ...numInstances }, opts);
    case "private":
      return new render.PrivateService(name, { ...common, ...numInstances }, opts);
    case "cron":
      return new render.CronJob(name, { ...common, schedule: schedule ?? "" }, opts);
  }
}

function runtimeSource({ source, deployedBy }: CreatedService) {
  if ("image" in source)
    return {
      image: {
        imageUrl: source.image,
        ...(source.tag !== undefined && { tag: source.tag }),
        ...(source.digest !== undefined && { digest: source.digest }),
        ...(source.registryCredential !== undefined && { registryCredentialId: source.registryCredential }),
      },
    };
  const { runtime, dockerfile } = source;
  const repository = {
    repoUrl: source.repository,
    branch: source.branch,
    autoDeployTrigger: deployedBy === "elsewhere" ? "off" : "commit",
  };
  if (runtime === "docker")
    return { docker: { ...repository, ...(dockerfile !== undefined && { dockerfilePath: dockerfile }) } };
  return { nativeRuntime: { ...repository, runtime, buildCommand: source.build ?? builds[runtime] } };
}
