/** Says how a service's deploy goes, and fails with what a person needs who has to mend it. */

import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { redacted } from "../../vendors/redaction.ts";
import type { Render, RenderDeploy } from "../../vendors/render.ts";
import type { ContractValues } from "../contract.ts";
import { OperatorError } from "../errors.ts";
import { resolved } from "../rotation/login.ts";
import type { DeploySettings } from "../settings/index.ts";
import { untilLive } from "./live.ts";

/** What {@link untilRunning} waits for. */
export interface Awaited {
  /** What people call the service. */
  service: string;
  id: string;
  /** From when on a deploy is the one; ms since 1970. */
  from: number;
  deploys: Pick<DeploySettings, "limit">;
  /** What is secret of them is shown nowhere. */
  variables: ContractValues;
  /** The resource beside which the engine shows the progress. */
  shownOn?: pulumi.Resource | undefined;
  /** Milliseconds between the first looks. */
  pause?: number;
}

type Api = Pick<Render, "deploys" | "logs">;

/**
 * Waits until the service is live.
 *
 * @throws OperatorError in one line: Render's status, the last words of the log without secrets, and what still runs
 */
export async function untilRunning(api: Api, awaited: Awaited): Promise<void> {
  const { service, id, from, deploys, shownOn, pause } = awaited;
  const end = await untilLive(api, id, from, {
    limit: deploys.limit,
    ...(pause !== undefined && { pause }),
    show: (status = "queued") => void pulumi.log.info(`${service}: deploy ${status}`, shownOn),
  });
  if ("live" in end) return void pulumi.log.info(`${service}: live`, shownOn);
  if ("late" in end)
    throw new OperatorError(
      `${service}: its deploy is ${end.late?.status ?? "queued"} after ${deploys.limit / 60_000} min (kairos:deploys.limit); expected live. ${await stillRunning(api, id)}. Look at Render, then run pulumi up again: it deploys once more`,
    );
  const { id: deploy, status } = end.failed;
  throw new OperatorError(
    `${service}: Render's deploy ${deploy} is ${status}; expected live. ${await lastWords(api, awaited, end.failed)}. ${await stillRunning(api, id)}. Put the cause right, then run pulumi up again: it deploys once more`,
  );
}

async function stillRunning(api: Api, id: string): Promise<string> {
  const live = (await api.deploys(id)).find(({ status }) => status === "live");
  return live === undefined
    ? "No other deploy of it runs"
    : `${live.id} of ${live.createdAt} still runs, with the variables of then`;
}

/** How many lines are shown, and how much of each; a stack's last lines say what it was. */
const shown = { lines: 6, characters: 200 };

async function lastWords(api: Api, { id, variables, pause = 1000 }: Awaited, deploy: RenderDeploy) {
  const secrets = await secretsOf(variables);
  try {
    // Lines arrive late.
    for (let tries = 0; tries < 4; tries++, await sleep(pause)) {
      const lines = (await api.logs(id, deploy.createdAt))
        .map(({ message }) =>
          redacted(stripVTControlCharacters(message), secrets).replace(/\s+/g, " ").trim(),
        )
        .filter((line) => line !== "")
        .slice(-shown.lines)
        .map((line) => line.slice(0, shown.characters));
      if (lines.length > 0) return `Its last words: ${lines.join(" / ")}`;
    }
    return "Its log is empty";
  } catch (error) {
    // That it failed is worth more than why nobody may read the log.
    return `Its log cannot be read here (${(error as Error).message})`;
  }
}

async function secretsOf(variables: ContractValues): Promise<string[]> {
  const all = Object.values(variables).map(async (variable) =>
    (await pulumi.isSecret(variable)) ? [await resolved(variable)] : [],
  );
  return (await Promise.all(all)).flat();
}
