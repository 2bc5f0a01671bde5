import { z } from "zod";
import * as kind from "../kinds.ts";
import { facts } from "../vendors.ts";
import { earlier, mayBeDestroyed, original, providerFields, renderAccessList } from "./common.ts";

const render = facts.render.tables;

/** Render Postgres; off unless it is said. */
export const postgres = z.discriminatedUnion("enabled", [
  kind.group({ enabled: z.literal(false), mayBeDestroyed }),
  kind.group({
    enabled: z.literal(true),
    name: kind.givenName(),
    plan: kind.offered(render.postgresPlans),
    version: kind.offered(render.postgresVersions).default("18"),
    /** Where it runs. The backend reaches it over the private network only in the backend's own region. */
    region: kind.offered(render.regions).optional(),
    disk: kind
      .gigabytes((gb) => gb === 1 || (gb >= 5 && gb % 5 === 0 && gb <= 16_000), "1GB or a multiple of 5GB")
      .optional(),
    highAvailability: kind.flag().default(false),
    readReplicas: z
      .array(kind.renderName(), { error: "a list of names" })
      .max(5, "at most 5 read replicas")
      .default([]),
    /** The database and its owner. Neither can be renamed: Render would create an empty database instead. */
    database: kind.postgresIdentifier().default("kairos"),
    user: kind.postgresIdentifier().default("kairos"),
    /** Which of Render's host names the backend gets. `public` needs the backend in the access list. */
    network: kind.oneOf(["private", "public"]).default("private"),
    /** Who may connect from outside Render's private network. Empty: nobody. */
    accessList: renderAccessList(),
    /**
     * Id of a Postgres that was recovered from this one and takes its place: the variables lead to it. As
     * `npx kairos backups restore` writes it.
     */
    restored: kind.restoredPostgres().optional(),
    /** Ids that `restored` had before. Those databases stay until they are taken out of here. */
    earlier: earlier(kind.restoredPostgres()),
    original,
    /** Fields of the Postgres that no setting has, as the provider calls them. */
    with: providerFields(),
    mayBeDestroyed,
  }),
]);
