/** What the sections of databases have in common. */
import { z } from "zod";
import * as kind from "../kinds.ts";

/**
 * A database may be deleted or replaced only while its own section repeats its name here: the name that it has
 * at the vendor now. Everything that holds data is protected until then; protection.ts compares the names.
 */
export const mayBeDestroyed = z
  .string({ error: "the name of the database that may go" })
  .min(1, "the name of the database that may go")
  .optional();

/**
 * What becomes of the original once `restored` names another database in its place. `gone`: the next `up` deletes it,
 * which protection allows only after one with its name in `mayBeDestroyed`.
 */
export const original = kind.oneOf(["kept", "gone"]).optional();

/**
 * What `restored` named before, and nobody wants to lose: each stays beside the one in use until it is taken out of here,
 * which protection allows only after one `up` with its name in `mayBeDestroyed`.
 */
export const earlier = <Id extends z.ZodType>(id: Id) =>
  z.array(id, { error: "a list of what restored named before" }).default([]);

/** Fields of the provider's resource that no setting has, passed on as they are; fields.ts has which there are. */
export const providerFields = () =>
  z.record(z.string(), z.unknown(), { error: "a group of the provider's own fields" }).default({});

/** Who may connect to a database on Render from outside. */
export const renderAccessList = () =>
  z
    .array(
      kind.group({
        cidr: kind.ipv4Cidr(),
        comment: z.string({ error: "a text" }),
        allowFromAnywhere: kind.flag().default(false),
      }),
      { error: "a list of { cidr, comment }" },
    )
    .default([]);
