/**
 * What a changed setting means to a resource that exists: the vendors' rules, one row each, as infra/facts has them. The
 * program's refusals (protection/) and the plan's words read the same table.
 */
import { at, type KindName, kindOf, kinds } from "./resources.ts";
import { type Facts, facts, wordsOf } from "./settings/vendors.ts";

/** `two steps`: each of them is allowed, the whole is not. */
export type Outcome = "allowed" | "refused" | "loses data" | "two steps";

/** A rule of a vendor. Of the rows that fit a change the first one holds; what fits none is allowed. */
export interface Transition {
  kind: KindName;
  /** Below `kairos:`; one of a service is the same for each. */
  setting: string;
  /** `plan` and `region` as resources.ts reads them; anything else is a path in the resource. */
  property: string;
  /** The values from small to large; without, they are numbers. */
  order?: readonly string[];
  /** Patterns that the values before and after have to match, and the plan after. */
  from?: string;
  to?: string;
  tier?: string;
  /** `skips`: past the next one. */
  direction?: "up" | "down" | "skips";
  /** What lifts the rule where the resource has it: a path in it. */
  unless?: string;
  outcome: Outcome;
  /** The vendor's rule, in words; without, nobody can change it. */
  rule: string;
  /** What leads there all the same. */
  instead?: string;
  source: string;
  day: string;
}

/** Every rule. */
export const transitions: readonly Transition[] = Object.values(facts).flatMap((vendor) =>
  (vendor.changes as (Partial<Transition> & { order?: string })[]).map((row) => ({
    rule: "no vendor can change it",
    ...vendor.changeSources,
    ...row,
    ...(row.order !== undefined && {
      order: wordsOf((vendor.tables as Record<string, Facts>)[row.order] as Facts),
    }),
  })),
) as Transition[];

/** A change of one property, with the rule that it falls under. */
export interface Judged extends Transition {
  before: unknown;
  after: unknown;
}

/**
 * The changes of a resource that a vendor has a rule for, data loss first.
 *
 * @param before @param after the value of a row's property; undefined where it is not known or not set
 */
export function judge(
  type: string,
  before: (row: Transition) => unknown,
  after: (row: Transition) => unknown,
): Judged[] {
  const rows = transitions.filter(({ kind }) => kinds[kind].type === type);
  const plan = rows.find(({ property }) => property === "plan");
  const tier = String(plan && after(plan));
  return [...new Set(rows.map(({ property }) => property))]
    .flatMap((property) => {
      const candidates = rows.filter((row) => row.property === property);
      const [first] = candidates as [Transition];
      const [was, is] = [before(first), after(first)];
      if (!isPlain(was) || !isPlain(is) || was === is) return [];
      const lifted = ({ unless, ...row }: Transition) =>
        unless !== undefined && before({ ...row, property: unless }) !== undefined;
      const row = candidates.find((one) => fits(one, was, is, tier) && !lifted(one));
      return row === undefined ? [] : [{ ...row, before: was, after: is }];
    })
    .sort((a, b) => rank(a) - rank(b));
}

const rank = ({ outcome }: Transition) => ["loses data", "refused", "two steps", "allowed"].indexOf(outcome);
type Plain = string | number | boolean;
const isPlain = (value: unknown): value is Plain => ["string", "number", "boolean"].includes(typeof value);

function fits(
  { from = "", to = "", tier = "", direction, order }: Transition,
  was: Plain,
  is: Plain,
  plan: string,
): boolean {
  if (!new RegExp(from).test(String(was)) || !new RegExp(to).test(String(is)) || !new RegExp(tier).test(plan))
    return false;
  if (direction === undefined) return true;
  const place = (value: Plain) => (order === undefined ? Number(value) : order.indexOf(String(value)));
  const [start, end] = [place(was), place(is)];
  if (start < 0 || end < 0) return false;
  return { up: end > start, down: end < start, skips: end > start + 1 }[direction];
}

/** What a resource's inputs or outputs have at a row's property. */
export function valueIn(
  properties: Readonly<Record<string, unknown>>,
  { kind, property }: Transition,
): unknown {
  if (property === "plan" || property === "region")
    return kindOf(kinds[kind].type)?.[property]?.of(properties);
  return at(properties, ...property.split("."));
}
