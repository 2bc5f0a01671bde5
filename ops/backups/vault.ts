/** One database's backups at its vendor: what there is, and copies that are made of it beside it. */
import { UserError } from "../../engine/errors.ts";
import type { Vendor } from "../../vendors/http.ts";
import { span } from "../terminal/amounts.ts";
import type { Login } from "./census/index.ts";
import type { BackedUp, Offer, Point } from "./model.ts";
import type { Found } from "./record.ts";

/** `drill`: goes again, and may be small. `restored`: becomes the environment's, and is like its source. */
export type Purpose = "drill" | "restored";

/** What a copy costs while it is there. */
export interface CopyCost {
  /** As the vendor calls it: `basic_1gb`, `M10`. */
  plan: string;
  /** US dollars an hour, at least; undefined where no price is known. */
  hourly?: number;
}

/** Milliseconds before now that no restore reaches; KAIROS_RECOVERY_LAG: of a stand-in that is quicker than its vendor. */
export const lagOf = (vendors: number): number => Number(process.env.KAIROS_RECOVERY_LAG || vendors);

/** Waits until there is an answer. @throws UserError when that takes too long, or somebody stopped it */
export type Until = <T>(what: string, ask: () => Promise<T | undefined>) => Promise<T>;

export interface Vault {
  database: BackedUp;
  vendor: Vendor;
  /** Of the database that is backed up. */
  name: string;
  /** Of it, too, as the setting `restored` has it: its id at Render, its name at Atlas. */
  id: string;
  /** What the vendor has of it. */
  offer(now: Date): Promise<Offer>;
  cost(purpose: Purpose): Promise<CopyCost>;
  /** Makes a copy, or goes on with one of this name that was begun; resolves when its data is in it. */
  make(name: string, point: Point, purpose: Purpose, until: Until): Promise<void>;
  /** How a copy is reached and logged in to; makes a user where the copy has none. */
  open(name: string, until: Until): Promise<Login>;
  /** Everything of this name: a copy, and the user that was made for it. */
  find(name: string): Promise<Found[]>;
  /** Deletes one of what was found, and waits until it is gone. */
  remove(found: Found, until: Until): Promise<void>;
}

/** The copy of this name; undefined: it is not there. */
export const copyOf = async (vault: Vault, name: string): Promise<Found | undefined> =>
  (await vault.find(name)).find(({ kind }) => kind === "database");

/**
 * What `--to` names.
 *
 * @param wanted `latest`, a moment in ISO 8601, or a snapshot's id
 * @throws UserError with what there is
 */
export function pointFor({ database, name }: Vault, offer: Offer, wanted: string, now = new Date()): Point {
  const { kind, newest, from, snapshots } = offer;
  const named = snapshots.find(({ snapshot }) => snapshot === wanted);
  if (named !== undefined) return named;
  const at = new Date(/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(wanted) ? wanted : Number.NaN);
  const isMoment = !Number.isNaN(at.getTime());
  const newestSnapshots = snapshots
    .slice(0, 3)
    .map(({ snapshot, at: day }) => `${snapshot} (${day.toISOString()})`);
  const moments =
    kind === "continuous" && newest !== undefined
      ? `a moment from ${from?.toISOString() ?? "its making"} to ${newest.at.toISOString()}`
      : `a moment such as ${(newest?.at ?? now).toISOString()}${kind === "snapshots" ? ", which means the last snapshot before it" : ""}`;
  const there = [
    moments,
    ...(newestSnapshots.length > 0 ? [`a snapshot such as ${newestSnapshots.join(", ")}`] : []),
  ];
  // What nobody could mean is said first, also where there is nothing to restore.
  if (wanted !== "latest" && !isMoment && !(newest === undefined && /^[0-9a-f]{24}$/.test(wanted)))
    throw new UserError(`--to: got ${wanted}; expected latest, or ${there.join(", or ")}`);
  if (at > now) throw new UserError(`--to: got ${wanted}, which is yet to come; expected ${there[0]}`);
  if (kind === "none")
    throw new UserError(
      `${database}: ${name} has no backups: its plan has none; docs/en/bad-day.md says what else there is`,
    );
  if (newest === undefined) throw new UserError(`${database}: ${name} has no backup yet: ${notYet(offer)}`);
  if (wanted === "latest") return newest;
  const isIn = at <= newest.at && (from === undefined || at >= from);
  if (kind === "continuous" && isIn) return { at };
  if (kind === "continuous")
    throw new UserError(`--to: got ${wanted}, of which ${database} has no backup; expected ${there[0]}`);
  const before = snapshots.find((one) => one.at <= at);
  if (before !== undefined) return before;
  throw new UserError(`--to: got ${wanted}, before the oldest snapshot; expected ${there.slice(1)[0]}`);
}

/** What is known of the first backup. */
function notYet({ from, every, reaches }: Offer): string {
  if (from !== undefined && reaches !== undefined)
    return `its window begins ${from.toISOString()}, and no moment of the last ${span(reaches)} can be restored: the first one can at ${new Date(from.getTime() + reaches).toISOString()}`;
  if (every !== undefined) return `by its schedule a snapshot is taken every ${span(every)}`;
  return "its vendor has not finished the first one, and does not say when it will; npx kairos backups shows it then";
}
