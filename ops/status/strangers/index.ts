/** What was added beside a stack. Asks the vendors, changes nothing, and names nothing that a stack of the project knows. */
import { UserError } from "../../../engine/errors.ts";
import { givenSettings, type Settings } from "../../../infra/settings/index.ts";
import { schemaOf } from "../../../infra/settings/rules.ts";
import { type AccountOptions, Accounts, OpenStack } from "../../accounts.ts";
import type { StackState } from "../../rotate/state.ts";
import { type Around, announcedIn, aroundOf, isOfStack } from "./around.ts";
import { type Candidate, type Row, rows } from "./kinds.ts";
import type { Stranger, StrangersStatus } from "./model.ts";
import { traceOf } from "./trail.ts";

type Found = Candidate & { row: Row };

/**
 * Looks beside a stack. A vendor that does not answer, or forbids it, is one line of what it returns.
 *
 * The states of the other stacks are read, and Atlas is asked who it was, only where something is left to explain.
 *
 * @throws UserError where the stack's own state or settings cannot be read
 */
export async function strangersBeside(
  { workspace, name: own, ...opened }: OpenStack,
  options?: AccountOptions,
): Promise<StrangersStatus> {
  const [values, state, stacks] = await Promise.all([opened.values(), opened.state(), workspace.list()]);
  return lookedAround(aroundOf(state, settingsIn(values, own)), state, {
    accounts: new Accounts(values, options),
    others: stacks.map(({ name }) => name).filter((name) => name !== own),
    stateOf: (name) => new OpenStack(workspace, name).state(),
  });
}

/** What a look needs beside the stack's own. */
export interface LookContext {
  accounts: Accounts;
  /** Names of the project's other stacks. */
  others: readonly string[];
  /** The state of one of them. @throws UserError when it cannot be read */
  stateOf: (name: string) => Promise<StackState>;
}

/** The look itself; exported for its test. */
export async function lookedAround(
  around: Around,
  state: StackState,
  { accounts, others, stateOf }: LookContext,
): Promise<StrangersStatus> {
  const listed = await Promise.all(
    rows.map(async (row): Promise<Found[] | string> => {
      const meant = new Set(row.meant?.(around, state));
      const all = await row.list(accounts, around).catch(why);
      return typeof all === "string"
        ? all
        : all.filter(({ key }) => !meant.has(key)).map((one) => ({ ...one, row }));
    }),
  );
  const refused = rows.flatMap((row, index) => {
    const reason = listed[index];
    return typeof reason === "string" ? [{ ...row, reason }] : [];
  });
  // Whoever has a key to put right hears of it once for each vendor.
  const silent = [...new Set(refused.map(({ vendor }) => vendor))];
  const lines = silent.map((vendor) => {
    const its = refused.filter((one) => one.vendor === vendor);
    return `${its[0]?.reason}. Not looked for: ${[...new Set(its.map(({ kind }) => kind))].join(", ")}`;
  });
  let left = listed.flatMap((all) => (typeof all === "string" ? [] : all)).filter(isNobodysIn(state));
  const { known } = around.settings;
  const isKnown = ({ row, name, id }: Found) =>
    known.some((one) => one.kind === row.kind && [name, id].includes(one.name));
  const there = left.filter(isKnown);
  left = left.filter((one) => !isKnown(one) && !(one.row.isByName && isOfStack(one.name, others)));
  // One after another: each is a process of the CLI.
  for (const name of others) {
    if (left.length === 0) break;
    const other = await stateOf(name).catch(why);
    if (typeof other === "string") lines.push(`stack ${name}: ${other}`);
    else left = left.filter(isNobodysIn(other));
  }
  const found = await Promise.all(left.map((one) => explained(one, around, accounts, lines)));
  const isBlind = silent.includes("MongoDB Atlas") && silent.includes("Render");
  return {
    state: found.length > 0 ? "warning" : isBlind ? "unchecked" : "well",
    found: found.sort((a, b) => Number(b.everybody ?? false) - Number(a.everybody ?? false)),
    unseen: [...new Set(lines)],
    gone: known.flatMap(({ kind, name }, index) => {
      const wasAsked = refused.every((row) => row.kind !== kind);
      const isThere = there.some(
        ({ row, name: other, id }) => row.kind === kind && [other, id].includes(name),
      );
      return wasAsked && !isThere ? [{ index, kind, name }] : [];
    }),
  };
}

/** Whether a state has nothing to do with something, nor has announced it. */
function isNobodysIn(state: StackState): (one: Found) => boolean {
  const keys = new Map(
    rows.map((row) => {
      const made = state.all(...row.types).map(({ id, outputs = {} }) => row.key?.(outputs) ?? String(id));
      return [
        row,
        new Set([...made, ...(row.kind === "service" ? state.services().map(({ id }) => id) : [])]),
      ];
    }),
  );
  const announced = new Set(announcedIn(state));
  return ({ row, key, name }) =>
    !keys.get(row)?.has(key) && !row.types.some((type) => announced.has(`${type} ${name}`));
}

/** As people are told of it: with who and when, where the vendor says it. */
async function explained(
  { row, key: _, ...one }: Found,
  { project }: Around,
  accounts: Accounts,
  unseen: string[],
): Promise<Stranger> {
  const stranger: Stranger = { kind: row.kind, vendor: row.vendor, ...one };
  if (row.made === undefined || project === undefined) return stranger;
  try {
    const trace = await traceOf(accounts.atlas, project.id, row.made(stranger), accounts.ownAtlasKey);
    return { ...stranger, ...trace };
  } catch (error) {
    unseen.push(`who it was is not told: ${why(error)}`);
    return stranger;
  }
}

function settingsIn(values: Readonly<Record<string, string>>, stack: string): Settings {
  const { data, success } = schemaOf(stack).safeParse(givenSettings({ values, isSecret: () => true }));
  if (success) return data;
  throw new UserError(
    `Pulumi.${stack}.yaml has problems, so nobody can say what is known beside it; npx kairos plan --stack ${stack} names them`,
  );
}

function why(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
