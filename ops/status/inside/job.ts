/**
 * Runs a Python program where a service of the backend runs, as a one-off job of Render's, and gives back what it said.
 * https://render.com/docs/one-off-jobs
 */
import { setTimeout as sleep } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { UserError } from "../../../engine/errors.ts";
import type { VendorError } from "../../../vendors/http.ts";
import { redacted } from "../../../vendors/redaction.ts";
import type { Render, RenderJob, RenderLogLine } from "../../../vendors/render.ts";
import type { ServiceId } from "../render/index.ts";

/** Where the program runs, and how long it may take. */
export interface JobOptions {
  /** What no line may show, whatever the program prints. */
  secrets: readonly string[];
  /** Milliseconds until the job has ended: a job waits for a machine, and brings the service's build there. */
  limit?: number;
  /** Milliseconds that its lines may take to arrive once it has ended. */
  late?: number;
  /** Milliseconds between two looks. */
  pause?: number;
  signal?: AbortSignal;
}

type Api = Pick<Render, "service" | "startJob" | "job" | "cancelJob" | "logs">;

/**
 * @param program its text; nothing secret
 * @param mark what the lines begin with that are its answer, each followed by `<number>/<of how many> <part>`
 * @returns the parts, put together
 * @throws UserError in one line: why this service cannot be asked
 */
export async function askInside(
  api: Api,
  service: ServiceId,
  program: string,
  mark: string,
  { secrets, limit = 240_000, late = 60_000, pause = 1000, signal }: JobOptions,
): Promise<string> {
  const refuse = (why: string) => new UserError(`${service.name}: cannot be asked from inside: ${why}`);
  const { suspended, serviceDetails, ownerId } = await api.service(service.id);
  if (suspended === "suspended") throw refuse("it is suspended; resume it at Render");
  if (serviceDetails?.plan === "free")
    throw refuse("its plan is free, which has no jobs; expected a paid plan");
  const job = await api.startJob(service.id, commandFor(program)).catch((error: VendorError) => {
    throw refuse(error.message);
  });
  const ended = await untilEnded(api, service.id, job, limit, pause, signal);
  if (ended === undefined) {
    await api.cancelJob(service.id, job.id).catch(() => undefined);
    throw refuse(
      signal?.aborted
        ? "interrupted"
        : `the job ${job.id} had not ended after ${limit / 1000} s; it is canceled`,
    );
  }
  let lines: RenderLogLine[] = [];
  for (const end = Date.now() + late; ; await sleep(pause)) {
    lines = await api.logs(job.id, job.createdAt, ownerId);
    const answer = answerIn(lines, mark);
    if (answer !== undefined) return redacted(answer, secrets);
    // A job that failed has said why, if it has said anything.
    if (Date.now() > end || (ended === "failed" && lines.length > 0)) break;
  }
  throw refuse(`the job ${job.id} ${ended}, ${explained(lines, secrets)}`);
}

/** Neither quotes nor anything else that a shell would read: of the service's image nothing is known. */
const commandFor = (program: string): string =>
  `python3 -c "import zlib,base64;exec(zlib.decompress(base64.b64decode('${deflateSync(program, { level: 9 }).toString("base64")}')))"`;

async function untilEnded(
  api: Api,
  serviceId: string,
  { id }: RenderJob,
  limit: number,
  pause: number,
  signal: AbortSignal | undefined,
): Promise<"succeeded" | "failed" | undefined> {
  for (const end = Date.now() + limit; Date.now() < end && !signal?.aborted; await sleep(pause)) {
    const { status } = await api.job(serviceId, id);
    if (status === "succeeded" || status === "failed") return status;
    if (status === "canceled") return "failed";
  }
  return undefined;
}

/** Each has some 1500 characters: far more than three databases have to say. */
const mostParts = 10_000;

/** Undefined until all parts are there; a log may have them in any order, and twice. */
function answerIn(lines: readonly RenderLogLine[], mark: string): string | undefined {
  const parts: string[] = [];
  let all = 0;
  for (const { message } of lines) {
    const [, number, of, part = ""] =
      /^(\d+)\/(\d+) (.*)$/s.exec(message.startsWith(`${mark} `) ? message.slice(mark.length + 1) : "") ?? [];
    // A number in hundreds of millions, which is nobody's, would be as many parts to put together.
    if (number === undefined || !(Number(number) <= Number(of) && Number(of) <= mostParts)) continue;
    parts[Number(number) - 1] = part;
    all = Number(of);
  }
  return all > 0 && Object.keys(parts).length === all ? parts.join("") : undefined;
}

function explained(lines: readonly RenderLogLine[], secrets: readonly string[]): string {
  const words = lines
    .map(({ message }) => redacted(message, secrets).replaceAll(/\s+/g, " ").trim())
    .filter((line) => line !== "");
  if (words.some((line) => /python3?\b.*not found|not found.*python3|no such file.*python3/i.test(line)))
    return "and there is no python3 where it runs";
  if (words.length === 0) return "and its log stayed empty";
  return `and its last words are: ${words.slice(-3).join(" / ").slice(0, 300)}`;
}
