/** What the comments at the settings say, so that the reference repeats no sentence by hand. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";
import { root } from "../../ops/bundle.mjs";

const folder = path.join(root, "infra", "settings");

/** Of each setting that has a comment: `mongodb.driver.timeout` and what it says, on one line. */
export async function remarks(): Promise<Map<string, string>> {
  const sections = (await readdir(path.join(folder, "sections"))).map((file) => path.join("sections", file));
  const found = new Map<string, string>();
  for (const file of [...sections, "schema.ts"]) {
    const text = await readFile(path.join(folder, file), "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
    for (const statement of source.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      for (const declared of statement.declarationList.declarations) {
        const name = declared.name.getText();
        const above = file.endsWith("common.ts") ? ["*", name] : sectionOf(name);
        collect(declared, above, found);
        note(statement, above, found);
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
function collect(node: ts.Node, above: readonly string[], found: Map<string, string>, variant = ""): void {
  ts.forEachChild(node, (child) => {
    const isSetting = ts.isPropertyAssignment(child) || ts.isShorthandPropertyAssignment(child);
    const own = isSetting ? [...above, child.name.getText()] : above;
    if (isSetting) note(child, own, found, variant);
    collect(child, own, found, providerOf(child) ?? variant);
  });
}

/** `upstash` of `{ provider: z.literal("upstash"), … }`. */
function providerOf(node: ts.Node): string | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const provider = node.properties.find((one) => one.name?.getText() === "provider");
  return /z\.literal\("(.+)"\)/.exec(provider?.getText() ?? "")?.[1];
}

function note(node: ts.Node, setting: readonly string[], found: Map<string, string>, variant = ""): void {
  const comment = ts.getJSDocCommentsAndTags(node).find(ts.isJSDoc)?.comment;
  const text = ts.getTextOfJSDocComment(comment)?.replaceAll(/\s+/g, " ");
  const key = keyOf(setting.join("."), variant);
  if (text !== undefined && !found.has(key)) found.set(key, text);
}

const keyOf = (setting: string, variant: string) => (variant === "" ? setting : `${setting} (${variant})`);

/** What is said of a setting: of its variant, of it in every variant, or of all sections' settings of this name. */
export function remarkOn(told: ReadonlyMap<string, string>, setting: string, variant: string): string {
  const last = setting.split(".").at(-1) ?? "";
  return told.get(keyOf(setting, variant)) ?? told.get(setting) ?? told.get(`*.${last}`) ?? "";
}
