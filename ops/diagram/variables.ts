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
  const parts = services.flatMap(({ name, variables }, service) =>
    grouped(variables, ownerOf).map((part) => {
      const owner = ownerOf(part[0]);
      const title = owner === undefined ? `only of ${name}` : undefined;
      const from = [...new Set(part.flatMap((variable) => variable.from))].sort();
      const hasSecret = part.some(({ value }) => isSecret(value));
      return { service, is: { owner, title, lines: linesOf(part), hasSecret, from } };
    }),
  );
  // What two services get of one database is the same unless it comes from elsewhere.
  return grouped(parts, ({ is }) => JSON.stringify(is)).map((same) => ({
    ...same[0].is,
    services: same.map(({ service }) => service),
  }));
}

const ownerOf = ({ name }: PlannedVariable): Owner | undefined =>
  Object.hasOwn(contract, name) ? contract[name as VariableName].owner : undefined;

function linesOf(variables: readonly PlannedVariable[]): string[] {
  const lines = variables.map(({ name, value }) => (isSecret(value) ? `${name} (secret)` : name));
  return lines.length <= most ? lines : [...lines.slice(0, most), `and ${lines.length - most} more`];
}

/** Items that have the same key, in the order in which the keys first come. */
export function grouped<T>(items: readonly T[], keyOf: (item: T) => unknown): [T, ...T[]][] {
  const groups = new Map<unknown, [T, ...T[]]>();
  for (const item of items) {
    const known = groups.get(keyOf(item));
    if (known === undefined) groups.set(keyOf(item), [item]);
    else known.push(item);
  }
  return [...groups.values()];
}
