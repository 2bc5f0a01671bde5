/** What somebody added beside a stack, as data without a language and without a secret. */
import { UserError } from "../../../engine/errors.ts";
import type { StrangerKind } from "../../../infra/settings/sections/stack.ts";
import type { Vendor } from "../../../vendors/http.ts";
import type { Trace } from "./trail.ts";

/** A look that somebody has to put something right for first; anything else is a defect. */
export function unlooked(error: unknown): StrangersStatus {
  if (error instanceof UserError) return { state: "unchecked", found: [], unseen: [error.message], gone: [] };
  throw error;
}

/** One thing that no stack of the project knows. */
export interface Stranger extends Trace {
  kind: StrangerKind;
  vendor: Vendor;
  /** As `kairos:known` takes it: its name, or its id where the stack's own has the same name. */
  name: string;
  /** The vendor's id, where it has one beside the name. */
  id?: string | undefined;
  /** Where it stands: an Atlas project's id, the name of a database or of services. */
  in?: string | undefined;
  /** An access list entry that lets everybody in. */
  everybody?: true;
  /** A Postgres user that Render now shows, and hands out, as the database's own. */
  isDefault?: true;
  /** The database by which a database user logs in. */
  authDatabase?: string;
}

/** What a look beside the stack found. */
export interface StrangersStatus {
  /** `unchecked`: nothing could be looked at. */
  state: "well" | "warning" | "unchecked";
  /** What lets everybody in comes first. */
  found: Stranger[];
  /** What could not be looked at, a line for each vendor or stack. */
  unseen: string[];
  /** Entries of `kairos:known` that name nothing that there is, by their place in the list. */
  gone: { index: number; kind: StrangerKind; name: string }[];
}
