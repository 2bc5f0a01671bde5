/** The backend's services: which of them are meant, what they have of the contract's variables, and what the stack would give. */
import { UserError } from "../../engine/errors.ts";
import { assigned, contract, type VariableName } from "../../infra/contract.ts";
import { types } from "../../infra/resources.ts";
import type { Settings } from "../../infra/settings/index.ts";
import { type RenderRegion, renderRegions } from "../../infra/settings/vendors.ts";
import type { Render, RenderService } from "../../vendors/render.ts";
import { type Choice, choose, chosenOf, type Selected, type Thing } from "./choose.ts";
import type { VariableRow } from "./report.ts";
import { type Descriptions, type Ground, isManaged, type ServiceVariables } from "./section.ts";
import { mongodbUrlOf } from "./urls.ts";

export type Service = RenderService & Thing;

/** Those of the workspace that can have an env group. */
export const renderServices = async (render: Render): Promise<Service[]> =>
  (await render.list("services"))
    // Static sites run nothing.
    .filter(({ type }) => type !== "static_site")
    .map((one) => ({ ...one, vendor: "Render", kind: one.type.replaceAll("_", " ") }));

const serviceTypes: readonly string[] = [types.web, types.worker, types.private, types.cron];

/** Of those that the stack has not made itself. */
export async function chooseServices(
  all: readonly Service[],
  { sections, existing, flags, ask }: Pick<Ground, "sections" | "existing" | "flags" | "ask">,
): Promise<Selected<Service>[]> {
  const own = existing.filter(({ type }) => serviceTypes.includes(type)).map(({ outputs }) => outputs.id);
  const choice: Choice<Service> = {
    noun: "service",
    where: "on Render",
    flag: "--service",
    all: all.filter(({ id }) => !own.includes(id)),
  };
  const links = sections.backend.map(({ link }) => link);
  const chosen = chosenOf(choice, flags.service, ({ id }) => links.includes(id));
  if (chosen.length > 0) return chosen;
  const one = await choose(choice, ask);
  // A stack that has made its own services may have nothing else to take over.
  if (one === undefined && !isManaged({ existing }, ...serviceTypes))
    throw new UserError(
      "Render: there is no service in the workspace of render:ownerId; expected one that the databases are for",
    );
  return one === undefined ? [] : [one];
}

/** Where the backend runs. @throws UserError for a region that this stack does not know */
export function regionOf(services: readonly RenderService[]): RenderRegion {
  const regions = new Set(services.map(({ serviceDetails }) => serviceDetails?.region ?? ""));
  const [region = ""] = regions;
  if (regions.size > 1)
    throw new UserError(
      `--service: the services run in ${[...regions].join(" and ")}; expected services of one region, one stack for each`,
    );
  if (!(renderRegions as readonly string[]).includes(region))
    throw new UserError(
      `Render: the service runs in "${region}"; expected one of ${renderRegions.join(", ")}`,
    );
  return region as RenderRegion;
}

/**
 * The variables that reach a service, with their values; secret. Its own win over those of a group; which of two groups
 * wins Render does not say, here it is the later one of the list.
 *
 * @see https://render.com/docs/configure-environment-variables
 */
export async function variablesOf(render: Render, serviceId: string): Promise<ServiceVariables> {
  const variables: Record<string, ServiceVariables[string]> = {};
  for (const { name, envVars } of await render.groupsOf(serviceId))
    for (const { key, value } of envVars) variables[key] = { value, group: name };
  for (const { key, value } of await render.ownVariables(serviceId)) variables[key] = { value };
  return variables;
}

/** Values by name. Secret. */
export type ExpectedValues = Partial<Record<VariableName, string>>;

/** What the stack gives a service once it is no longer left alone; of what is in the stack already nothing is known. */
export const expectedVariables = (settings: Settings, descriptions: Descriptions): ExpectedValues =>
  assigned<string>(Object.assign({}, ...Object.values(descriptions).map(({ values }) => values?.(settings))));

/** One row for each variable that the stack would give. */
export function compared(service: string, has: ServiceVariables, expected: ExpectedValues): VariableRow[] {
  return (Object.entries(expected) as [VariableName, string][]).map(([variable, value]) => {
    const now = has[variable];
    const setBy =
      now === undefined ? "nobody" : now.group === undefined ? "the service" : `env group ${now.group}`;
    return { service, variable, setBy, comparison: comparison(variable, now?.value, value) };
  });
}

function comparison(name: VariableName, now: string | undefined, then: string): string {
  if (now === undefined) return "would be added";
  if (now === then) return "same";
  if (name === "MONGODB_URL") return urlComparison(now, then);
  return contract[name].secret ? "would change" : `${now} would become ${then}`;
}

/** Which parts of the URL differ; the password is never among the words. */
function urlComparison(now: string, then: string): string {
  const [a, b] = [mongodbUrlOf(now), mongodbUrlOf(then)];
  if (a === undefined || b === undefined) return "would change: it is no MongoDB URL";
  const parts: string[] = [];
  if (a.hosts.join() !== b.hosts.join()) parts.push(`host ${a.hosts.join()} would become ${b.hosts.join()}`);
  if (a.user !== b.user) parts.push(`user ${a.user} would become ${b.user}`);
  if (a.password !== b.password) parts.push("another password");
  if (a.database !== b.database) parts.push(`database ${a.database || "(none)"} would become ${b.database}`);
  const names = new Set([...Object.keys(a.options), ...Object.keys(b.options)]);
  for (const option of names)
    if (a.options[option] !== b.options[option])
      parts.push(`${option}=${a.options[option] ?? "(none)"} would become ${b.options[option] ?? "(none)"}`);
  return parts.length === 0 ? "same, written differently" : parts.join("; ");
}
