/** One database as a recap sees it: planned, checked, both or neither; and what may be shown of its variables. */
import { contract, type VariableName } from "../../infra/contract.ts";
import { isSecret, isUnknown, type Value } from "../plan/model.ts";
import type { DatabaseName, HealthState, Status } from "../status/model.ts";
import type { Facts } from "./facts.ts";
import type { Mark } from "./model.ts";

/** What is shown of a variable's value. */
export type Shown =
  | { kind: "value"; text: string }
  | { kind: "secret" | "host" | "known-after-up" | "unset" | "missing" | "invalid" | "hidden" };

/** One database. */
export interface View<D extends DatabaseName = DatabaseName> {
  name: D;
  mandatory: boolean;
  /** Whether the stack's settings turn it on. */
  planned: boolean;
  /** What it answered; undefined where nobody asked. */
  checked: Status["databases"][D] | undefined;
  /** Without a check the settings say whether it is `off`. */
  state: HealthState | "unchecked";
  mark: Mark;
  variables: { name: VariableName; shown: Shown }[];
}

export type Views = { [D in DatabaseName]: View<D> };

const marks: Record<View["state"], Mark> = {
  well: "good",
  warning: "warning",
  failed: "bad",
  off: "note",
  unchecked: "unchecked",
};

export const markOf = (state: View["state"]): Mark => marks[state];

/** All databases, in the seed's order. */
export function viewsOf(facts: Facts): Views {
  const { mongodb: _, postgres, redis } = facts.planned.settings;
  return {
    mongodb: viewOf("mongodb", true, facts),
    postgres: viewOf("postgres", postgres.enabled, facts),
    redis: viewOf("redis", redis.provider !== "none", facts),
  };
}

function viewOf<D extends DatabaseName>(name: D, planned: boolean, facts: Facts): View<D> {
  const checked = facts.status?.databases[name];
  const state = checked?.state ?? (planned ? "unchecked" : "off");
  const names = (Object.keys(contract) as VariableName[]).filter(
    (variable) => contract[variable].owner === name,
  );
  return {
    name,
    mandatory: names.some((variable) => contract[variable].mandatory === "always"),
    planned,
    checked,
    state,
    mark: marks[state],
    variables: names.map((variable) => ({ name: variable, shown: shown(variable, facts) })),
  };
}

/** What a backend has, where somebody looked; else what the stack would give it. */
function shown(name: VariableName, { status, planned, showHosts }: Facts): Shown {
  const live = status?.contract.find((variable) => variable.name === name);
  if (live !== undefined && live.state !== "set") return { kind: live.state };
  if (live === undefined && planned.variables[name] === undefined) return { kind: "unset" };
  if (contract[name].secret) return { kind: "secret" };
  if (name === "POSTGRES_HOST" && !showHosts) return { kind: "host" };
  return live === undefined ? plannedValue(planned.variables[name] ?? null) : text(live.value ?? "");
}

function plannedValue(value: Value): Shown {
  if (isSecret(value)) return { kind: "secret" };
  if (isUnknown(value) || typeof value !== "string" || value.includes("‹")) return { kind: "known-after-up" };
  return text(value);
}

/** A whole URL in the place of one of its parts brings its password along. */
const text = (value: string): Shown =>
  /:\/\/|@/.test(value) ? { kind: "hidden" } : { kind: "value", text: value };

/** A host name, or what stands for one. */
export const host = (name: string, placeholder: string, { showHosts }: Pick<Facts, "showHosts">): string =>
  showHosts ? name : placeholder;
