/** Writes the contract in a language, or says where a file differs from it. */
import { readFile } from "node:fs/promises";
import { UserError } from "../../engine/errors.ts";
import { projectRoot } from "../project.ts";
import { write } from "../terminal/output.ts";
import { differences } from "./differences.ts";
import { dotenv } from "./dotenv.ts";
import { ofEveryStack, ofStack, type Subject } from "./groups.ts";
import { jsonSchema } from "./json-schema.ts";
import { python } from "./python.ts";

const languages = { python, "json-schema": jsonSchema, dotenv };

/** Options of the command. */
export interface Options {
  lang: keyof typeof languages;
  stack?: string;
  check?: string;
}

/** @throws UserError when there is no such stack, its settings have problems, or there is no such file */
export async function contract({ lang, stack, check }: Options): Promise<void> {
  const subject: Subject = stack === undefined ? ofEveryStack() : await ofStack(projectRoot, stack);
  const line = `npx kairos contract --lang ${lang}${stack === undefined ? "" : ` --stack ${stack}`}`;
  const text = languages[lang](subject, line);
  if (check === undefined) return write(text);
  const found = await readFile(check, "utf8").catch(({ code }: NodeJS.ErrnoException) => {
    throw new UserError(`--check: cannot read ${check} (${code}); expected a file that ${line} has written`);
  });
  const differing = differences(found, text);
  if (differing.length === 0) return write(`${check}: current\n`);
  await write(
    `${check}: out of step with the contract\n${differing.join("\n")}\nPut right by: ${line} > ${check}\n`,
  );
  process.exitCode = 1;
}
