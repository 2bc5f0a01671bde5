/** Deploys of services: what they run, and how far they are. */
import { createHash } from "node:crypto";
import { accepted, type Route, route } from "../api.ts";
import { among, page } from "./calls.ts";
import { type Deploy, newId, now, preDeployCommandOf, type RenderCloud, type Service } from "./model.ts";
import { RenderError } from "./refusals.ts";

type DeployRequest = { commitId?: string; imageUrl?: string };

/** What a process of the service would get: its own variables win over those of its env groups. */
export function effectiveVariables(cloud: RenderCloud, id: string): Record<string, string> {
  const groups = cloud.all("envGroups").filter((group) => group.serviceIds.includes(id));
  const all = [...groups.flatMap((group) => group.envVars), ...cloud.get("services", id).envVars];
  return Object.fromEntries(all.map(({ key, value }) => [key, value]));
}

export function deployRoutes(cloud: RenderCloud): Route[] {
  const all = "/services/:id/deploys" as const;
  return [
    route(`GET ${all}`, ({ id, query }) => {
      const asked = deploysOf(cloud, id).filter(({ status }) => among(query.status, status));
      return page("deploy", asked.map(deployAnswer), query);
    }),
    // At once, or when its turn has come; until then no list shows it.
    route(`POST ${all}`, ({ id }, body: DeployRequest) => {
      const { queue } = cloud.behind;
      if (queue === 0) return deployAnswer(startDeploy(cloud, id, body));
      checkDeploy(cloud.get("services", id), body);
      setTimeout(() => {
        if (cloud.state.services[id] !== undefined) startDeploy(cloud, id, body);
      }, queue).unref();
      return accepted();
    }),
  ];
}

function checkDeploy(service: Service, { commitId, imageUrl }: DeployRequest): void {
  // https://github.com/render-oss/terraform-provider-render/issues/104: an update ends in this.
  if (service.suspended) throw new RenderError(400, "cannot deploy suspended service");
  if (imageUrl !== undefined && nameOf(imageUrl) !== nameOf(service.imagePath ?? ""))
    throw new RenderError(400, "imageUrl: host, repository and image name must match the service's image");
  if (commitId !== undefined && service.type === "cron_job")
    throw new RenderError(400, "commitId is not supported for cron jobs");
}

/** Starts a deploy: what is asked for, or else what the service is configured to run. */
export function startDeploy(cloud: RenderCloud, serviceId: string, what: DeployRequest = {}): Deploy {
  const service = cloud.get("services", serviceId);
  checkDeploy(service, what);
  const { commitId, imageUrl } = what;
  const runs =
    service.imagePath === undefined
      ? {
          commit: {
            id: commitId ?? headOf(service),
            message: `head of ${service.branch ?? "main"}`,
            createdAt: now(),
          },
        }
      : { image: imageOf(imageUrl ?? service.imagePath) };
  const status = firstStatus(service);
  const deploy: Deploy = {
    id: newId("dep"),
    serviceId,
    status,
    createdAt: now(),
    startedAt: now(),
    ...(status === "live" && { finishedAt: now() }),
    variables: effectiveVariables(cloud, serviceId),
    ...runs,
  };
  cloud.state.deploys.push(deploy);
  cloud.touched(service);
  void finish(cloud, service, deploy);
  return deploy;
}

/** Recorded, each of a first answer. A command before the deploy follows the build, which an image does not have. */
function firstStatus(service: Service): Deploy["status"] {
  const { type, imagePath } = service;
  if (imagePath === undefined) return "build_in_progress";
  if (type === "cron_job") return "live";
  return preDeployCommandOf(service) === undefined ? "update_in_progress" : "pre_deploy_in_progress";
}

async function finish(cloud: RenderCloud, service: Service, deploy: Deploy): Promise<void> {
  const status = await cloud.behind.boot(service, deploy).catch(() => "update_failed" as const);
  // Deleted meanwhile: its deploys went with it.
  if (cloud.state.services[service.id] === undefined) return;
  if (status === "live")
    for (const other of cloud.state.deploys)
      if (other.serviceId === service.id && other.status === "live") other.status = "deactivated";
  deploy.status = status;
  deploy.finishedAt = now();
  cloud.save();
}

/** Newest first, as Render lists them. */
export function deploysOf(cloud: RenderCloud, serviceId: string): Deploy[] {
  cloud.get("services", serviceId);
  return cloud.state.deploys.filter((deploy) => deploy.serviceId === serviceId).reverse();
}

function deployAnswer({ variables: _, serviceId: __, ...deploy }: Deploy) {
  const { createdAt, finishedAt = null } = deploy;
  return { commit: null, ...deploy, trigger: "api", updatedAt: finishedAt ?? createdAt, finishedAt };
}

/** An image as Render answers it: in full, with the tag `latest` where it has none, and what the tag leads to now. */
export function imageOf(reference: string): { ref: string; sha: string } {
  const tagged = /[:@][^/]+$/.test(reference) ? reference : `${reference}:latest`;
  const [first = "", ...rest] = tagged.split("/");
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const ref = hasHost ? tagged : `docker.io/${rest.length > 0 ? tagged : `library/${tagged}`}`;
  const digest = /@(sha256:.+)$/.exec(ref)?.[1];
  return { ref, sha: digest ?? `sha256:${createHash("sha256").update(ref).digest("hex")}` };
}

const nameOf = (image: string) => imageOf(image).ref.replace(/[:@][^/]+$/, "");

/** The stand-in has no repositories: a branch's head is a commit made of its name. */
const headOf = ({ branch = "main" }: Service) => Buffer.from(`head of ${branch}`.padEnd(20)).toString("hex");
