/**
 * What is kept of copies and drills, as tags of the stack: every machine finds them, and no `up` writes them. A copy is
 * announced before it is asked for, by a name that nothing else has, so whatever a killed run left is found again; and
 * nothing goes that was not announced, does not bear the mark, or that any stack knows.
 */
import { randomBytes } from "node:crypto";
import type { Stack } from "../../engine/cli/stack.ts";
import type { Workspace } from "../../engine/cli/workspace.ts";
import { UserError } from "../../engine/errors.ts";
import type { BackedUp, DrillRecord } from "./model.ts";

/** Where the tags of a stack are. */
export type Notes = Pick<Stack, "tags" | "tag" | "untag">;

/** A copy that is being made. */
export interface Announcement {
  /** Of the copy, and of the user that it is looked into with. */
  name: string;
  /** ISO 8601: of a drill, before its copy was asked for; of a restore, the moment that is restored. */
  at: string;
  /** A mark was written into the source. */
  canary?: true;
  /** Of a restore: what was asked for, as it was typed, and the snapshot that it is. */
  to?: string;
  snapshot?: string;
  /** Of a restore that is done, and whose copy waits for somebody's word. */
  made?: true;
}

const tags = {
  drill: (database: BackedUp) => `kairos:drill:${database}`,
  drilled: (database: BackedUp) => `kairos:drilled:${database}`,
  restore: (database: BackedUp) => `kairos:restore:${database}`,
};
export type Work = "drill" | "restore";

export const announced = async (
  notes: Notes,
  work: Work,
  database: BackedUp,
): Promise<Announcement | undefined> => announcedIn(await notes.tags(), work, database);

export function announcedIn(
  all: Readonly<Record<string, string>>,
  work: Work,
  database: BackedUp,
): Announcement | undefined {
  const text = all[tags[work](database)];
  return text === undefined ? undefined : (JSON.parse(text) as Announcement);
}

export const announce = (notes: Notes, work: Work, database: BackedUp, what: Announcement): Promise<void> =>
  notes.tag(tags[work](database), JSON.stringify(what));

export const settled = (notes: Notes, work: Work, database: BackedUp): Promise<void> =>
  notes.untag(tags[work](database));

export const recordDrill = (notes: Notes, database: BackedUp, record: DrillRecord): Promise<void> =>
  notes.tag(tags.drilled(database), JSON.stringify(record));

/** The last drill; undefined where there was none, or another hand wrote the tag. */
export function lastDrill(
  all: Readonly<Record<string, string>>,
  database: BackedUp,
): DrillRecord | undefined {
  try {
    const record = JSON.parse(all[tags.drilled(database)] ?? "null") as DrillRecord | null;
    return record === null || Number.isNaN(Date.parse(record.at)) ? undefined : record;
  } catch {
    return undefined;
  }
}

/**
 * The name of a copy: what it is, a part of its own, and the stack that it is of, as all names end
 * (infra/settings/own.ts).
 *
 * Atlas tells clusters of a project apart by their first 23 characters, and refuses a hyphen as the last of those.
 * Source: https://www.mongodb.com/docs/atlas/reference/atlas-limits/, mongodb/mongodb-atlas-cli#3780
 */
export function copyName(what: "drill" | "restored", stack: string, now: Date): string {
  const own = stack
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 30);
  const unique =
    what === "drill" ? randomBytes(4).toString("hex") : now.toISOString().replaceAll(/\D/g, "").slice(2, 14);
  const name = `${what}-${unique}-${own}`;
  return name[22] === "-" ? `${what}-${unique}0-${own}` : name;
}

/** The day on which a restore of this stack made something, by its name; undefined: it is none of its copies. */
export function restoredOn(name: string, stack: string): string | undefined {
  const [, digits = ""] = /^restored-(\d{6})\d{4,6}-/.exec(name) ?? [];
  const [year, month, day] = digits.match(/\d\d/g) ?? [];
  const date = new Date(`20${year}-${month}-${day}T00:00:00Z`);
  if (digits === "" || Number.isNaN(date.getTime())) return undefined;
  return name.endsWith(copyName("restored", stack, date).replace(/^restored-\d+/, ""))
    ? date.toISOString().slice(0, 10)
    : undefined;
}

/** The mark of a copy, where its vendor has room for one. */
export const markOf = (name: string) => ({ key: "kairos-copy", value: name });

export const isMarked = (marks: Found["marks"] = [], name: string): boolean =>
  marks.some(({ key, value }) => key === markOf(name).key && value === name);

/** Something at a vendor that may be a copy. */
export interface Found {
  kind: "database" | "user";
  id: string;
  name: string;
  /** ISO 8601; absent where the vendor does not tell. */
  createdAt?: string;
  /** Tags or labels; absent where the vendor has none. */
  marks?: readonly { key: string; value: string }[];
}

/** Which stack knows a word, such as an id or a name; undefined: none. */
export type Known = (word: string) => string | undefined;

/** Milliseconds that the vendor's clock may be behind this one's. */
const clocks = 5 * 60_000;

/**
 * Why something must not be deleted; undefined: it is the announced copy of a drill.
 *
 * @throws never: whoever deletes asks this first
 */
export function whyKept(found: Found, { name, at }: Announcement, known: Known): string | undefined {
  if (!/^drill-[0-9a-f]{8}/.test(name) || found.name !== name)
    return `its name is not that of the drill, ${name}`;
  if (found.marks !== undefined && !isMarked(found.marks, name))
    return `it does not bear the mark ${markOf(name).key}: ${name}`;
  if (found.marks === undefined && found.createdAt === undefined) return "nobody says since when it is there";
  if (found.createdAt !== undefined && Date.parse(found.createdAt) < Date.parse(at) - clocks)
    return `it is there since ${found.createdAt}, before the drill began`;
  const stack = known(found.id) ?? known(found.name);
  return stack === undefined ? undefined : `the stack ${stack} knows it`;
}

/**
 * All that the stacks of the project have in their states, and this one in its settings.
 *
 * @throws UserError when one cannot be read: then nothing may be deleted, so nothing is begun
 */
export async function knownIn(
  workspace: Workspace,
  stack: string,
  settings: Readonly<Record<string, string>>,
): Promise<Known> {
  const texts = new Map([[stack, Object.values(settings).join("\n")]]);
  for (const { name } of await workspace.list()) {
    const { resources } = await workspace
      .stack(name)
      .state()
      .catch((error: Error) => {
        throw new UserError(
          `${name}: its state cannot be read, so nobody knows what is this stack's: ${error.message}. Nothing was begun`,
        );
      });
    texts.set(name, `${texts.get(name) ?? ""}\n${JSON.stringify(resources)}`);
  }
  return (word) => [...texts].find(([, text]) => text.includes(word))?.[0];
}
