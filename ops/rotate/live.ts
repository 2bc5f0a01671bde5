/** From when on a service's deploys have a new credential, and what to say when none of them becomes live. */
import { UserError } from "../../engine/errors.ts";
import { untilLive } from "../../infra/backend/live.ts";
import type { Render, RenderDeploy } from "../../vendors/render.ts";
import type { ServiceId } from "./state.ts";

/** Milliseconds: Render gives a deploy 15 minutes to become well, after its build. */
const patience = 45 * 60_000;

/**
 * Milliseconds by which this machine's clock may differ from Render's; a deploy that somebody started within them before
 * the credential was changed passes for one that has it.
 */
const clocks = 5 * 60_000;

/**
 * From when on a deploy has the new credential.
 *
 * @param before the newest deploy of when this run had not deployed the service yet; undefined: it has not done so, and
 *   the run before, which was interrupted, has or will
 * @param since when the credential was changed, ISO 8601
 * @returns ms since 1970, by Render's clock
 */
export const deployedFrom = (before: RenderDeploy | undefined, since: string): number =>
  before === undefined ? Date.parse(since) - clocks : Date.parse(before.createdAt) + 1;

/**
 * Resolves when the service runs with the new credential.
 *
 * @param from ms since 1970; see {@link deployedFrom}
 * @returns when the deploy became live
 * @throws UserError when it is suspended, its deploy failed, or takes longer than Render would wait
 */
export async function untilLiveWithIt(
  render: Pick<Render, "deploys" | "serviceIfAny">,
  service: ServiceId,
  from: number,
  pause?: number,
): Promise<Date> {
  if ((await render.serviceIfAny(service.id))?.suspended === "suspended")
    throw new UserError(
      `${service.name} is suspended, so nothing of it runs with the new credential; the old one stays valid. Resume it at Render, then run npx kairos rotate again`,
    );
  if ((await render.deploys(service.id)).length === 0)
    throw new UserError(
      `${service.name} has no deploy, so nothing runs with the new credential; deploy it at Render, then run npx kairos rotate again`,
    );
  const end = await untilLive(render, service.id, from, { limit: patience, ...(pause && { pause }) });
  if ("live" in end) return new Date(end.live.finishedAt ?? end.live.createdAt);
  if ("failed" in end)
    throw new UserError(
      `the deploy ${end.failed.id} of ${service.name} with the new credential is ${end.failed.status}: what ran before still runs, with the old credential, which stays valid. See its log at Render, deploy it again there, then run npx kairos rotate again`,
    );
  throw new UserError(
    `${service.name} is still not live with the new credential; the old one stays valid. Run npx kairos rotate again: it goes on waiting`,
  );
}
