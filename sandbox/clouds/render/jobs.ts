/** One-off jobs of a service, and what they and its deploys print. https://render.com/docs/one-off-jobs */
import type { Query } from "../api.ts";
import { found, RenderError } from "./error.ts";
import { newId, now } from "./ids.ts";
import type { Job, RenderCloud } from "./model.ts";
import { deploysOf, effectiveVariables, serviceOf } from "./services.ts";

export interface JobRequest {
  startCommand: string;
  planId?: string;
}

/** Starts one; it is `pending` until a machine is there. */
export function createJob(cloud: RenderCloud, serviceId: string, { startCommand, planId }: JobRequest): Job {
  const service = serviceOf(cloud, serviceId);
  if (startCommand === "") throw new RenderError(400, "startCommand is required");
  const { plan } = service.details;
  if (plan === "free") throw new RenderError(400, "jobs are not available for free services");
  // It runs the build of the service's last deploy.
  if (!deploysOf(cloud, serviceId).some(({ status }) => status === "live" || status === "deactivated"))
    throw new RenderError(400, "service must have a successful deploy before a job can run");
  const job: Job = {
    id: newId("job"),
    serviceId,
    startCommand,
    planId: planId ?? String(plan),
    status: "pending",
    createdAt: now(),
  };
  cloud.state.jobs.push(job);
  cloud.save();
  void finish(cloud, job);
  return job;
}

async function finish(cloud: RenderCloud, job: Job): Promise<void> {
  const service = serviceOf(cloud, job.serviceId);
  const variables = effectiveVariables(cloud, job.serviceId);
  // The caller has its answer first.
  await new Promise(setImmediate);
  Object.assign(job, { status: "running", startedAt: now() });
  cloud.save();
  const status = await cloud.behind.job(service, job, variables).catch(() => "failed" as const);
  if (job.status !== "canceled") job.status = status;
  job.finishedAt = now();
  cloud.save();
}

export function cancelJob(cloud: RenderCloud, serviceId: string, id: string): Job {
  const job = jobOf(cloud, serviceId, id);
  if (job.status !== "pending" && job.status !== "running")
    throw new RenderError(400, `job ${id} is not running`);
  job.status = "canceled";
  cloud.behind.stopJob(id);
  cloud.save();
  return job;
}

export const jobOf = (cloud: RenderCloud, serviceId: string, id: string): Job =>
  found(
    cloud.state.jobs.find((job) => job.id === id && job.serviceId === serviceId),
    `job ${id}`,
  );

/** By default of the last hour, and the newest; https://api-docs.render.com/reference/list-logs */
export function logsOf(cloud: RenderCloud, query: Query) {
  const { ownerId, resource, startTime, endTime = now(), direction = "backward", limit = "20" } = query;
  if (ownerId === undefined) throw new RenderError(400, "ownerId is required");
  if (resource === undefined) throw new RenderError(400, "resource is required");
  if (ownerId !== cloud.ownerId) throw new RenderError(404, `not found: owner ${ownerId}`);
  const from = startTime ?? new Date(Date.parse(endTime) - 60 * 60 * 1000).toISOString();
  const written = cloud.behind
    .lines(resource)
    // A line is not there at once.
    .filter(({ timestamp }) => Date.parse(timestamp) + cloud.behind.logDelay <= Date.now())
    .filter(({ timestamp }) => timestamp >= from && timestamp <= endTime);
  const most = Number(limit);
  const logs = direction === "backward" ? written.slice(-most).reverse() : written.slice(0, most);
  return {
    hasMore: written.length > logs.length,
    nextStartTime: from,
    nextEndTime: logs.at(-1)?.timestamp ?? endTime,
    logs: logs.map(({ timestamp, message }, index) => ({
      id: `${resource}-${timestamp}-${index}`,
      message,
      timestamp,
      labels: [
        { name: "resource", value: resource },
        { name: "type", value: "app" },
      ],
    })),
  };
}
