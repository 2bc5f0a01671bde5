/** What a recap says, before any language: what is planned, what was seen of it, and how good that is. */
import { placementOf } from "../../infra/settings/placement.ts";
import { production } from "../../infra/settings/stages.ts";
import type { Problem, Remark, RenderServiceStatus, Status } from "../status/model.ts";
import { type Database, mongodbOf, postgresOf, redisOf } from "./database.ts";
import type { Facts, Planned } from "./facts.ts";
import { optionsFor } from "./options.ts";
import { markOf, seeing, yesOrNo } from "./seen.ts";

/** A stack and its databases. No secret is in it; `checked` has the answers as they came, hosts among them. */
export type Model = ReturnType<typeof modelOf>;

/** The same facts give the same model. */
export function modelOf(facts: Facts) {
  const { planned, status, now } = facts;
  const { stack, settings, placeholders } = planned;
  const mongodb = mongodbOf(facts);
  const postgres = postgresOf(facts);
  const redis = redisOf(facts);
  const databases: Database[] = [mongodb, postgres, redis];
  const backend = backendOf(status?.render, planned);
  return {
    stack,
    settings,
    /** In which region each database is to be. */
    place: placementOf(settings),
    /** Placeholders of the stack file that only the owner can replace. */
    placeholders,
    /** Ways to have what is off. */
    options: optionsFor(stack),
    disclosed: disclosedIn(facts),
    mongodb,
    postgres,
    redis,
    backend,
    errors: [
      ...databases.map(({ title, checked }) => ({ title, ...checked })),
      { title: "Render", problem: backend.problem },
      ...backend.services.map(({ name: title, problem }) => ({ title, problem })),
    ].flatMap(errorsOf),
    /** When somebody looked, in UTC, and whose variables were taken; undefined where nobody did. */
    checked: status && { at: `${status.at.slice(0, 10)} ${status.at.slice(11, 19)}`, source: status.source },
    /** How many databases are on. */
    active: databases.filter(({ off }) => !off).length,
    date: now.toISOString().slice(0, 10),
  };
}

/**
 * Whose passwords the document of before had disclosed, and that are not seen to be others now. It was production's:
 * MongoDB's and PostgreSQL's.
 */
function disclosedIn({ planned: { stack }, neverRotated }: Facts) {
  const all = stack === production ? ["MongoDB", "PostgreSQL"] : [];
  const names = neverRotated === undefined ? all : all.filter((name) => neverRotated.includes(name));
  return { names, known: neverRotated !== undefined };
}

/** A service; of one that only the settings name nothing is known. */
type Service = Omit<Partial<RenderServiceStatus>, "state"> & {
  name: string;
  state: RenderServiceStatus["state"] | "unchecked";
};

function backendOf(render: Status["render"] | undefined, { services: planned }: Planned) {
  const asked = render === undefined || render.state === "unchecked" ? undefined : render;
  const known: Service[] = asked?.services ?? [];
  const services = known.length > 0 ? known : planned.map((name): Service => ({ name, state: "unchecked" }));
  const see = seeing(false);
  return {
    mark: markOf[asked?.state ?? "unchecked"],
    /** Why nobody asked. */
    unasked: render?.state === "unchecked" ? render.reason : render ? undefined : ("unchecked" as const),
    problem: asked?.problem,
    planned,
    services: services.map((service) => {
      const { variables: of, liveWithCurrentVariables: live } = service;
      const wrong = of && [...of.differ, ...of.missing, ...of.extra, ...of.shadowed];
      return {
        ...service,
        mark: markOf[service.state],
        equal: see(wrong && wrong.length === 0, yesOrNo),
        deployed: see(live === "unknown" ? undefined : live && live === "yes", yesOrNo),
      };
    }),
  };
}

/** Why something cannot be used, or what should be changed about it. */
interface Found {
  title: string;
  problem?: Problem | undefined;
  remarks?: readonly Remark[];
}

/** What the checks found, without the conflict of types and passwords that were disclosed, which have parts of their own. */
const errorsOf = ({ title, problem, remarks = [] }: Found) => [
  ...(problem ? [{ title, problem }] : []),
  ...remarks
    .filter(({ severity }) => severity === "warning")
    .filter(({ kind }) => kind !== "type-conflict" && kind !== "credential-disclosed")
    .map((remark) => ({ title, remark })),
];
