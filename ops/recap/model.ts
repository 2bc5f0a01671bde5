/** What a recap says, before any language: what is planned, what was seen of it, and how good that is. */
import type { Settings } from "../../infra/settings/index.ts";
import { placementOf } from "../../infra/settings/placement.ts";
import { isDedicated } from "../../infra/settings/rules.ts";
import { production } from "../../infra/settings/stages.ts";
import type { Problem, Remark, RenderServiceStatus, Status } from "../status/model.ts";
import { type Database, databaseOf } from "./database.ts";
import type { Facts, Planned } from "./facts.ts";
import { optionsFor } from "./options.ts";
import { mongodbPoints, postgresPoints, redisPoints } from "./points.ts";
import { judging, markOf, yesOrNo } from "./seen.ts";

/** A stack and its databases. No secret is in it; `checked` has the answers as they came, hosts among them. */
export type Model = ReturnType<typeof modelOf>;

/** What is known of a point that was seen. */
export type SeenIn<D extends "mongodb" | "postgres" | "redis", P extends keyof Model[D]> = Exclude<
  Model[D][P],
  string
>;

/** What the settings have of a database that they turn on. */
export type PlannedIn<D extends keyof Model["planned"]> = NonNullable<Model["planned"][D]>;

/** Why something cannot be used, or what should be changed about it. */
export type Found = { title: string; problem: Problem } | { title: string; remark: Remark };

/** The same facts give the same model. */
export function modelOf(facts: Facts) {
  const { planned, status, now, showHosts } = facts;
  const { stack, settings, placeholders } = planned;
  const mongodb = databaseOf("mongodb", true, facts);
  const postgres = databaseOf("postgres", settings.postgres.enabled, facts);
  const redis = databaseOf("redis", settings.redis.provider !== "none", facts);
  const backend = backendOf(status?.render, planned);
  return {
    stack,
    planned: plannedIn(settings),
    /** Placeholders of the stack file that only the owner can replace. */
    placeholders,
    /** Ways to have what is off. */
    options: optionsFor(stack),
    disclosed: disclosedIn(facts),
    mongodb: { ...mongodb, ...mongodbPoints(mongodb, settings.mongodb, showHosts) },
    postgres: { ...postgres, ...postgresPoints(postgres) },
    redis: { ...redis, ...redisPoints(redis) },
    backend,
    errors: [...[mongodb, postgres, redis].flatMap(errorsOf), ...errorsOfBackend(backend)],
    /** When somebody looked, in UTC, and whose variables were taken; undefined where nobody did. */
    checked: status && { at: `${status.at.slice(0, 10)} ${status.at.slice(11, 19)}`, source: status.source },
    /** How many databases are on. */
    active: [mongodb, postgres, redis].filter(({ off }) => !off).length,
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

/** What the settings have of each database; nothing of one that they turn off. */
function plannedIn(settings: Settings) {
  const { mongodb, postgres, redis } = settings;
  const place = placementOf(settings);
  return {
    mongodb: {
      name: mongodb.name,
      tier: mongodb.tier,
      region: place.mongodb.region,
      backups: isDedicated(mongodb.tier),
    },
    postgres: postgres.enabled ? { ...postgres, region: place.postgres.region } : undefined,
    redis:
      redis.provider === "none"
        ? undefined
        : { provider: redis.provider, name: redis.provider === "external" ? undefined : redis.name },
  };
}

/** A service; of one that only the settings name nothing is known. */
export type Service = Omit<Partial<RenderServiceStatus>, "state"> & {
  name: string;
  state: RenderServiceStatus["state"] | "unchecked";
};

function backendOf(render: Status["render"] | undefined, { services: planned }: Planned) {
  const asked = render === undefined || render.state === "unchecked" ? undefined : render;
  const known: Service[] = asked?.services ?? [];
  const services = known.length > 0 ? known : planned.map((name): Service => ({ name, state: "unchecked" }));
  const judged = judging(false);
  return {
    mark: markOf[asked?.state ?? "unchecked"],
    /** Why nobody asked. */
    unasked:
      render?.state === "unchecked"
        ? render.reason
        : render === undefined
          ? ("unchecked" as const)
          : undefined,
    problem: asked?.problem,
    planned,
    services: services.map((service) => {
      const { variables, liveWithCurrentVariables: live } = service;
      return {
        ...service,
        mark: markOf[service.state],
        equal: judged(variables && differing(variables).length === 0, yesOrNo),
        deployed: judged(live === "unknown" ? undefined : live && live === "yes", yesOrNo),
      };
    }),
  };
}

/** In which ways the variables of a service are not those of the contract. */
export const differing = (variables: NonNullable<RenderServiceStatus["variables"]>) =>
  (["differ", "missing", "extra", "shadowed"] as const).filter((way) => variables[way].length > 0);

/** What the checks found, without the conflict of types and passwords that were disclosed, which have parts of their own. */
function errorsOf({ title, checked }: Database): Found[] {
  const warnings = checked?.remarks.filter(
    ({ severity, kind }) =>
      severity === "warning" && !["type-conflict", "credential-disclosed"].includes(kind),
  );
  return [
    ...(checked?.problem ? [{ title, problem: checked.problem }] : []),
    ...(warnings ?? []).map((remark) => ({ title, remark })),
  ];
}

const errorsOfBackend = ({ problem, services }: ReturnType<typeof backendOf>): Found[] =>
  [{ name: "Render", problem }, ...services].flatMap(({ name: title, problem: why }) =>
    why === undefined ? [] : [{ title, problem: why }],
  );
