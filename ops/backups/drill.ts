/**
 * A drill: restores a backup into something new beside the database, connects, compares, deletes what it made, and records
 * what that took. Production is read, and written only where a canary is allowed. Killed anywhere, the next run takes away
 * what is left before it begins.
 */
import { UserError } from "../../engine/errors.ts";
import { inSeconds, plural, span } from "../terminal/amounts.ts";
import { type Comparison, compared, rule } from "./compare.ts";
import { type CopyContext, cleaned, costText, looked, unreadAdvice, waiter } from "./copies.ts";
import type { BackedUp, DrillRecord, Point } from "./model.ts";
import { type Announcement, announce, announced, copyName, recordDrill } from "./record.ts";
import { pointFor } from "./vault.ts";
import { sizeText } from "./words.ts";

/** How a drill ended. */
export interface DrillReport extends Partial<DrillRecord> {
  database: BackedUp;
  result: "restored" | "failed" | "declined";
  /** The moment that was restored, ISO 8601. */
  point?: string;
  /** What the copy lacks, or hides, a line each. */
  problems: string[];
  notes: string[];
  /** The service that compared, where it was not this process. */
  from?: string;
}

/** @throws UserError when it did not come to a comparison; what it made is gone then, or it says what is left */
export async function drill(context: CopyContext, { canary = false } = {}): Promise<DrillReport> {
  const { vault, notes, progress } = context;
  const { database } = vault;
  const say = (text: string) => progress.say(`${database}: ${text}`);
  const before = await announced(notes, "drill", database);
  if (before !== undefined) {
    say(`an interrupted drill has left ${before.name}; it goes first`);
    await cleaned(context, before, true);
  }
  const begun = new Date();
  const offer = await vault.offer(begun);
  const newest = pointFor(vault, offer, "latest");
  if (canary && offer.kind !== "continuous")
    throw new UserError(
      `--canary: ${vault.name} has snapshots only, and none would have it for up to a day; expected it where any moment can be restored`,
    );
  const copy = costText(await vault.cost("drill"));
  const waits = canary
    ? `; a canary is written first, and waited for ${span(begun.getTime() - newest.at.getTime())}`
    : "";
  say(
    `restores ${vault.name} as of ${newest.at.toISOString()} into ${copy}, which is deleted at the end${waits}`,
  );
  if (
    !(await context.confirm(
      `${database}: the drill makes ${copy} at ${vault.vendor} for as long as it takes.`,
    ))
  )
    return { database, result: "declined", problems: [], notes: [] };
  const what: Announcement = {
    name: copyName("drill", context.stack, begun),
    at: begun.toISOString(),
    ...(canary && { canary }),
  };
  await announce(notes, "drill", database, what);
  const again = `npx kairos backups drill ${database} --stack ${context.stack}`;
  let done: Restored | undefined;
  try {
    done = await restored(context, what, newest);
  } catch (error) {
    // A drill that was stopped says nothing of the backup. What failed is said whether or not it can be noted.
    const broken = { ...noted(begun, newest), brokeOff: true as const, ok: false, tables: 0, rows: 0 };
    if (!context.signal?.aborted) await recordDrill(notes, database, broken).catch(() => undefined);
    // In the seconds to come there is nothing else to look at.
    say("what was made is taken away");
    throw error;
  } finally {
    // What failed is said whether or not this does: the announcement stays, and the next run comes back to it.
    await cleaned(context, what, done === undefined).then(
      () => done ?? say(`nothing of it is left; ${again} begins anew`),
      (error: Error) => {
        if (done !== undefined) throw error;
        say(`not all is gone yet: ${error.message}. ${again} takes it away first`);
      },
    );
  }
  const { point, rto, comparison, from } = done;
  const { tables, rows, problems } = comparison;
  const record: DrillRecord = { ...noted(begun, point, rto), ok: problems.length === 0, tables, rows };
  await recordDrill(notes, database, record);
  for (const line of [...problems, ...comparison.notes]) say(line);
  const size = sizeText(database, tables, rows);
  say(
    record.ok
      ? `restored and compared: ${size}; back after ${inSeconds(record.rto)}, ${lost(record.rpo)}`
      : `the copy is not shown to be what its source was: ${plural(problems.length, "problem")}. The rule: ${rule}`,
  );
  if (comparison.unread > 0) say(`the copy: ${unreadAdvice(vault.vendor)}`);
  return {
    ...{
      database,
      result: record.ok ? "restored" : "failed",
      ...record,
      point: point.at.toISOString(),
      problems,
    },
    notes: comparison.notes,
    ...(from !== undefined && { from }),
  };
}

/** @param rto milliseconds */
const noted = (begun: Date, { at }: Point, rto = Date.now() - begun.getTime()) => ({
  at: new Date().toISOString(),
  rpo: Math.round(Math.max(begun.getTime() - at.getTime(), 0) / 1000),
  rto: Math.round(rto / 100) / 10,
});

/** @param seconds that a disaster would have taken */
const lost = (seconds: number) =>
  `with ${seconds < 60 ? "less than a minute" : `no more than the last ${span(seconds * 1000)}`} lost`;

interface Restored {
  point: Point;
  /** Milliseconds. */
  rto: number;
  comparison: Comparison;
  from?: string | undefined;
}

async function restored(context: CopyContext, what: Announcement, newest: Point): Promise<Restored> {
  const { vault, signal } = context;
  const until = waiter(context, signal);
  let point = newest;
  if (what.canary) {
    await context.canary(vault.database, what.name, "write");
    const written = Date.now();
    const about = span(written - newest.at.getTime());
    point = await until(
      `the canary is in what ${vault.vendor} can restore (takes about ${about})`,
      async () => {
        const offer = await vault.offer(new Date());
        // A second more: moments at Atlas are whole seconds.
        return offer.newest && offer.newest.at.getTime() > written + 1000 ? offer.newest : undefined;
      },
    );
  }
  const since = Date.now();
  await vault.make(what.name, point, "drill", until);
  const login = await vault.open(what.name, until);
  const { source, copy, from } = await looked(context, login, point.at);
  const rto = Date.now() - since;
  return { point, rto, comparison: compared(source, copy, Date.now() - point.at.getTime()), from };
}
