/**
 * The JSON Schema of a stack file, docs/reference/stack-file.schema.json, from the settings themselves. The first line of
 * each stack file names it, and editors complete, explain and underline by it. It knows keys, words and forms; how one
 * setting binds another is for `npx kairos plan` to say.
 *
 * `errorMessage` is no JSON Schema: the YAML language server shows it in place of its own words.
 */
import { z } from "zod";
import { credentialKeys } from "../../infra/settings/credentials.ts";
import { ignoredIn } from "../../infra/settings/defaults.ts";
import { alternatives, type ValueHint } from "../../infra/settings/kinds.ts";
import { sections } from "../../infra/settings/schema.ts";
import { stageDefaults } from "../../infra/settings/stages.ts";
import { remarkOn, remarks } from "./remarks.ts";

/** As much of JSON Schema as is used here. */
interface JsonSchema {
  type?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean;
  items?: JsonSchema;
  /** As zod has shapes that a word tells apart; {@link Finisher} makes conditions of them. */
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  if?: JsonSchema;
  then?: JsonSchema;
  else?: JsonSchema;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  errorMessage?: string;
}

/** The whole file, as text. */
export async function stackFileSchema(): Promise<string> {
  const finisher = new Finisher(await remarks());
  const { properties = {}, required = [] } = finisher.finished(schemaOf(z.strictObject(sections)));
  const ofKairos = (name: string) => `kairos:${name}`;
  // `pulumi config set` puts every number in quotes that is a whole setting.
  const settings = Object.entries(properties).map(([name, one]) => [
    ofKairos(name),
    one.type === "integer" ? { ...one, type: ["integer", "string"], pattern: "^\\d+$" } : one,
  ]);
  const account = (isSecret: boolean) => (isSecret ? secret : { anyOf: [{ type: "string" }, secret] });
  const accounts = [...credentialKeys].map(([key, isSecret]) => [key, account(isSecret)]);
  const schema = {
    $schema: "http://json-schema.org/draft-07/schema#",
    $comment: "Written by npm run docs; changes by hand are lost.",
    title: "Stack file of Kaïros' databases",
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries([...settings, ...accounts]),
        required: required.map(ofKairos),
        // What else there is belongs to a provider, or to Pulumi.
        patternProperties: { "^(?!kairos:)[^:]+:.": true },
        additionalProperties: false,
      },
      // Pulumi's own: https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
      secretsprovider: { type: "string" },
      encryptedkey: { type: "string" },
      encryptionsalt: { type: "string" },
      environment: true,
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** What Pulumi writes in place of a secret. */
const secret: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
  errorMessage: "Expected an encrypted value, as pulumi config set --secret writes it.",
};

/** A part of the settings, as a stack file has it. */
const schemaOf = (part: z.ZodType) =>
  z.toJSONSchema(part, {
    target: "draft-7",
    io: "input",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => complete(zodSchema, jsonSchema as JsonSchema),
  }) as JsonSchema;

const condition = (test: JsonSchema, then: JsonSchema, otherwise?: JsonSchema): JsonSchema => ({
  if: test,
  then,
  ...(otherwise && { else: otherwise }),
});

/** Says what zod cannot: shapes that a function tells apart, values of owners, secrets, and what was expected. */
function complete(zodSchema: z.core.$ZodType, schema: JsonSchema): void {
  const either = alternatives.get(zodSchema);
  if (either !== undefined)
    Object.assign(schema, {
      type: "object",
      properties: { [either.key]: {} },
      ...condition(
        { type: "object", required: [either.key] },
        schemaOf(either.having),
        schemaOf(either.lacking),
      ),
    });
  const [issue] = z.safeParse(zodSchema, Symbol("nothing that a setting can be")).error?.issues ?? [];
  const about = issue?.code === "custom" ? (issue.params?.about as ValueHint | undefined) : undefined;
  if (about?.secret === true) Object.assign(schema, secret);
  // What its owner has not filled in yet is no mistake: the plan names it.
  else if (about !== undefined)
    Object.assign(schema, { type: "string", pattern: `${schema.pattern}|^<[^<>]*>$` });
  const saysItself = schema.enum !== undefined || schema.const !== undefined;
  const words = issue === undefined || issue.message.startsWith("Invalid input") ? undefined : issue.message;
  if (/^(string|number|integer|boolean)$/.test(schema.type ?? "") && !saysItself && words !== undefined)
    schema.errorMessage = `Expected ${words}.`;
}

/**
 * Puts in what the settings' comments say, and does not ask for what a stage gives. Of shapes that a word tells apart it
 * makes conditions: with `oneOf` an editor guesses which one was meant, and underlines what is right.
 */
class Finisher {
  constructor(private readonly told: ReadonlyMap<string, string>) {}

  /** @param variant `upstash`, where the setting belongs to one provider of Redis only */
  finished({ oneOf, ...schema }: JsonSchema, path: readonly string[] = [], variant = ""): JsonSchema {
    const inner = Object.entries(schema.properties ?? {}).map(
      ([key, one]) => [key, this.finished(one, [...path, key], variant)] as const,
    );
    const properties = Object.fromEntries(inner);
    const isAskedFor = (key: string) => !isGiven([...path, key].join("."), variant, properties[key]);
    const description = remarkOn(this.told, path.join("."), variant);
    return {
      ...schema,
      ...(description !== "" && { description }),
      ...(schema.properties && { properties }),
      ...(schema.required && { required: schema.required.filter(isAskedFor) }),
      ...(schema.items && { items: this.finished(schema.items, path, variant) }),
      ...(schema.then &&
        condition(
          schema.if ?? {},
          this.finished(schema.then, path, variant),
          schema.else && this.finished(schema.else, path, variant),
        )),
      ...(oneOf && this.byWord(oneOf, path)),
    };
  }

  private byWord(shapes: readonly JsonSchema[], path: readonly string[]): JsonSchema {
    const { properties = {} } = shapes[0] ?? {};
    const word = Object.keys(properties).find((key) => properties[key]?.const !== undefined) ?? "";
    const words = shapes.map((shape) => shape.properties?.[word]?.const);
    const keys = shapes.flatMap((shape) => Object.keys(shape.properties ?? {}));
    const conditions = shapes.map((shape, index) => {
      const whole = this.finished(shape, path, String(words[index]));
      const given = Object.fromEntries([...keys.map((key) => [key, ""]), [word, words[index]]]);
      // Of a database that is off.
      const kept = ignoredIn({ [path.join(".")]: given }).flatMap(([, names]) => names);
      const others = Object.fromEntries(kept.map((name) => [name, {}]));
      const chosen = { properties: { [word]: { const: words[index] } }, required: [word] };
      return condition(chosen, { ...whole, properties: { ...whole.properties, ...others } });
    });
    return {
      type: "object",
      properties: { [word]: { enum: words } },
      required: [word],
      allOf: conditions,
    };
  }
}

/** Whether a stack may leave a setting to its stage, or a group to which only such settings belong. */
function isGiven(name: string, variant: string, schema: JsonSchema | undefined): boolean {
  const isEmpty = schema?.properties !== undefined && (schema.required ?? []).length === 0;
  return stageDefaults.some(
    ({ setting, providers }) =>
      (setting === name && providers?.includes(variant) !== false) ||
      (isEmpty && setting.startsWith(`${name}.`)),
  );
}
