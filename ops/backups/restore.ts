/**
 * The bad day: a backup becomes a new database beside the old one, is looked into, and is named in the stack file; `up`
 * moves the environment to it. Nothing of the old one is touched: it stays until somebody says its name.
 */
import { UserError } from "../../engine/errors.ts";
import type { StackFile } from "../adopt/stack-file.ts";
import { plural } from "../terminal/amounts.ts";
import { compared } from "./compare.ts";
import { type CopyContext, costText, looked, waiter } from "./copies.ts";
import type { BackedUp, Point } from "./model.ts";
import { type Announcement, announce, announced, copyName, isMarked, settled } from "./record.ts";
import { pointFor } from "./vault.ts";

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
  const asked = pointFor(vault, offer, to);
  const before = await announced(notes, "restore", database);
  const goesOn = before !== undefined && before.to === to;
  if (before !== undefined && !goesOn)
    say(
      `an earlier restore, to ${before.to}, has left ${before.name}; it stays, and costs: name it in kairos:${database}.restored, or delete it at ${vault.vendor}`,
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
  await vault.make(name, point, "restored", until);
  const holds = await contents(context, name, point);
  for (const line of holds) say(line);
  const value = await vault.setting(name);
  const setting = { key: `kairos:${database}.restored`, value, written: await written(context, value) };
  await settled(notes, "restore", database);
  const next = [
    ...(setting.written ? [] : [`put ${setting.key}: ${value} into ${file.name}`]),
    `npx kairos plan --stack ${stack}`,
    up,
    `npx kairos status --stack ${stack}`,
  ];
  return { ...report, result: "restored", holds, setting, next };
}

const pointOf = ({ at, snapshot }: Announcement): Point => ({
  at: new Date(at),
  ...(snapshot !== undefined && { snapshot }),
});

/** What the new database holds, beside what the old one has now. The user that looked goes again. */
async function contents(context: CopyContext, name: string, point: Point): Promise<string[]> {
  const { vault } = context;
  const until = waiter(context, context.signal);
  try {
    const { source, copy } = await looked(context, await vault.open(name, until), point.at);
    const { notes, tables, rows } = compared(source, copy, Date.now() - point.at.getTime());
    return [
      `it holds ${plural(tables, vault.database === "mongodb" ? "collection" : "table")}, ${plural(rows, "row")}`,
      ...copy.map((one) => {
        const now = source.find((other) => other.name === one.name);
        return `${one.name}: ${plural(one.rows, "row")}${now ? `; the old database has ${now.rows}` : ""}`;
      }),
      ...notes,
    ];
  } catch (error) {
    // The old one may be gone, or nobody may reach it: the new one is there all the same.
    if (!(error instanceof UserError)) throw error;
    return [`nobody could look into it: ${error.message}`];
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
  if (!(await confirm(`${key}.restored: ${value} is written into ${file.name}.`))) return false;
  file.set(key, { restored: value });
  await file.save();
  return true;
}
