/** What stands in clear in a stack file where Pulumi's encryption belongs, however weak it is. */
import { isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Match } from "../model.ts";
import { isPlaceholder } from "./values.ts";

export const isStackFile = (file: string) => /(?:^|\/)Pulumi\.[^/]+\.ya?ml$/.test(file);

/** The last part of a key that holds a secret: settings of providers and of this project. */
const secretKey =
  /^(?:.*:)?(?:api_?key|private_?key|secret_?key|client_?secret|password|passphrase|token|url)$/i;

/** Values in clear under the keys of secrets, and everything below `secrets:`. */
export function stackFileMatches(text: string): Match[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const matches: Match[] = [];
  visit(document, {
    Pair(_, { key, value }, ancestors) {
      const name = isScalar(key) ? String(key.value) : "";
      const below = ancestors.some((one) => {
        const parent = (one as { key?: unknown }).key;
        return isScalar(parent) && parent.value === "secrets";
      });
      if (!isScalar(value) || typeof value.value !== "string" || value.value === "" || name === "secure")
        return;
      if (!below && !secretKey.test(name)) return;
      // A URL without a password is an address.
      if (/url$/i.test(name) && !below && !/:[^/@]+@/.test(value.value)) return;
      if (isPlaceholder(value.value)) return;
      matches.push({
        rule: "stack-file-in-clear",
        what: "a secret setting that is not encrypted (pulumi config set --secret)",
        line: lines.linePos(value.range?.[0] ?? 0).line,
        length: value.value.length,
      });
    },
  });
  return matches;
}
