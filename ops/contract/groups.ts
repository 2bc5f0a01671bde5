/** The contract as the backend meets it: one group of variables for each database. */
import { contract, type Owner, ownerNames, type Variable, type VariableName } from "../../infra/contract.ts";
import { plannedFrom } from "../recap/facts.ts";

/** One variable, with the value that the settings give it; a secret's, or a vendor's, is not known. */
export interface Item extends Variable {
  name: VariableName;
  value: string | undefined;
}

/** The variables of one database. They are there all together, or not at all. */
export interface Group {
  owner: Owner;
  /** `MongoDB`. */
  title: string;
  isMandatory: boolean;
  items: Item[];
}

/** What a file is made of. */
export interface Subject {
  /** Undefined: of every stack. */
  stack: string | undefined;
  groups: Group[];
  /** What the URL asks MongoDB's driver to compress with, if anything. */
  compressors: readonly string[];
}

/** Of every stack: the databases that not each of them has are optional. */
export const ofEveryStack = (): Subject => ({
  stack: undefined,
  groups: groupsWith(
    () => true,
    ({ mandatory }) => mandatory === "always",
  ),
  compressors: [],
});

/** Of one stack: what it has is mandatory. @throws UserError when its settings have problems */
export async function ofStack(root: string, stack: string): Promise<Subject> {
  const { settings, variables } = await plannedFrom(root, stack);
  const known = (name: VariableName) => {
    const value = variables[name];
    // In angle quotes stands what only a vendor knows.
    return typeof value === "string" && !/[‹<]/.test(value) ? value : undefined;
  };
  const has = ({ name }: Item) => name in variables;
  return {
    stack,
    groups: groupsWith(has, () => true, known),
    compressors: settings.mongodb.driver.compressors,
  };
}

function groupsWith(
  has: (item: Item) => boolean,
  isMandatory: (item: Item) => boolean,
  known: (name: VariableName) => string | undefined = () => undefined,
): Group[] {
  const names = Object.keys(contract) as VariableName[];
  const items = names.map((name): Item => ({ ...contract[name], name, value: known(name) })).filter(has);
  return (Object.keys(ownerNames) as Owner[]).flatMap((owner) => {
    const own = items.filter((item) => item.owner === owner);
    return own.length === 0
      ? []
      : [{ owner, title: ownerNames[owner], isMandatory: own.every(isMandatory), items: own }];
  });
}
