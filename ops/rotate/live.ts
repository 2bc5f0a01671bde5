/** Waits until services run with the variables that they were given. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../engine/errors.ts";
import { failedDeploys, type Render, type RenderDeploy } from "../../vendors/render.ts";
import type { ServiceId } from "./state.ts";

/** Milliseconds: Render gives a deploy 15 minutes to become well, after its build. */
const patience = 45 * 60_000;

/** How a deploy that has to become live stands. */
export type DeployProgress = { live: RenderDeploy } | { failed: RenderDeploy } | "on its way";

/**
 * Any deploy that is not older than the newest one of when the variables had been changed has them.
 *
 * @param since that deploy
 * @param deploys newest first
 */
export function standing(since: RenderDeploy, deploys: readonly RenderDeploy[]): DeployProgress {
  const young = deploys.filter(({ createdAt }) => Date.parse(createdAt) >= Date.parse(since.createdAt));
  const live = young.find(({ status }) => status === "live");
  if (live !== undefined) return { live };
  const [newest = since] = young;
  return young.every(({ status }) => failedDeploys.has(status)) ? { failed: newest } : "on its way";
}

/**
 * Resolves when the service runs with the variables of the `up` that has just ended.
 *
 * @returns when the deploy became live
 * @throws UserError when its deploy failed, or takes longer than Render would wait
 */
export async function untilLive(
  render: Pick<Render, "deploys">,
  service: ServiceId,
  pause = 1000,
): Promise<Date> {
  const [since] = await render.deploys(service.id);
  if (since === undefined)
    throw new UserError(
      `${service.name} has no deploy, so nothing runs with the new credential; deploy it at Render, then run npm run rotate again`,
    );
  for (const end = Date.now() + patience; Date.now() < end; await sleep(pause)) {
    const now = standing(since, await render.deploys(service.id));
    if (now === "on its way") continue;
    if ("live" in now) return new Date(now.live.finishedAt ?? now.live.createdAt);
    throw new UserError(
      `the deploy ${now.failed.id} of ${service.name} with the new credential is ${now.failed.status}: what ran before still runs, with the old credential, which stays valid. See its log at Render, deploy it again there, then run npm run rotate again`,
    );
  }
  throw new UserError(
    `${service.name} is still not live with the new credential; the old one stays valid. Run npm run rotate again: it goes on waiting`,
  );
}
