/** What the comments at the settings say, so that the reference repeats no sentence by hand. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseSync } from "vite";
import { root } from "../../ops/bundle.mjs";

const folder = path.join(root, "infra", "settings");

/** As much of a syntax tree as is looked at here; https://github.com/estree/estree */
interface Node {
  type: string;
  start: number;
  [field: string]: unknown;
}

/** A source with its comments. */
interface Source {
  text: string;
  comments: readonly { value: string; start: number; end: number }[];
}

/** Of each setting that has a comment: `mongodb.driver.timeout` and what it says, on one line. */
export async function remarks(): Promise<Map<string, string>> {
  const sections = (await readdir(path.join(folder, "sections"))).map((file) => path.join("sections", file));
  const found = new Map<string, string>();
  for (const file of [...sections, "schema.ts"]) {
    const text = await readFile(path.join(folder, file), "utf8");
    const { program, comments } = parseSync(file, text);
    const source = { text, comments };
    for (const statement of program.body as unknown as Node[]) {
      const declaration = (statement.declaration ?? statement) as Node;
      if (declaration.type !== "VariableDeclaration") continue;
      for (const declared of declaration.declarations as (Node & { id: { name: string } })[]) {
        const above = file.endsWith("common.ts") ? ["*", declared.id.name] : sectionOf(declared.id.name);
        collect(declared, above, source, found);
        note(statement, above, source, found);
      }
    }
  }
  return found;
}

/** The constant that holds a section is called like it, or as one of its items; `sections` holds them all. */
const sectionOf = (constant: string) =>
  ({ service: ["backend"], source: ["backend", "source"], imported: ["import"], sections: [] })[constant] ?? [
    constant,
  ];

/** @param variant `upstash`, where the setting belongs to one provider of Redis only */
function collect(
  node: Node,
  above: readonly string[],
  source: Source,
  found: Map<string, string>,
  variant = "",
): void {
  for (const child of childrenOf(node)) {
    const key = child.type === "Property" ? (child.key as Node & { name?: string }).name : undefined;
    const own = key === undefined ? above : [...above, key];
    if (key !== undefined) note(child, own, source, found, variant);
    collect(child, own, source, found, providerOf(child, source) ?? variant);
  }
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as Node).type === "string";

const childrenOf = (node: Node): Node[] => Object.values(node).flat().filter(isNode);

/** `upstash` of `{ provider: z.literal("upstash"), … }`. */
function providerOf(node: Node, { text }: Source): string | undefined {
  if (node.type !== "ObjectExpression") return undefined;
  const provider = childrenOf(node).find(
    ({ key }) => (key as { name?: string } | undefined)?.name === "provider",
  );
  return provider && /z\.literal\("(.+)"\)/.exec(text.slice(provider.start, provider.end as number))?.[1];
}

/** The comment stands right before what it is about. */
function note(
  node: Node,
  setting: readonly string[],
  { text, comments }: Source,
  found: Map<string, string>,
  variant = "",
): void {
  const comment = comments.find(
    ({ value, end }) =>
      value.startsWith("*") && end <= node.start && text.slice(end, node.start).trim() === "",
  );
  const key = keyOf(setting.join("."), variant);
  const words = comment?.value
    .replaceAll(/^\*|\n\s*\*/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  if (words !== undefined && !found.has(key)) found.set(key, words);
}

const keyOf = (setting: string, variant: string) => (variant === "" ? setting : `${setting} (${variant})`);

/** What is said of a setting: of its variant, of it in every variant, or of all sections' settings of this name. */
export function remarkOn(told: ReadonlyMap<string, string>, setting: string, variant: string): string {
  const last = setting.split(".").at(-1) ?? "";
  return told.get(keyOf(setting, variant)) ?? told.get(setting) ?? told.get(`*.${last}`) ?? "";
}
