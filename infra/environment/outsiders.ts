/** Linked services that the environment of the stack would keep from its databases. */
import type { Render } from "../../vendors/render.ts";
import { OperatorError } from "../errors.ts";
import { at, types } from "../resources.ts";
import type { Settings } from "../settings/index.ts";
import type { Existing } from "../state.ts";
import { environmentKey } from "./index.ts";

/**
 * A linked service stays where its owner has put it. Outside an isolated environment it reaches no private database there;
 * outside the one that has the addresses, Atlas sees it come from others.
 *
 * @throws OperatorError in a line for each service that would lose a database
 */
export async function refuseOutsiders(
  api: () => Pick<Render, "serviceIfAny">,
  settings: Pick<Settings, "render" | "backend" | "postgres" | "redis" | "mongodb">,
  existing: Existing,
): Promise<void> {
  const { environment, outbound } = settings.render;
  if (environment === undefined) return;
  const lost = [
    ...(environment.isolated ? privateDatabases(settings) : []),
    ...(outbound !== undefined && settings.mongodb.accessList.length === 0 ? ["MongoDB"] : []),
  ];
  if (lost.length === 0) return;
  const project = existing.find(({ type }) => type === types.renderProject);
  const id =
    "id" in environment ? environment.id : at(project?.outputs, "environments", environmentKey, "id");
  const problems: string[] = [];
  for (const service of settings.backend) {
    if (!("link" in service) || service.untouched) continue;
    const found = await api().serviceIfAny(service.link);
    if (found === undefined || (id !== undefined && found.environmentId === id)) continue;
    problems.push(
      `kairos:render: ${service.name} (${service.link}) is not in the environment ${id ?? "that the stack would make"} and would not reach ${lost.join(" and ")} any more; expected it there: make the environment first (without isolated, and with the addresses of now in kairos:mongodb.accessList), move the service at Render, then go on`,
    );
  }
  if (problems.length > 0) throw new OperatorError(problems.join("\n"));
}

const privateDatabases = ({ postgres, redis }: Pick<Settings, "postgres" | "redis">) => [
  ...(postgres.enabled && postgres.network === "private" ? ["PostgreSQL"] : []),
  ...(redis.provider === "render" ? ["Redis"] : []),
];
