/**
 * What is no secret though it looks like one: said beside it by a comment with a reason, or, for a content in the
 * history, by an entry of a file. Nothing that equals a known secret can be allowed.
 */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "../../engine/errors.ts";
import type { Content, Match } from "./model.ts";

/** Name of the file, at the top of the project. It need not exist. */
export const allowFile = ".secrets-allow.yaml";

// A reason in angle brackets is the documentation of this comment.
const comment = /secrets:scan allows:\s+(?!<)(\S.{9,})/;

const schema = z.array(
  z.strictObject({
    object: z.string().regex(/^[0-9a-f]{40,64}$/),
    rule: z.string(),
    reason: z.string().min(10),
  }),
);

/** What is allowed, and whether it still serves. */
export class Allowances {
  private readonly used = new Set<number>();
  private readonly idle: string[] = [];

  private constructor(private readonly entries: z.infer<typeof schema>) {}

  static async read(file: string): Promise<Allowances> {
    const text = await readFile(file, "utf8").catch(() => "[]");
    try {
      // Ids of digits alone are text too.
      return new Allowances(schema.parse(parse(text, { schema: "failsafe", logLevel: "error" })));
    } catch {
      throw new UserError(
        `${allowFile}: got something else; expected a list of { object: <id of the blob>, rule: <its name>, reason: <why it is no secret> }`,
      );
    }
  }

  /** The matches that nobody has allowed. */
  refused(content: Content, matches: readonly Match[]): Match[] {
    const lines = content.bytes.includes("secrets:scan allows:") ? content.bytes.toString().split("\n") : [];
    const commented = new Set(lines.flatMap((line, index) => (comment.test(line) ? [index + 1] : [])));
    const found = new Set(matches.map(({ line }) => line));
    const useful = new Set<number>();
    const refused = matches.filter((match) => {
      if (match.rule === "known-secret") return true;
      // On its line, or alone on the line above where the line is too long for it.
      const above = found.has(match.line - 1) ? [] : [match.line - 1];
      const line = [match.line, ...above].find((one) => commented.has(one));
      if (line !== undefined) useful.add(line);
      return line === undefined && !this.hasEntry(content, match);
    });
    if (content.kind !== "history")
      for (const line of commented) if (!useful.has(line)) this.idle.push(`${content.name}:${line}`);
    return refused;
  }

  /** Places of allowances that allowed nothing, once everything was searched. */
  unused(): string[] {
    const entries = this.entries.flatMap(({ object, rule }, index) =>
      this.used.has(index) ? [] : [`${allowFile}: ${rule} in ${object.slice(0, 12)}`],
    );
    return [...this.idle, ...entries];
  }

  private hasEntry({ oid }: Content, { rule }: Match): boolean {
    const index = this.entries.findIndex((entry) => entry.object === oid && entry.rule === rule);
    if (index !== -1) this.used.add(index);
    return index !== -1;
  }
}
