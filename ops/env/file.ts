/** Stack files of short-lived stacks: made from another stack's, checked before anything is touched. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../engine/errors.ts";
import { yamlIn, yamlOf } from "../../engine/yaml.ts";
import { checkSettings } from "../../infra/settings/index.ts";
import type { Plan } from "../plan/model.ts";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { readStackFile, stackFileOf } from "../plan/stack-file.ts";
import { plural } from "../terminal/amounts.ts";
import { type Config, type DerivationOptions, type DerivedStack, derived } from "./derive.ts";

/** A stack file as it lies there. */
interface Content {
  config?: Config;
  secretsprovider?: string;
}

export const fileOf = (folder: string, stack: string) => path.join(folder, `Pulumi.${stack}.yaml`);

/** What another stack's file says. @throws UserError when there is none */
export async function baseOf(folder: string, from: string): Promise<Content> {
  const text = await readFile(fileOf(folder, from), "utf8").catch(() => {
    throw new UserError(`--from: got "${from}"; there is no Pulumi.${from}.yaml here`);
  });
  return (yamlIn(text, `Pulumi.${from}.yaml`) as Content | null) ?? {};
}

/** Whether the stack has settings: after a look at the stack alone, Pulumi leaves a file with nothing but a salt. */
export async function hasSettings(folder: string, stack: string): Promise<boolean> {
  if (!existsSync(fileOf(folder, stack))) return false;
  return (await baseOf(folder, stack)).config !== undefined;
}

/** What the other stack's file becomes. */
export async function derivedFrom(folder: string, wishes: DerivationOptions): Promise<DerivedStack> {
  return derived((await baseOf(folder, wishes.from)).config ?? {}, wishes);
}

/** Writes the stack file. What Pulumi keeps in it for its encryption stays. */
export async function writeFrom(folder: string, wishes: DerivationOptions): Promise<DerivedStack> {
  const made = await derivedFrom(folder, wishes);
  const file = fileOf(folder, wishes.name);
  const known = existsSync(file) ? await baseOf(folder, wishes.name) : {};
  const head = `# A short-lived stack, made from Pulumi.${wishes.from}.yaml by npx kairos env; git ignores it.\n`;
  await writeFile(
    file,
    (await schemaLine(folder, wishes.from)) +
      head +
      yamlOf({ ...known, config: { ...known.config, ...made.config } }),
  );
  return made;
}

/** The first line of a stack file, where it names the schema that editors check it by. */
async function schemaLine(folder: string, stack: string): Promise<string> {
  const text = await readFile(fileOf(folder, stack), "utf8");
  return /^# yaml-language-server: .*\n/.exec(text)?.[0] ?? "";
}

/** What the stack would be made of: of its own file, or of the one that `up` would write. */
export async function planned(
  folder: string,
  wishes: DerivationOptions,
): Promise<{ plan: Plan; notes: string[] }> {
  const { name, from } = wishes;
  if (await hasSettings(folder, name))
    return { plan: await planOf(await program(), await readStackFile(folder, name)), notes: [] };
  const { config, notes } = await derivedFrom(folder, wishes);
  const { project } = await readStackFile(folder, from);
  return { plan: await planOf(await program(), stackFileOf(project, name, { value: { config } })), notes };
}

/**
 * Refuses settings and credentials that `up` would refuse, before there is a stack.
 *
 * @param copyable keys of credentials that the other stack has
 * @param source stack whose file has to be put right
 * @returns those of them that are needed: a vendor whose account this process' variables give gets none of the others
 * @throws UserError with one line per problem
 */
export async function refuseProblems(
  folder: string,
  { stack, copyable, source }: { stack: string; copyable: readonly string[]; source: string },
): Promise<string[]> {
  const { values, secretKeys } = await readStackFile(folder, stack);
  const { problems } = checkSettings(
    { stack, values, isSecret: (key) => secretKeys.includes(key) },
    process.env,
  );
  const vendor = (key: PropertyKey | undefined) => String(key).split(":")[0];
  const open = new Set(problems.map(({ path: [key] }) => vendor(key)));
  const needed = copyable.filter((key) => open.has(vendor(key)));
  const wrong = problems.filter(({ path: [key] }) => !needed.some((one) => vendor(one) === vendor(key)));
  if (wrong.length === 0) return needed;
  const count = plural(wrong.length, "problem");
  const made = source === stack ? "" : `, which ${stack} is made from`;
  throw new UserError(
    [
      `${count} in Pulumi.${source}.yaml${made}; nothing was made:`,
      ...wrong.map(({ line }) => `  ${line}`),
    ].join("\n"),
  );
}
