/** One-off jobs of a service, and what they and its deploys print. https://render.com/docs/one-off-jobs */
import { type Query, type Route, route } from "../api.ts";
import { page } from "./calls.ts";
import { deploysOf, effectiveVariables } from "./deploys.ts";
import { type Job, type LogStream, newId, now, type RenderCloud } from "./model.ts";
import { found, RenderError } from "./refusals.ts";

type JobRequest = { startCommand: string; planId?: string };

/** Starts one; it is `pending` until a machine is there. */
export function createJob(cloud: RenderCloud, serviceId: string, { startCommand, planId }: JobRequest): Job {
  const service = cloud.get("services", serviceId);
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
  const service = cloud.get("services", job.serviceId);
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

/** By default of the last hour, and the newest; https://api-docs.render.com/reference/list-logs */
function logsOf(cloud: RenderCloud, query: Query) {
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

/** @throws RenderError for what there is not: a thing, or an address to send to; the words of the latter are ours */
export function setLogStream(cloud: RenderCloud, id: string, { setting, endpoint }: LogStream): LogStream {
  const { services, postgres, keyValues } = cloud.state;
  const replicas = cloud.all("postgres").flatMap(({ readReplicas }) => readReplicas);
  found(services[id] ?? postgres[id] ?? keyValues[id] ?? replicas.find((replica) => replica.id === id), id);
  if ((setting === "send") !== Boolean(endpoint))
    throw new RenderError(400, "endpoint: has to be there with setting send, and not with drop");
  const stream = { setting, ...(endpoint && { endpoint }) };
  cloud.state.logStreams[id] = stream;
  cloud.save();
  return stream;
}

export function jobRoutes(cloud: RenderCloud): Route[] {
  const all = "/services/:id/jobs" as const;
  const stream = "/logs/streams/resource/:id" as const;
  const jobsOf = (serviceId: string) => cloud.state.jobs.filter((job) => job.serviceId === serviceId);
  const jobOf = (serviceId: string, id: string) =>
    found(
      jobsOf(serviceId).find((job) => job.id === id),
      `job ${id}`,
    );
  const shown = (resourceId: string, { setting, endpoint = "" }: LogStream) => ({
    resourceId,
    setting,
    endpoint,
  });
  return [
    route(`GET ${all}`, ({ id, query }) => {
      cloud.get("services", id);
      return page("job", jobsOf(id).reverse(), query);
    }),
    route(`POST ${all}`, ({ id }, body: JobRequest) => createJob(cloud, id, body)),
    route(`GET ${all}/:job`, ({ id, job }) => jobOf(id, job)),
    route(`POST ${all}/:job/cancel`, ({ id, job: jobId }) => {
      const job = jobOf(id, jobId);
      if (job.status !== "pending" && job.status !== "running")
        throw new RenderError(400, `job ${jobId} is not running`);
      job.status = "canceled";
      cloud.behind.stopJob(jobId);
      cloud.save();
      return job;
    }),
    route("GET /logs", ({ query }) => logsOf(cloud, query)),
    route(`GET ${stream}`, ({ id }) => shown(id, cloud.get("logStreams", id))),
    route(`PUT ${stream}`, ({ id }, body: LogStream) => shown(id, setLogStream(cloud, id, body))),
    route(`DELETE ${stream}`, ({ id }) => cloud.remove("logStreams", id)),
  ];
}
