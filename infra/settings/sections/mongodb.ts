import { z } from "zod";
import * as kind from "../kinds.ts";
import * as vendor from "../vendors.ts";
import { earlier, mayBeDestroyed, original, providerFields } from "./common.ts";

/** How long a snapshot is kept. */
const keep = kind.count(1, 3650, "days");

/** A well-formed Atlas id that means nothing. */
const hexId = (n: number) => String(n + 1).padStart(24, "0");

/** MongoDB Atlas. The one mandatory database: there is no switch to turn it off. */
export const mongodb = kind.group({
  /** The Atlas project: an existing one by id, or a new one in an organization. */
  project: kind.either(
    "id",
    kind.group({
      id: kind.ownersId(
        /^[0-9a-f]{24}$/,
        "an Atlas project id (24 hexadecimal digits)",
        "Atlas: Project Settings, Project ID",
        hexId,
      ),
    }),
    kind.group({
      name: kind.projectName(),
      organization: kind.ownersId(
        /^[0-9a-f]{24}$/,
        "an Atlas organization id (24 hexadecimal digits)",
        "Atlas: Organization Settings, Organization ID",
        hexId,
      ),
    }),
    "{ id } of an existing Atlas project, or { name, organization } of a new one",
  ),
  /** The cluster's name in Atlas; cannot be changed without losing the cluster. */
  name: kind.clusterName(),
  tier: kind.offered(vendor.facts.atlas.tables.tiers),
  /** Beside the backend unless set. */
  region: kind.offered(vendor.facts.atlas.tables.regions).optional(),
  /** Major version, or `latest`: Atlas then upgrades by itself; dedicated tiers only (Atlas chooses for M0 and FLEX). */
  version: kind.offered(vendor.facts.atlas.tables.versions).optional(),
  /** Size of the disk at creation; dedicated tiers only. Atlas grows it by itself. */
  disk: kind.gigabytes((gb) => gb >= 10 && gb <= 4096, "a size from 10GB to 4096GB, such as 20GB").optional(),
  /** Compute follows the load between two tiers; dedicated tiers only. Left out: the tier stays. */
  autoscale: kind
    .group({ from: kind.oneOf(vendor.dedicatedTiers), to: kind.oneOf(vendor.dedicatedTiers) })
    .optional(),
  database: kind.mongodbDatabase().default("kaïros"),
  user: kind.mongodbUser().default("kairos"),
  /**
   * The password of a user that somebody made before this stack took it over; secret. While it is set, the stack
   * sets neither password nor roles of that user. Left out: the stack makes the password.
   */
  password: kind.secretText().optional(),
  /** What of a cluster that somebody else made stays as it was found: the stack neither sets nor corrects it. */
  leave: z.array(kind.oneOf(vendor.atlasLeavable), { error: "a list of words" }).default([]),
  /**
   * Who may open a connection. Atlas refuses everyone else before any password is read. At least one entry, unless
   * `kairos:render.outbound` gives the backend addresses of its own, which are let in without one.
   */
  accessList: z
    .array(
      kind.group({
        cidr: kind.accessListCidr(),
        comment: z
          .string({ error: "a text of at most 80 characters" })
          .max(80, "a text of at most 80 characters"),
        /** Must be true for a block that lets (nearly) everyone in. */
        allowFromAnywhere: kind.flag().default(false),
      }),
      { error: "a list of { cidr, comment }" },
    )
    .max(vendor.accessListEntries, `at most ${vendor.accessListEntries} entries, all that Atlas takes`),
  /** How the backend's driver connects. */
  driver: kind.group({
    timeout: kind.duration(100, 600_000).default(5000),
    maxPoolSize: kind.count(1, 10_000, "connections"),
    minPoolSize: kind.count(0, 10_000, "connections"),
    retryWrites: kind.flag().default(true),
    retryReads: kind.flag().default(true),
    heartbeat: kind.duration(500, 600_000).default(10_000),
    /** Put into the URL when set. Every program that uses the URL must then have the compressor installed. */
    compressors: z.array(kind.oneOf(["snappy", "zlib", "zstd"])).default([]),
  }),
  /**
   * Backups of a cluster from M10 up. Without it Atlas keeps its own schedule: every 6 hours and daily for 7 days, weekly
   * for 4 weeks, monthly for 12 months, and any moment of the last 7 days. Taken out again, the last schedule stays.
   */
  backups: kind
    .group({
      /** When snapshots are taken, and how many days they are kept. All or nothing: what is not here is not taken. */
      schedule: kind
        .group({
          /** Every so many hours: 1, 2, 4, 6, 8 or 12. */
          hourly: kind.group({ every: kind.count(1, 12, "hours"), keep }).optional(),
          daily: kind.group({ keep }).optional(),
          /** On a day of the week, 1 for Monday to 7 for Sunday. */
          weekly: kind.group({ day: kind.count(1, 7, "days of the week"), keep }).optional(),
          /** On a day of the month; 40 for its last one. */
          monthly: kind.group({ day: kind.count(1, 40, "days of the month"), keep }).optional(),
        })
        .optional(),
      /** Days back to any moment of which the cluster can be restored. */
      window: keep.optional(),
      /**
       * Atlas' backup compliance policy for the whole project: nobody can keep less than the schedule any more, delete a
       * snapshot, or switch backups off. It cannot be turned off again, not by this stack and not by you: only Atlas'
       * support does that, for the person who is named here.
       */
      compliance: kind
        .group({
          email: z.email({ error: "an address of e-mail" }),
          firstName: z.string({ error: "a name" }).min(1, "a name"),
          lastName: z.string({ error: "a name" }).min(1, "a name"),
          /** Must be true: the policy holds for the whole project, for good. Only Atlas' support can switch it off. */
          cannotBeTurnedOff: kind.flag().default(false),
        })
        .optional(),
    })
    .optional(),
  /**
   * Name of a cluster of the same project into which this one was restored and which takes its place: MONGODB_URL
   * leads to it. As `npx kairos backups restore` writes it.
   */
  restored: kind.clusterName().optional(),
  /** Names that `restored` had before. Those clusters stay, and are let in to, until they are taken out of here. */
  earlier: earlier(kind.clusterName()),
  original,
  /** Fields of the cluster that no setting has, as the provider calls them. */
  with: providerFields(),
  mayBeDestroyed,
});
