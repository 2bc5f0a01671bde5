/** One database: planned, checked, both or neither; and what may be shown of its variables. */
import { contract, type VariableName } from "../../infra/contract.ts";
import type { DatabaseBackups } from "../backups/model.ts";
import { isSecret, isUnknown, type Value } from "../plan/model.ts";
import type { HealthState, Status } from "../status/model.ts";
import type { DatabaseName } from "../status/place.ts";
import type { Facts } from "./facts.ts";
import { judging, type Mark, markOf, marks, type Seen, yesOrNo } from "./seen.ts";

/** What is shown of a variable's value. */
type Shown =
  | { kind: "value"; text: string }
  | { kind: "secret" | "host" | "known-after-up" | "unset" | "missing" | "invalid" | "hidden" };

export interface Database<D extends DatabaseName = DatabaseName> {
  name: D;
  /** As it is written in every language. */
  title: string;
  mandatory: boolean;
  /** Whether the stack's settings turn it on. */
  planned: boolean;
  /** What it answered; undefined where nobody asked. */
  checked: Status["databases"][D] | undefined;
  /** Without a check the settings say whether it is `off`. */
  state: HealthState | "unchecked";
  mark: Mark;
  off: boolean;
  connected: Seen<{ yes: boolean }>;
  variables: { name: VariableName; shown: Shown; set: Seen }[];
  /** Whether all its variables are set to something usable. */
  complete: boolean;
  /** What its vendor has of it; undefined where nobody asked. */
  backups: (DatabaseBackups & { mark: Mark }) | undefined;
}

const titles: Record<DatabaseName, string> = { mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" };

export function databaseOf<D extends DatabaseName>(name: D, planned: boolean, facts: Facts): Database<D> {
  const checked = facts.status?.databases[name];
  const state = checked?.state ?? (planned ? "unchecked" : "off");
  const off = state === "off";
  const saved = facts.status?.backups?.find(({ database }) => database === name);
  const names = (Object.keys(contract) as VariableName[]).filter((one) => contract[one].owner === name);
  const mandatory = names.some((variable) => contract[variable].mandatory === "always");
  const variables = names.map((variable) => ({
    name: variable,
    shown: shown(variable, facts),
    set: judging(off)(facts.status && liveOf(variable, facts)?.state === "set", yesOrNo),
  }));
  // Where the variables are no good nobody has tried to connect.
  const asked = checked && checked.problem?.stage !== "variables" && { yes: checked.facts.connected };
  return {
    name,
    title: titles[name],
    mandatory,
    planned,
    checked,
    state,
    mark: markOf[state],
    off,
    connected: off
      ? { mark: mandatory ? marks.bad : marks.note, yes: false }
      : judging(off)(asked || undefined, ({ yes }) => ({ ...yesOrNo(yes), yes })),
    variables,
    backups: saved && { ...saved, mark: markOf[saved.state] },
    complete: variables.every((variable) => !/unset|missing|invalid|hidden/.test(variable.shown.kind)),
  };
}

const liveOf = (name: VariableName, { status }: Facts) =>
  status?.contract.find((variable) => variable.name === name);

/** What a backend has, where somebody looked; else what the stack would give it. */
function shown(name: VariableName, facts: Facts): Shown {
  const live = liveOf(name, facts);
  const planned = facts.planned.variables[name];
  if (live !== undefined && live.state !== "set") return { kind: live.state };
  if (live === undefined && planned === undefined) return { kind: "unset" };
  if (contract[name].secret) return { kind: "secret" };
  if (name === "POSTGRES_HOST" && !facts.showHosts) return { kind: "host" };
  return live === undefined ? plannedValue(planned ?? null) : usable(live.value ?? "");
}

function plannedValue(value: Value): Shown {
  if (isSecret(value)) return { kind: "secret" };
  if (isUnknown(value) || typeof value !== "string" || value.includes("‹")) return { kind: "known-after-up" };
  return usable(value);
}

/** A whole URL in the place of one of its parts brings its password along. */
const usable = (value: string): Shown =>
  /:\/\/|@/.test(value) ? { kind: "hidden" } : { kind: "value", text: value };
