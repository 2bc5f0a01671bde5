/** What a drill and a restore have in common: the surroundings, waiting, what it costs, and taking copies away. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../engine/errors.ts";
import { span } from "../terminal/amounts.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Counts, canary, Login } from "./census/index.ts";
import { type Comparison, compared } from "./compare.ts";
import type { BackedUp, Point } from "./model.ts";
import { type Announcement, type Known, keep, type Notes, whyKept } from "./record.ts";
import type { CopyCost, Until, Vault } from "./vault.ts";

/** What both work with. */
export interface CopyContext {
  stack: string;
  vault: Vault;
  notes: Notes;
  known: Known;
  progress: Progress;
  /** @throws UserError when nobody can be asked */
  confirm(question: string): Promise<boolean>;
  count(database: BackedUp, copy: Login, point: Date): Promise<Counts>;
  canary(...args: Parameters<typeof canary> extends [...infer A, unknown] ? A : never): Promise<void>;
  /** Somebody stopped it: nothing is waited for any more, and what was made goes. */
  signal?: AbortSignal;
  /** Milliseconds between two looks. */
  pause?: number;
  /** Milliseconds after which a vendor is not waited for any longer. */
  limit?: number;
}

const usualPause = 5000;
/** Milliseconds after which a wait is told of; then after twice that and so on, at least every ten times. */
const firstWord = 60_000;
/** Large databases take their vendors hours. */
const longest = 12 * 3_600_000;

/** @param signal none where waiting goes on whatever happens: for what is being deleted */
export function waiter(
  { progress, pause = usualPause, limit = longest }: CopyContext,
  signal?: AbortSignal,
): Until {
  return async (what, ask) => {
    progress.begin(what);
    const begun = Date.now();
    let next = begun + firstWord;
    for (
      const end = Date.now() + limit;
      ;
      await sleep(pause, undefined, signal && { signal }).catch(() => 0)
    ) {
      if (signal?.aborted) throw new UserError(`stopped while ${what}`);
      const answer = await ask();
      if (answer !== undefined) {
        progress.done(what, what);
        return answer;
      }
      // Also where no line on a terminal moves.
      if (Date.now() >= next) {
        const waited = Date.now() - begun;
        progress.say(`${what}: not yet, after ${span(waited)}`);
        next = Date.now() + Math.min(waited, 10 * firstWord);
      }
      if (Date.now() > end)
        throw new UserError(
          `${what}: not done after ${limit / 60_000} minutes; its pages at the vendor say why`,
        );
    }
  };
}

/** Milliseconds that a new database may take to let in: its name and its user become known by and by. */
const settling = 3 * 60_000;

/** Connects to a copy and its source, counts both, and compares. @throws UserError when one of them lets nobody in for minutes */
export async function looked(
  context: CopyContext,
  name: string,
  { at }: Point,
): Promise<Counts & Comparison> {
  const { vault, signal, limit = longest } = context;
  const until = waiter(context, signal);
  const login = await vault.open(name, until);
  const end = Date.now() + Math.min(settling, limit / 2);
  const counts = await until(`${vault.name} and its copy are counted`, async () => {
    try {
      return await context.count(vault.database, login, at);
    } catch (error) {
      if (!(error instanceof UserError) || Date.now() > end || signal?.aborted) throw error;
      return undefined;
    }
  });
  return { ...counts, ...compared(counts.source, counts.copy, Date.now() - at.getTime()) };
}

/** What to do where the login that a vendor hands out for a copy may not read it: its tables are another user's. */
export const unreadAdvice = (vendor: string): string =>
  `the login that ${vendor} hands out for it may not read that: its owner is another user, perhaps one from before a rotation. Take a moment after the last rotation, or have ${vendor}'s support hand it over to that login`;

export function costText({ plan, hourly }: CopyCost): string {
  const price = hourly === undefined ? "no price of it is known" : `at least $${hourly.toFixed(2)} an hour`;
  return `${/^M\d/.test(plan) ? "an" : "a"} ${plan} (${price})`;
}

/** How often nothing is looked for again: a vendor may have begun what it never answered. */
const tries = 3;

/**
 * Takes away what a drill has made: the user, the copy, the canary in the source. Whatever else bears the name stays, and is
 * said.
 *
 * @param unsure whether something may still come of a call whose end nobody knows
 * @throws UserError when something is left that the next run has to take away
 */
export async function cleaned(context: CopyContext, what: Announcement, unsure: boolean): Promise<void> {
  const { vault, notes, known, progress, pause = usualPause } = context;
  const { database } = vault;
  let all = await vault.find(what.name);
  for (let left = unsure ? tries : 0; left > 0 && all.length === 0; left -= 1) {
    await sleep(pause);
    all = await vault.find(what.name);
  }
  for (const found of all) {
    const why = whyKept(found, what, known);
    if (why !== undefined)
      throw new UserError(
        `${database}: ${found.kind} ${found.name} (${found.id}) is not deleted: ${why}. If it is the drill's, delete it at ${vault.vendor}; npx kairos backups drill goes on then`,
      );
    await vault.remove(found, waiter(context));
    progress.say(`${database}: ${found.kind === "user" ? "the user" : "the copy"} ${found.name} is gone`);
  }
  if (what.canary) await context.canary(database, what.name, "remove");
  await keep(notes, "drill", database);
}
