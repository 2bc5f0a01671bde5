/** Whether a preview holds what the next step of a rotation does, and nothing else. */
import { changedProperties, logicalName, type Metadata } from "../../engine/cli/events.ts";
import { contract, type VariableName } from "../../infra/contract.ts";
import { holdsData, kindOf, types } from "../../infra/resources.ts";
import { type Rotatable, recordName } from "../../infra/rotation/record.ts";

/** One step of a preview. */
export interface PlannedStep {
  /** `create`, `update`, `delete`, `replace`, `same`, … as the engine says it. */
  op: string;
  type: string;
  /** Logical name. */
  name: string;
  /** Paths of the properties that differ. */
  diff: readonly string[];
}

/** What is wrong with a plan. */
export interface Judgement {
  /** Steps that would delete or replace a database. */
  fatal: PlannedStep[];
  /** Steps that have nothing to do with this rotation. */
  others: PlannedStep[];
  /** The rest: what the rotation does. */
  expected: PlannedStep[];
}

const idle = new Set(["same", "read", "refresh"]);

/** @param numbers of the credentials that the rotation is about, the old one and the new one */
export function judge(
  database: Rotatable,
  numbers: readonly number[],
  steps: readonly PlannedStep[],
): Judgement {
  const judgement: Judgement = { fatal: [], others: [], expected: [] };
  const imported = new Set(steps.filter(({ op }) => op === "import").map(({ name }) => name));
  for (const step of steps) {
    if (idle.has(step.op) || /^(pulumi:pulumi:Stack$|pulumi:providers:|kairos:)/.test(step.type)) continue;
    const gone = !["create", "update", "import"].includes(step.op);
    if (gone && holdsData(step.type)) judgement.fatal.push(step);
    else if (isExpected(database, numbers, step, imported)) judgement.expected.push(step);
    else judgement.others.push(step);
  }
  return judgement;
}

function isExpected(
  database: Rotatable,
  numbers: readonly number[],
  { op, type, name, diff }: PlannedStep,
  imported: ReadonlySet<string>,
): boolean {
  if (kindOf(type)?.section === "backend")
    return op === "update" && diff.every((path) => isVariable(database, path));
  if (type === "pulumi:index:Stash" && ["create", "update"].includes(op))
    if (name === recordName(database) || name === "creations" || name.endsWith("-deployed")) return true;
  // The login of a restored Postgres has its id behind the number.
  const credential = new RegExp(`^${database}-(?:user|password|login)(?:-(\\d+))?(?:-dpg-[a-z0-9-]+)?$`).exec(
    name,
  );
  if (credential !== null) {
    if (!numbers.includes(Number(credential[1] ?? 1))) return false;
    // Nothing of a credential is changed or replaced in place: whoever uses it would be locked out. One that is
    // imported in the same run was made by an interrupted one that told no service of it: nobody uses it yet.
    return ["create", "import", "delete"].includes(op) || (op === "update" && imported.has(name));
  }
  return (
    database === "redis" &&
    type === types.redisCloud &&
    op === "update" &&
    diff.every((path) => path === "password")
  );
}

/** `envVars`, or one of the database's own variables below it. */
function isVariable(database: Rotatable, path: string): boolean {
  const variable = /^envVars(?:\.(\w+)|\["([^"]+)"\]|$)/.exec(path);
  if (variable === null) return false;
  const name = variable[1] ?? variable[2];
  return name === undefined || contract[name as VariableName]?.owner === database;
}

/** In words, for people: `update kairos-backend (webService): plan`. */
export const stepText = ({ op, type, name, diff }: PlannedStep) =>
  `${op} ${name} (${type.split(":").at(-1)})${diff.length === 0 ? "" : `: ${diff.join(", ")}`}`;

/** A step in short. */
export const plannedStep = (step: Metadata): PlannedStep => ({
  op: step.op,
  name: logicalName(step.urn),
  type: step.type,
  diff: differences(step),
});

/**
 * Paths of the inputs that differ. The engine's own reasons name computed properties, too, whenever anything differs;
 * so they count only where a secret hides whether there is a difference. Of variables those are named whose difference
 * can be seen.
 */
function differences(step: Metadata): string[] {
  const reasons = changedProperties(step);
  const [before, after] = [step.old?.inputs ?? {}, step.new?.inputs ?? {}];
  const hidden = reasons.filter((name) => JSON.stringify([before[name], after[name]]).includes("[secret]"));
  const paths = new Set([...changedKeys(before, after), ...hidden]);
  if (paths.has("envVars"))
    for (const name of changedKeys(before.envVars ?? {}, after.envVars ?? {})) paths.add(`envVars.${name}`);
  return paths.size > 0 ? [...paths] : reasons;
}

function changedKeys(before: object, after: object): string[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)));
}
