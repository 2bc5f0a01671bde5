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
 * Milliseconds by which this machine's clock may differ from Render's; a deploy that somebody started within them before
 * the credential was changed passes for one that has it.
 */
const clocks = 5 * 60_000;

/**
 * From when on a deploy has the new credential.
 *
 * The newest deploy of now says nothing: Render answers 202 without a deploy when one has to wait for its turn, and
 * shows it only later (recorded; https://api-docs.render.com/reference/create-deploy).
 *
 * @param before the newest deploy of when this run had not deployed the service yet; undefined: it has not done so, and
 *   the run before, which was interrupted, has or will
 * @param since when the credential was changed, ISO 8601
 * @returns ms since 1970, by Render's clock
 */
export const deployedFrom = (before: RenderDeploy | undefined, since: string): number =>
  before === undefined ? Date.parse(since) - clocks : Date.parse(before.createdAt) + 1;

/**
 * How the first deploy that has the new credential stands.
 *
 * @param from ms since 1970
 * @param deploys newest first
 */
export function standing(from: number, deploys: readonly RenderDeploy[]): DeployProgress {
  const young = deploys.filter(({ createdAt }) => Date.parse(createdAt) >= from);
  const live = young.find(({ status }) => status === "live");
  if (live !== undefined) return { live };
  const [newest] = young;
  // None yet: it is queued.
  if (newest === undefined) return "on its way";
  return young.every(({ status }) => failedDeploys.has(status)) ? { failed: newest } : "on its way";
}

/**
 * Resolves when the service runs with the new credential.
 *
 * @param from ms since 1970; see {@link deployedFrom}
 * @returns when the deploy became live
 * @throws UserError when its deploy failed, or takes longer than Render would wait
 */
export async function untilLive(
  render: Pick<Render, "deploys">,
  service: ServiceId,
  from: number,
  pause = 1000,
): Promise<Date> {
  if ((await render.deploys(service.id)).length === 0)
    throw new UserError(
      `${service.name} has no deploy, so nothing runs with the new credential; deploy it at Render, then run npx kairos rotate again`,
    );
  for (const end = Date.now() + patience; Date.now() < end; await sleep(pause)) {
    const now = standing(from, await render.deploys(service.id));
    if (now === "on its way") continue;
    if ("live" in now) return new Date(now.live.finishedAt ?? now.live.createdAt);
    throw new UserError(
      `the deploy ${now.failed.id} of ${service.name} with the new credential is ${now.failed.status}: what ran before still runs, with the old credential, which stays valid. See its log at Render, deploy it again there, then run npx kairos rotate again`,
    );
  }
  throw new UserError(
    `${service.name} is still not live with the new credential; the old one stays valid. Run npx kairos rotate again: it goes on waiting`,
  );
}
