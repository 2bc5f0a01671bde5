/** Chooses a Postgres and a Redis. */
import { choose, describedKind, type Prompt, type Selected, textOf } from "./choose.ts";
import type { Section } from "./describe/types.ts";
import type { Redis, RenderPostgres, ServiceVariables } from "./model.ts";
import { placeOf, samePlace } from "./urls.ts";

/** Undefined: none is taken over. */
export async function choosePostgres(
  all: readonly RenderPostgres[],
  section: Section,
  variables: ServiceVariables,
  wanted: string | undefined,
  ask: Prompt | undefined,
): Promise<Selected<RenderPostgres> | undefined> {
  if (wanted === "none") return undefined;
  const host = variables.POSTGRES_HOST?.value;
  const port = variables.POSTGRES_PORT?.value ?? "5432";
  const leadsTo = (url: string) => {
    const place = placeOf(url);
    return place?.host === host && place?.port === port;
  };
  return choose(
    {
      kind: describedKind("Postgres database", "on Render"),
      flag: "--postgres",
      all,
      id: ({ id }) => id,
      name: ({ name }) => name,
      wanted,
      settled: section.enabled === true ? textOf(section.name) : undefined,
      isUsed: ({ internal, external }) => leadsTo(internal) || leadsTo(external),
    },
    ask,
  );
}

/** At any of the four, or one that only the services' variables know. Undefined: none is taken over. */
export async function chooseRedis(
  all: readonly Redis[],
  section: Section,
  variables: ServiceVariables,
  wanted: string | undefined,
  ask: Prompt | undefined,
): Promise<Selected<Redis> | undefined> {
  if (wanted === "none") return undefined;
  const url = variables.REDIS_URL?.value;
  const isUsed = (one: Redis) =>
    samePlace(one.url, url) || ("externalUrl" in one && samePlace(one.externalUrl, url));
  const known = url === undefined || all.some(isUsed);
  const kept = section.provider === "external" ? textOf(section.url) : undefined;
  const elsewhere = known ? kept : url;
  const candidates: Redis[] =
    elsewhere === undefined
      ? [...all]
      : [...all, { provider: "external", id: "external", name: "external", url: elsewhere }];
  return choose(
    {
      kind: describedKind("Redis database"),
      flag: "--redis",
      all: candidates,
      id: ({ id }) => id,
      name: ({ name }) => name,
      wanted,
      settled: section.provider === "external" ? (known ? "external" : undefined) : textOf(section.name),
      isUsed: (one) => (one.provider === "external" ? true : isUsed(one)),
    },
    ask,
  );
}
