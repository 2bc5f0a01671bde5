/**
 * The bad day: a backup becomes a new database beside the old one, is looked into, and is named in the stack file; `up`
 * moves the environment to it. Nothing of the old one is touched: it stays until somebody says its name.
 */
import { UserError } from "../../engine/errors.ts";
import type { StackFile } from "../adopt/stack-file.ts";
import { plural } from "../terminal/amounts.ts";
import { compared } from "./compare.ts";
import { type CopyContext, costText, looked, unreadAdvice, waiter } from "./copies.ts";
import type { BackedUp, Point } from "./model.ts";
import { type Announcement, announce, announced, copyName, isMarked } from "./record.ts";
import { pointFor } from "./vault.ts";
import { sizeText } from "./words.ts";

export interface RestoreOptions {
  /** `latest`, ISO 8601, or a snapshot's id. */
  to: string;
  dryRun?: true | undefined;
}

/** How a restore ended. */
export interface RestoreReport {
  database: BackedUp;
  result: "dry run" | "declined" | "restored";
  /** ISO 8601. */
  point: string;
  /** Of the new database. */
  name: string;
  /** What it does, or has done, in order. */
  steps: string[];
  /** The setting that moves the environment to it. */
  setting?: { key: string; value: string; written: boolean };
  /** What it holds, a line for each table or collection. */
  holds: string[];
  /** Why nobody knows what it holds, or not all of it: then the setting is not written. */
  unseen?: string;
  /** What to do next, in order. */
  next: string[];
}

/** @throws UserError in one line; what it has made stays, and the same command goes on from there */
export async function restore(
  context: CopyContext & { file: StackFile },
  { to, dryRun }: RestoreOptions,
): Promise<RestoreReport> {
  const { vault, notes, progress, stack, file } = context;
  const { database } = vault;
  const say = (text: string) => progress.say(`${database}: ${text}`);
  const begun = new Date();
  const offer = await vault.offer(begun);
  const asked = pointFor(vault, offer, to, begun);
  const before = await leftBefore(context);
  const goesOn = before !== undefined && before.to === to;
  if (before !== undefined && !goesOn)
    say(
      `an earlier restore, to ${before.to}, has left ${before.name}; it stays, and costs: put it in kairos:${database}.restored, or delete it at ${vault.vendor}`,
    );
  const name = goesOn ? before.name : copyName("restored", stack, begun);
  const point: Point = goesOn ? pointOf(before) : asked;
  const cost = costText(await vault.cost("restored"));
  const up = `pulumi up --stack ${stack}`;
  const steps = [
    `${goesOn ? "goes on with" : "makes"} ${name}, ${cost}, beside ${vault.name}, which stays as it is`,
    `${vault.vendor} restores ${vault.name} as of ${point.at.toISOString()} into it`,
    "looks into it, and says what it holds",
    `writes kairos:${database}.restored into ${file.name}, where you allow it`,
    `${up} moves the variables to it and deploys: the old database lets in until the last service has left it`,
    `${vault.name} stays until kairos:${database} says its name (mayBeDestroyed) and then original: gone`,
  ];
  const report = { database, point: point.at.toISOString(), name, steps, holds: [], next: [] };
  if (dryRun) return { ...report, result: "dry run" };
  for (const [index, text] of steps.entries()) say(`${index + 1}. ${text}`);
  if (!(await context.confirm(`${database}: this makes ${cost}, which stays.`)))
    return { ...report, result: "declined" };
  // The moment itself: `latest` is another one at every try.
  const { at, snapshot } = point;
  const what: Announcement = { name, at: at.toISOString(), to, ...(snapshot !== undefined && { snapshot }) };
  if (!goesOn) await announce(notes, "restore", database, what);
  const until = waiter(context, context.signal);
  const again = `npx kairos backups restore ${database} --stack ${stack} --to ${to}`;
  try {
    await vault.make(name, point, "restored", until);
  } catch (error) {
    say(`${name} may be there already, stays, and costs: ${again} goes on with it`);
    throw error;
  }
  const { holds, unseen } = await contents(context, name, point);
  for (const line of holds) say(line);
  const value = await vault.setting(name);
  const key = `kairos:${database}.restored`;
  const setting = { key, value, written: unseen === undefined && (await written(context, value)) };
  // It stays announced: nobody is to forget what costs until it is the environment's, or gone.
  await announce(notes, "restore", database, { ...what, made: true });
  const next = [
    ...(unseen === undefined ? [] : [`see that ${name} holds what it should: ${again} looks again`]),
    ...(setting.written
      ? []
      : [`put ${key}: ${value} into ${file.name}, or delete ${name} at ${vault.vendor}`]),
    `npx kairos plan --stack ${stack}`,
    up,
    `npx kairos status --stack ${stack}`,
  ];
  return { ...report, result: "restored", holds, ...(unseen && { unseen }), setting, next };
}

/** The copy of an earlier run; what is the environment's, or gone, is none any more. */
async function leftBefore({ vault, notes }: CopyContext): Promise<Announcement | undefined> {
  const { database } = vault;
  const before = await announced(notes, "restore", database);
  if (before?.made !== true) return before;
  const isThere = (await vault.find(before.name)).some(({ kind }) => kind === "database");
  return isThere && before.name !== vault.name ? before : undefined;
}

const pointOf = ({ at, snapshot }: Announcement): Point => ({
  at: new Date(at),
  ...(snapshot !== undefined && { snapshot }),
});

/** What the new database holds, beside what the old one has now. The user that looked goes again. */
async function contents(
  context: CopyContext,
  name: string,
  point: Point,
): Promise<Pick<RestoreReport, "holds" | "unseen">> {
  const { vault } = context;
  const until = waiter(context, context.signal);
  try {
    const { source, copy } = await looked(context, await vault.open(name, until), point.at);
    const { notes, tables, rows, unread } = compared(source, copy, Date.now() - point.at.getTime());
    const holds = [
      `it holds ${sizeText(vault.database, tables, rows)}`,
      ...copy.map((one) => {
        if (one.refused) return `${one.name}: may not be read`;
        const now = source.find((other) => other.name === one.name);
        const unit = vault.database === "mongodb" ? "document" : "row";
        return `${one.name}: ${plural(one.rows, unit)}${now && !now.refused ? `; the old database has ${now.rows}` : ""}`;
      }),
      ...notes,
    ];
    if (unread === 0) return { holds };
    const unseen = `${unread} of ${copy.length} may not be read: ${unreadAdvice(vault.vendor)}`;
    return { holds, unseen };
  } catch (error) {
    // The old one may be gone, or nobody may reach it: the new one is there all the same.
    if (!(error instanceof UserError)) throw error;
    const unseen = `nobody could look into it: ${error.message}`;
    return { holds: [unseen], unseen };
  } finally {
    const users = (await vault.find(name)).filter(
      ({ kind, marks }) => kind === "user" && isMarked(marks, name),
    );
    for (const user of users) await vault.remove(user, until);
  }
}

/** Writes the setting where somebody agrees; the stack file is otherwise as it was. */
async function written(
  { vault, file, confirm }: CopyContext & { file: StackFile },
  value: string,
): Promise<boolean> {
  const key = `kairos:${vault.database}`;
  const section = file.get(key);
  // What was set as text is somebody else's way of writing: it would be laid out anew.
  if (typeof section !== "object" || section === null) return false;
  const { restored: before, earlier = [] } = section as { restored?: string; earlier?: string[] };
  if (before === value) return true;
  if (!(await confirm(`${key}.restored: ${value} is written into ${file.name}.`))) return false;
  // What is in use now stays as well, until somebody says its name.
  const isInUse = before !== undefined && before === (await vault.setting(vault.name));
  const stays = isInUse && { earlier: [before, ...earlier] };
  file.set(key, { restored: value, ...stays });
  await file.save();
  return true;
}
