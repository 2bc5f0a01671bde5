/** Everything that was chosen, as sections of the stack file. */
import type { RenderRegion } from "../../../infra/settings/vendors.ts";
import type { Secret } from "../apply.ts";
import type { ImportIds } from "../imports.ts";
import type { Difference } from "../report.ts";
import type { Selection } from "../select.ts";
import type { Sections } from "../settings.ts";
import type { Setting } from "../stack-file.ts";
import { describeMongodb } from "./mongodb.ts";
import { describePostgres, withoutPostgres } from "./postgres.ts";
import { describeRedis, withoutRedis } from "./redis.ts";

/** A section as it has to be written: settings that say how something is, and what of it the stack would change. */
export interface SectionDescription {
  settings: { [name: string]: Setting | Secret };
  /** Whether what the section holds beside that has to go: it is another kind of thing now. */
  exclusive?: boolean;
  imports: ImportIds;
  differences: Difference[];
}

/** By the name of the section. What the stack has already is left out: its settings are the operator's. */
export type Descriptions = Partial<Record<"mongodb" | "postgres" | "redis", SectionDescription>>;

export function describeAll(
  { mongodb, postgres, redis, together: variables, url }: Selection,
  { region, sections, password }: { region: RenderRegion; sections: Sections; password: string },
): Descriptions {
  return {
    ...(mongodb !== "managed" && {
      mongodb: describeMongodb({
        project: mongodb.project.thing,
        cluster: mongodb.cluster.thing,
        user: mongodb.user.thing,
        accessList: mongodb.accessList,
        password,
        variables,
        url,
        region,
        section: sections.mongodb,
      }),
    }),
    ...(postgres !== "managed" && {
      postgres:
        postgres === undefined
          ? withoutPostgres(sections.postgres)
          : describePostgres(postgres.thing, { region, variables, section: sections.postgres }),
    }),
    ...(redis !== "managed" && {
      redis:
        redis === undefined
          ? withoutRedis(sections.redis)
          : describeRedis(redis.thing, region, sections.redis),
    }),
  };
}
