/** The values of the contract's variables as outputs. Apart from the table, which is read where no SDK is loaded. */
import * as pulumi from "@pulumi/pulumi";
import {
  assigned,
  type ContractDatabases,
  type ContractValues,
  contract,
  type VariableName,
} from "./contract.ts";

/** The environment of the backend: one value for each variable of the contract whose database is on. */
export const contractValues = (databases: ContractDatabases): ContractValues => marked(assigned(databases));

/** Adds a service's own variables. Settings have already refused a name that is defined twice. */
export function withExtras(
  variables: ContractValues,
  plain: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): ContractValues {
  const wrap = (values: Readonly<Record<string, string>>, mark: (value: string) => pulumi.Output<string>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mark(value)]));
  return {
    ...variables,
    ...wrap(plain, (value) => pulumi.output(value)),
    ...wrap(secrets, (value) => pulumi.secret(value)),
  };
}

/**
 * Marks what the contract calls secret, and takes the mark off the rest: a host name read out of a secret
 * connection string is no secret, and reviewers want to see it change.
 */
function marked(values: Partial<Record<VariableName, pulumi.Input<string>>>): ContractValues {
  const entries = Object.entries(values) as [VariableName, pulumi.Input<string>][];
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      contract[name].secret ? pulumi.secret(value) : pulumi.unsecret(pulumi.output(value)),
    ]),
  );
}
