/** Waits until a service runs with the variables that it was given. */
import { setTimeout as sleep } from "node:timers/promises";
import { failedDeploys, type Render, type RenderDeploy } from "../../vendors/render.ts";

/** How the deploy that is waited for stands. */
export type DeployProgress = { live: RenderDeploy } | { failed: RenderDeploy } | { under?: RenderDeploy };

/** How the waiting ended: `late` when the time was over first, with the deploy that is under way, if there is one. */
export type DeployEnd =
  | { live: RenderDeploy }
  | { failed: RenderDeploy }
  | { late: RenderDeploy | undefined };

/** How long is waited, and who is told. */
export interface Waiting {
  /** Milliseconds. */
  limit: number;
  /** Milliseconds between the first two looks; each wait is a fifth longer than the one before, up to twenty times the first. */
  pause?: number;
  /** Called with each new status, as Render words it; undefined while the deploy is queued. */
  show?: (status: string | undefined) => void;
}

/**
 * How the first deploy since then stands.
 *
 * A deploy that began earlier says nothing: Render answers 202 without a deploy when one has to wait for its turn, and
 * shows it only later (recorded; https://api-docs.render.com/reference/create-deploy).
 *
 * @param from ms since 1970, by Render's clock
 * @param deploys newest first
 */
export function standing(from: number, deploys: readonly RenderDeploy[]): DeployProgress {
  const young = deploys.filter(({ createdAt }) => Date.parse(createdAt) >= from);
  const live = young.find(({ status }) => status === "live");
  if (live !== undefined) return { live };
  const [newest] = young;
  if (newest === undefined) return {};
  return young.every(({ status }) => failedDeploys.has(status)) ? { failed: newest } : { under: newest };
}

/** Looks until the first deploy since then is live, has failed, or takes too long. */
export async function untilLive(
  api: Pick<Render, "deploys">,
  serviceId: string,
  from: number,
  { limit, pause = 250, show }: Waiting,
): Promise<DeployEnd> {
  const end = Date.now() + limit;
  let shown: string | undefined | null = null;
  for (let wait = pause; ; wait = Math.min(wait * 1.2, pause * 20)) {
    const now = standing(from, await api.deploys(serviceId));
    if ("live" in now || "failed" in now) return now;
    if (now.under?.status !== shown) show?.(now.under?.status);
    shown = now.under?.status;
    if (Date.now() + wait > end) return { late: now.under };
    await sleep(wait);
  }
}
