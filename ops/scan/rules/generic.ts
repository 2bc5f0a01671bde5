/**
 * The credentials of everybody else (clouds, forges, package registries, …): known to secretlint's recommended rules,
 * which are kept up to date there. Version 12 is the newest that runs on Node 20.
 */
import { lintSource } from "@secretlint/core";
import { creator } from "@secretlint/secretlint-rule-preset-recommend";
import type { Match } from "../model.ts";
import { Text } from "../text.ts";

const config = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend", rule: creator }] };

/** URLs of these have a rule here, which knows a placeholder when it sees one. */
const ours = new Set(["MongoDBConnection", "PostgreSQLConnection"]);

/**
 * What the well-kept rules find in each of the texts. All go in one call: secretlint keeps a record of every call,
 * and searches it in each. Its messages are not used, because they quote.
 */
export async function genericMatches(texts: readonly string[]): Promise<Match[][]> {
  const found = texts.map((): Match[] => []);
  // A blank line ends whatever a rule may take for one thing.
  const gap = "\n\n";
  const starts: number[] = [];
  let length = 0;
  for (const text of texts) {
    starts.push(length);
    length += text.length + gap.length;
  }
  const { messages } = await lintSource({
    source: {
      // Its own comments would switch it off without anybody's review here; the same length keeps the places.
      content: texts.join(gap).replaceAll("secretlint-disable", "secretlint-ignored"),
      filePath: "contents.txt",
      ext: ".txt",
      contentType: "text",
    },
    options: { config, maskSecrets: true, noPhysicFilePath: true },
  });
  for (const { ruleId, messageId, range } of messages) {
    if (ours.has(messageId)) continue;
    const index = starts.findLastIndex((start) => start <= range[0]);
    const kind = ruleId.replace("@secretlint/secretlint-rule-", "");
    found[index]?.push({
      rule: `secretlint-${kind}`,
      what: `a credential (${kind})`,
      line: new Text(texts[index] ?? "").lineAt(range[0] - (starts[index] ?? 0)),
      length: range[1] - range[0],
    });
  }
  return found;
}
