/** Everything that was chosen, as sections of the stack file. */
import type { RenderRegion } from "../../../infra/settings/vendors.ts";
import type { Sections, Selection } from "../selection.ts";
import { describeMongodb } from "./mongodb.ts";
import { describePostgres, withoutPostgres } from "./postgres.ts";
import { describeRedis, withoutRedis } from "./redis.ts";
import type { SectionDescription } from "./types.ts";

/** By the name of the section. What the stack has already is left out: its settings are the operator's. */
export type Descriptions = Partial<Record<"mongodb" | "postgres" | "redis", SectionDescription>>;

export function describeAll(
  { mongodb, postgres, redis, together, url }: Selection,
  { region, sections, password }: { region: RenderRegion; sections: Sections; password: string },
): Descriptions {
  const common = { region, variables: together };
  return {
    ...(mongodb !== "managed" && {
      mongodb: describeMongodb({
        ...common,
        project: mongodb.project.thing,
        cluster: mongodb.cluster.thing,
        user: mongodb.user.thing,
        accessList: mongodb.accessList,
        password,
        url,
        section: sections.mongodb,
      }),
    }),
    ...(postgres !== "managed" && {
      postgres:
        postgres === undefined
          ? withoutPostgres(sections.postgres)
          : describePostgres(postgres.thing, { ...common, section: sections.postgres }),
    }),
    ...(redis !== "managed" && {
      redis:
        redis === undefined
          ? withoutRedis(sections.redis)
          : describeRedis(redis.thing, region, sections.redis),
    }),
  };
}
