/**
 * GitHub's own checks of a workflow, as its editors run them: schema, expressions, contexts. Loaded through the bundler:
 * the package imports JSON in a way that Node does not take.
 */
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

let documents = 0;

/** One line for each complaint: `3:7 Unexpected value 'reed'`. */
export async function lint(text: string): Promise<string[]> {
  // What was parsed is remembered by the address: each text needs its own.
  const address = `file:///.github/workflows/${++documents}.yml`;
  const document = TextDocument.create(address, "yaml", 1, text);
  const found = await validate(document);
  return found.map(({ message, range: { start } }) => `${start.line + 1}:${start.character + 1} ${message}`);
}
