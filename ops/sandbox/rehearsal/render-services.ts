/** Render's services: the body of `POST /services` as its provider 1.9.1 puts it together, for each kind. */

import type * as pulumi from "@pulumi/pulumi";
import type { CronJobArgs, WebServiceArgs } from "@pulumi/render";
import { types } from "../../../infra/resources.ts";
import { type Created, type Existing, type Send, type Translations, translation } from "./vendor.ts";

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
export function services(send: Send, ownerId: string): Translations {
  const create = async (type: string, inputs: Inputs, details: Details): Promise<Created> => {
    const body = { ...bodyOf(type, inputs, details), ownerId };
    const { service } = await send<{ service: { id: string; slug: string } }>("POST /services", body);
    const { id, slug } = service;
    const { environmentId } = inputs;
    if (environmentId !== undefined)
      await send(`POST /environments/${environmentId}/resources`, { resourceIds: [id] });
    // The provider says what it overrides of notifications, also where that is nothing.
    await send(`PATCH /notification-settings/overrides/services/${id}`, {});
    return { id, outputs: { slug } };
  };
  const kept = (type: string) => (inputs: Running) => create(type, inputs, scaled(inputs));
  const remove = ({ id }: { id: string }) => send(`DELETE /services/${id}`);
  const changes = {
    property: "envVars",
    to: ({ id, envVars = {} }: Existing<Pick<Inputs, "envVars">>) =>
      send(`PUT /services/${id}/env-vars`, envVarsOf(envVars)),
  } as const;
  return {
    [types.web]: translation<WebServiceArgs>()(
      [...running, "healthCheckPath"],
      async ({ healthCheckPath = "", ...inputs }) => {
        const details = { healthCheckPath, maintenanceMode: { enabled: false, uri: "" } };
        const { id, outputs } = await create("web_service", inputs, { ...scaled(inputs), ...details });
        return { id, outputs: { ...outputs, url: `https://${inputs.name}.onrender.com` } };
      },
      remove,
      changes,
    ),
    [types.worker]: translation<WebServiceArgs>()(running, kept("background_worker"), remove, changes),
    [types.private]: translation<WebServiceArgs>()(running, kept("private_service"), remove, changes),
    [types.cron]: translation<CronJobArgs>()(
      [...common, "schedule"],
      ({ schedule, ...inputs }) => create("cron_job", inputs, { schedule }),
      remove,
      changes,
    ),
  };
}

function scaled({ numInstances = 1, preDeployCommand }: Running): Details {
  return {
    preDeployCommand,
    numInstances,
    previews: {},
    pullRequestPreviewsEnabled: "no",
  };
}

function bodyOf(type: string, inputs: Inputs, details: Details): object {
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
  if (nativeRuntime === undefined) throw new Error("expected an image, a Dockerfile or a native runtime");
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
