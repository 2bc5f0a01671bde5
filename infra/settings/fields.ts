/**
 * `with:`, the door for what a vendor's provider takes and no setting has: fields of the resource, in the provider's own
 * names and values, passed on as they are. What each resource takes is data with source and day, infra/facts/fields.json.
 */
import table from "../facts/fields.json" with { type: "json" };
import { type KindName, kinds } from "../resources.ts";
import { suspicion } from "../suspicion.ts";

/** Fields of a provider's resource, by the provider's own names. */
export type ProviderFields = Readonly<Record<string, unknown>>;

/** The kinds of resource that have the door. */
export type OpenKind = keyof typeof table & KindName;

/** Of each field its type; or why `with:` does not take it: a setting has it, or one of {@link reasons}. */
const fieldsOf = (kind: OpenKind): Readonly<Record<string, string>> => table[kind].fields;

const types = {
  text: { expected: "a text", is: (value: unknown) => typeof value === "string" },
  number: { expected: "a number", is: (value: unknown) => typeof value === "number" },
  flag: { expected: "true or false", is: (value: unknown) => typeof value === "boolean" },
  list: { expected: "a list", is: Array.isArray },
  group: {
    expected: "a group",
    is: (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value),
  },
} as const;
const typeOf = (word: string) => types[word as keyof typeof types] as (typeof types)["text"] | undefined;

const reasons: Readonly<Record<string, string>> = {
  stack: "nothing: the stack itself says it, and the rest of it relies on that",
  secret: "nothing: it holds a secret, and what is in with: is shown in plans and pull requests",
  dropped:
    "nothing: it is of Pay-As-You-Go databases, which Redis Cloud no longer makes, and its provider drops it without a word",
  risk: "nothing: it may lose data, and no plan can tell which",
};

/** The fields that `with:` takes of a kind of resource, each with its type in a word. */
export const openFields = (kind: OpenKind): [field: string, type: string][] =>
  Object.entries(fieldsOf(kind)).filter(([, word]) => typeOf(word) !== undefined);

/** What is wrong with a field; `secret`: its value must not be repeated. */
export interface FieldProblem {
  expected: string;
  secret: boolean;
}

/** @returns nothing when the field may stand in `with:` */
export function fieldProblem(kind: OpenKind, field: string, value: unknown): FieldProblem | undefined {
  const word = fieldsOf(kind)[field];
  if (word === undefined) {
    const open = openFields(kind).map(([name]) => name);
    return {
      expected: `a field of ${kinds[kind].title} that has no setting: one of ${open.join(", ")}`,
      secret: false,
    };
  }
  const type = typeOf(word);
  if (type === undefined)
    return {
      expected: reasons[word] ?? `nothing: the setting kairos:${word} has it`,
      secret: word === "secret",
    };
  if (!type.is(value)) return { expected: type.expected, secret: false };
  const why = texts(field, value)
    .map(([name, text]) => suspicion(name, text))
    .find((one) => one !== undefined);
  if (why === undefined) return undefined;
  return { expected: `nothing secret: ${why}, and with: is shown in plans and pull requests`, secret: true };
}

/** Every text in a value, under the name that is nearest to it. */
function texts(name: string, value: unknown): [string, string][] {
  if (typeof value === "string") return [[name, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(Array.isArray(value) ? name : key, inner));
}

const kindsByType = new Map<string, OpenKind>(
  (Object.keys(table) as OpenKind[]).map((kind) => [kinds[kind].type, kind]),
);

/** The field of `with:` that a property of a resource comes from; undefined where a setting or the program says it. */
export function fieldAt(type: string, path: string): string | undefined {
  const kind = kindsByType.get(type);
  const [field = ""] = path.split(/[.[]/);
  return kind !== undefined && typeOf(fieldsOf(kind)[field] ?? "") !== undefined ? field : undefined;
}

/** Of what a program leaves alone, what `with:` does not speak of: the one that it does is no longer somebody else's. */
export const leftAlone = (properties: readonly string[], given: ProviderFields): string[] =>
  properties.filter((property) => !Object.hasOwn(given, property));
