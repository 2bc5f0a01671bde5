/** Render's services: the body of `POST /services` as its provider 1.9.1 puts it together, for each kind. */

import type * as pulumi from "@pulumi/pulumi";
import type { CronJobArgs, WebServiceArgs } from "@pulumi/render";
import { types } from "../../../infra/resources.ts";
import * as api from "../../../sandbox/clouds/render/index.ts";
import { type Created, type Existing, type Translation, translation } from "./vendor.ts";

/** Inputs that every kind has. */
const common = [
  "name",
  "plan",
  "region",
  "runtimeSource",
  "startCommand",
  "envVars",
  "rootDirectory",
  "environmentId",
] as const;
const running = [...common, "numInstances", "preDeployCommand"] as const;

type Inputs = pulumi.Unwrap<Pick<WebServiceArgs, (typeof common)[number]>>;
type Running = Inputs & pulumi.Unwrap<Pick<WebServiceArgs, "numInstances" | "preDeployCommand">>;
type Details = Record<string, unknown>;

/** Services of one workspace. Creating one starts its first deploy, for whose end the provider does not wait. */
export function serviceTranslations(cloud: api.RenderCloud): Record<string, Translation> {
  const create = (type: ServiceType, inputs: Inputs, details: Details): Created => {
    const body = api.described.body<api.ServiceRequest>("POST /services", {
      ...bodyOf(type, inputs, details),
      ownerId: cloud.ownerId,
    });
    const { service } = api.createService(cloud, body);
    if (inputs.environmentId !== undefined) api.addToEnvironment(cloud, inputs.environmentId, [service.id]);
    // The provider says what it overrides of notifications, also where that is nothing.
    api.setNotifications(cloud, service.id, {});
    return { id: service.id, outputs: { slug: service.slug ?? service.name } };
  };
  const kept = (type: ServiceType, inputs: Running, details: Details = {}) =>
    create(type, inputs, { ...scaled(inputs), ...details });
  const remove = ({ id }: { id: string }) => api.deleteService(cloud, id);
  const changes = {
    property: "envVars",
    to: ({ id, envVars = {} }: Existing<Pick<Inputs, "envVars">>) =>
      void api.setVariables(cloud, id, envVarsOf(envVars)),
  } as const;
  return {
    [types.web]: translation<WebServiceArgs>()(
      [...running, "healthCheckPath"],
      ({ healthCheckPath = "", ...inputs }) => {
        const maintenanceMode = { enabled: false, uri: "" };
        const { id, outputs } = kept("web_service", inputs, { healthCheckPath, maintenanceMode });
        return { id, outputs: { ...outputs, url: `https://${inputs.name}.onrender.com` } };
      },
      remove,
      changes,
    ),
    [types.worker]: translation<WebServiceArgs>()(
      running,
      (inputs) => kept("background_worker", inputs),
      remove,
      changes,
    ),
    [types.private]: translation<WebServiceArgs>()(
      running,
      (inputs) => kept("private_service", inputs),
      remove,
      changes,
    ),
    [types.cron]: translation<CronJobArgs>()(
      [...common, "schedule"],
      ({ schedule, ...inputs }) => create("cron_job", inputs, { schedule }),
      remove,
      changes,
    ),
  };
}

type ServiceType = api.ServiceRequest["type"];

function scaled({ numInstances = 1, preDeployCommand }: Running): Details {
  return {
    ...(preDeployCommand !== undefined && { preDeployCommand }),
    numInstances,
    previews: {},
    pullRequestPreviewsEnabled: "no",
  };
}

function bodyOf(type: ServiceType, inputs: Inputs, details: Details): object {
  const { name = "", plan, region, runtimeSource, startCommand, envVars = {}, rootDirectory = "" } = inputs;
  const { source, runtime, envSpecificDetails } = sourceOf(runtimeSource, startCommand);
  return {
    type,
    name,
    ...source,
    rootDir: rootDirectory,
    envVars: envVarsOf(envVars),
    serviceDetails: { runtime, plan, region, ...details, envSpecificDetails },
  };
}

function sourceOf({ image, docker, nativeRuntime }: Inputs["runtimeSource"], startCommand = "") {
  if (image !== undefined) {
    const version =
      image.digest === undefined ? (image.tag === undefined ? "" : `:${image.tag}`) : `@${image.digest}`;
    const command = startCommand === "" ? {} : dockerCommand(startCommand);
    return {
      source: { image: { imagePath: image.imageUrl + version, ownerId: "" } },
      runtime: "image",
      envSpecificDetails: command,
    };
  }
  if (docker !== undefined) {
    const { repoUrl, branch, dockerfilePath = "./Dockerfile", autoDeployTrigger = "commit" } = docker;
    return {
      source: { repo: repoUrl, branch, autoDeployTrigger },
      runtime: "docker",
      envSpecificDetails: { ...dockerCommand(startCommand), dockerContext: ".", dockerfilePath },
    };
  }
  // A program without any is a mistake that the settings cannot make.
  if (nativeRuntime === undefined)
    throw new api.RenderError(400, "expected an image, a Dockerfile or a native runtime");
  const { repoUrl, branch, runtime, buildCommand, autoDeployTrigger = "commit" } = nativeRuntime;
  return {
    source: { repo: repoUrl, branch, autoDeployTrigger },
    runtime,
    envSpecificDetails: { buildCommand, startCommand },
  };
}

/** The provider's client writes out what is empty beside the command. */
function dockerCommand(command: string): Details {
  const registryCredential = {
    id: "",
    name: "",
    registry: "",
    updatedAt: "0001-01-01T00:00:00Z",
    username: "",
  };
  return { dockerCommand: command, dockerContext: "", dockerfilePath: "", registryCredential };
}

/** Variables as Render takes them. */
export function envVarsOf(variables: NonNullable<Inputs["envVars"]>): { key: string; value: string }[] {
  return Object.entries(variables).map(([key, { value }]) => ({ key, value }));
}
