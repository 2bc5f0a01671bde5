import { json } from "../terminal/output.ts";
import type { Item, Subject } from "./groups.ts";

/** A JSON Schema of the environment. Variables are texts; what is none of the contract's is not looked at. */
export function jsonSchema({ groups }: Subject, line: string): string {
  const items = groups.flatMap((group) => group.items);
  const optional = groups.filter(({ isMandatory }) => !isMandatory).map((group) => namesOf(group.items));
  return json({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $comment: `Written by ${line}; changes by hand are lost.`,
    title: "What Kaïros' databases give the backend",
    type: "object",
    properties: Object.fromEntries(items.map((item) => [item.name, property(item)])),
    required: groups.filter(({ isMandatory }) => isMandatory).flatMap((group) => namesOf(group.items)),
    // Of a database all of them, or none.
    ...(optional.length > 0 && {
      dependentRequired: Object.fromEntries(
        optional.flatMap((names) => names.map((name) => [name, names.filter((one) => one !== name)])),
      ),
    }),
  });
}

const namesOf = (items: readonly Item[]) => items.map(({ name }) => name);

const property = ({ owner, secret, description, range }: Item) => ({
  type: "string",
  description: description.en,
  ...(range === undefined ? { minLength: 1 } : { pattern: "^\\d+$" }),
  ...(secret && { writeOnly: true }),
  "x-owner": owner,
});
