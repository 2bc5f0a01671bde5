import type { Item, Subject } from "./groups.ts";

/** An example of a .env file: every name, the values that the settings give, and none of a secret. */
export function dotenv({ groups }: Subject, line: string): string {
  const parts = groups.map(({ title, isMandatory, items }) =>
    [`# ${title}${isMandatory ? "" : ": all of it, or nothing"}`, ...items.flatMap(lines)].join("\n"),
  );
  return `${[`# Written by ${line}`, ...parts].join("\n\n")}\n`;
}

function lines({ name, value = "", secret, description }: Item): string[] {
  const quoted = /^[\p{L}\p{N}_./:@-]*$/u.test(value) ? value : JSON.stringify(value);
  return [`# ${description.en}${secret ? " (secret)" : ""}`, `${name}=${quoted}`];
}
