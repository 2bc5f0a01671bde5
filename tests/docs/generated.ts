/** What `npm run docs` writes: whole files of docs/reference/, and parts of other documents. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { execa } from "execa";
import { root } from "../../ops/bundle.mjs";
import { ofEveryStack } from "../../ops/contract/groups.ts";
import { python } from "../../ops/contract/python.ts";
import { diagramOf } from "../../ops/diagram/index.ts";
import type { Plan } from "../../ops/plan/model.ts";
import { commandLinesReference } from "./command-lines.ts";
import { commandsReference } from "./commands.ts";
import { conformance } from "./conformance.ts";
import { factsReference } from "./facts.ts";
import { languages } from "./languages.ts";
import { withPart } from "./markers.ts";
import { policiesReference, policiesTable } from "./policies.ts";
import { pricesReference } from "./prices.ts";
import { settingsReference } from "./settings.ts";
import { stackFileSchema } from "./stack-file.ts";
import { stagesTable } from "./stages.ts";
import { vendorsReference } from "./vendors.ts";

const written = "<!-- Written by npm run docs; changes by hand are lost. -->";

/** Each document that is generated, wholly or in part, by its path from the root: as it should be. */
export async function generated(): Promise<Map<string, string>> {
  const documents = new Map<string, string>();
  const whole = (name: string, text: string) =>
    documents.set(`docs/reference/${name}.md`, `${written}\n\n${text.trim()}\n`);
  const part = async (file: string, what: string, markdown: string) =>
    documents.set(file, withPart(await readFile(path.join(root, file), "utf8"), what, markdown));

  whole("commands", commandsReference());
  whole("command-lines", await commandLinesReference());
  whole("policies", policiesReference());
  whole("prices", pricesReference());
  whole("settings", await settingsReference());
  whole("vendors", vendorsReference());
  documents.set("docs/reference/stack-file.schema.json", await stackFileSchema());
  // What a backend has of it.
  documents.set("tests/backend/databases.py", python(ofEveryStack(), "npx kairos contract --lang python"));
  whole("facts", factsReference());
  for (const language of languages) {
    await part(`docs/${language}/stages.md`, "defaults by stage", stagesTable(language));
    await part(
      `docs/${language}/policies.md`,
      "all policies",
      policiesTable(language, "../reference/policies.md"),
    );
  }
  await part("sandbox/FIDELITY.md", "the vendors' descriptions", conformance());
  await part("README.md", "production as its plan draws it", `\`\`\`mermaid\n${await drawing()}\`\`\``);
  return documents;
}

/** Production's diagram, from the plan that the command prints. */
async function drawing(): Promise<string> {
  const kairos = path.join(root, "ops", "kairos.mjs");
  const { stdout } = await execa(process.execPath, [kairos, "plan", "--stack", "prod", "--json"]);
  return diagramOf(JSON.parse(stdout) as Plan);
}

/** The text of a file, or nothing where there is none. */
export const textOf = (file: string) => readFile(path.join(root, file), "utf8").catch(() => "");
