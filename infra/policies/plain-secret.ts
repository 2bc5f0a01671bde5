import { contract } from "../contract.ts";
import { at } from "../resources.ts";
import { suspicion } from "../suspicion.ts";
import { type Finding, isSecret, isUnknown, levels, type Policy } from "./model.ts";

export const plainSecret: Policy = {
  id: "plain-secret",
  title: "Secret in a plain variable",
  why: "A plain variable stands in the stack file, in the state, in every preview and in this repository for ever.",
  checks:
    "Variables of services and env groups that are not marked secret: by name (PASSWORD, TOKEN, API_KEY …), by form (a URL with a password, a private key, a vendor's key) and by entropy. A variable of the contract that is secret has to be marked.",
  fix: "Rotate it, then move it from variables to secrets: pulumi config set --secret --path 'kairos:backend[0].secrets.NAME'.",
  level: levels("mandatory", "mandatory", "advisory"),
  resource: ({ type, inputs }) => {
    if (!type.startsWith("render:")) return [];
    const variables = at(inputs, "envVars");
    if (isSecret(variables)) return [];
    if (isUnknown(variables)) return [{ unknown: "the variables" }];
    if (typeof variables !== "object" || variables === null) return [];
    return Object.entries(variables).flatMap(([name, entry]) => variable(name, entry));
  },
};

function variable(name: string, entry: unknown): Finding[] {
  const value = isSecret(entry) ? entry : at(entry, "value");
  if (isSecret(value)) return [];
  if (name in contract)
    return contract[name as keyof typeof contract].secret
      ? [{ message: `${name} is not marked secret` }]
      : [];
  if (isUnknown(value)) return [{ unknown: `the value of ${name}` }];
  const reason = suspicion(name, String(value ?? ""));
  return reason === undefined ? [] : [{ message: `${name} is plain, and ${reason}` }];
}
