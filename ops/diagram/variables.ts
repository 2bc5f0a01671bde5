/** The variables of a plan in as few boxes as tell the truth. */
import { contract, type Owner, type VariableName } from "../../infra/contract.ts";
import { isSecret, type Plan, type PlannedVariable } from "../plan/model.ts";

/** Variables that belong together, and the services that get all of them. */
export interface VariableGroup {
  /** Whose they are, where it is not one of the databases. */
  title: string | undefined;
  /** A name, with the word `secret` behind it where it is one. */
  lines: string[];
  hasSecret: boolean;
  /** Names of the resources that they are made of; `settings` for the stack file. */
  from: string[];
  /** Indices into the plan's services. */
  services: number[];
}

/** Of more variables than this, the rest is a number. */
const most = 12;

/** Boxes in the order of the contract, each service's own variables last. */
export function variableGroups({ services }: Plan): VariableGroup[] {
  const groups = new Map<string, VariableGroup>();
  for (const [index, { name, variables }] of services.entries())
    for (const [owner, part] of byOwner(variables)) {
      const title = owner === undefined ? `only of ${name}` : undefined;
      const from = [...new Set(part.flatMap((variable) => variable.from))].sort();
      const lines = linesOf(part);
      // What two services get of one database is the same unless it comes from elsewhere.
      const key = JSON.stringify([owner, title, lines, from]);
      const known = groups.get(key);
      if (known !== undefined) known.services.push(index);
      else
        groups.set(key, {
          title,
          lines,
          hasSecret: part.some(({ value }) => isSecret(value)),
          from,
          services: [index],
        });
    }
  return [...groups.values()];
}

function byOwner(variables: readonly PlannedVariable[]): Map<Owner | undefined, PlannedVariable[]> {
  const parts = new Map<Owner | undefined, PlannedVariable[]>();
  for (const variable of variables) {
    const known: { owner: Owner } | undefined = Object.hasOwn(contract, variable.name)
      ? contract[variable.name as VariableName]
      : undefined;
    parts.set(known?.owner, [...(parts.get(known?.owner) ?? []), variable]);
  }
  return parts;
}

function linesOf(variables: readonly PlannedVariable[]): string[] {
  const lines = variables.map(({ name, value }) => (isSecret(value) ? `${name} (secret)` : name));
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}
