/** Stack files of short-lived stacks: made from another stack's, and refused before anything is written or touched. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../engine/errors.ts";
import { yamlIn, yamlOf } from "../../engine/yaml.ts";
import { at } from "../../infra/resources.ts";
import { checkSettings } from "../../infra/settings/index.ts";
import { readStackFile, type StackFile, stackFileOf } from "../plan/stack-file.ts";
import { plural } from "../terminal/amounts.ts";
import { type Config, type DerivationOptions, type DerivedStack, derived } from "./derive.ts";

/** A stack file as it lies there. */
interface Content {
  config?: Config;
  secretsprovider?: string;
}

const fileOf = (folder: string, stack: string) => path.join(folder, `Pulumi.${stack}.yaml`);

/** What another stack's file says. @throws UserError when there is none */
export async function baseOf(folder: string, from: string): Promise<Content> {
  const text = await readFile(fileOf(folder, from), "utf8").catch(() => {
    throw new UserError(`--from: got "${from}"; there is no Pulumi.${from}.yaml here`);
  });
  return (yamlIn(text, `Pulumi.${from}.yaml`) as Content | null) ?? {};
}

/** What a stack would be made of. */
export interface Draft extends DerivedStack {
  /** It has a file already; otherwise this is what `up` would write. */
  isOwn: boolean;
  file: StackFile;
}

/**
 * Of a stack that has settings those, whatever the other stack has become; a file with nothing but a salt, which Pulumi
 * leaves after a look at the stack, has none.
 *
 * @param exists whether the stack is there: then what it was made from may be somewhere else by now, or have become
 *   something that cannot be taken over
 */
export async function draftOf(folder: string, wishes: DerivationOptions, exists: boolean): Promise<Draft> {
  const { name, from } = wishes;
  const { config: own } = existsSync(fileOf(folder, name)) ? await baseOf(folder, name) : {};
  const made = await baseOf(folder, from)
    .then(({ config = {} }) => derived(config, wishes))
    .catch((error: unknown): DerivedStack => {
      if (own === undefined || !exists || !(error instanceof UserError)) throw error;
      return { config: own, credentials: [], secrets: [], notes: [] };
    });
  if (own === undefined) {
    const { project } = await readStackFile(folder, from);
    return { ...made, isOwn: false, file: stackFileOf(project, name, { value: { config: made.config } }) };
  }
  // An earlier run may have ended before all of them were copied.
  const has = (setting: string) => {
    const [section = "", ...keys] = setting.split(/[.[\]]+/);
    return at(own[section], ...keys) !== undefined;
  };
  return {
    ...{ config: own, credentials: made.credentials, notes: [] },
    ...{ secrets: made.secrets.filter(({ to }) => !has(to)), isOwn: true },
    file: await readStackFile(folder, name),
  };
}

/**
 * A stack file with settings that `up` accepts, or nothing: one that was written and refused would hide that the other
 * stack's has been put right since. One that somebody has already, changed perhaps, stays as it is.
 *
 * @returns of the credentials those that are needed
 * @throws UserError with one line per problem, before there is a stack
 */
export async function prepared(folder: string, wishes: DerivationOptions, exists: boolean): Promise<Draft> {
  const { name, from, branch, tag } = wishes;
  const draft = await draftOf(folder, wishes, exists);
  if (draft.isOwn && (branch ?? tag) !== undefined) {
    const key = branch === undefined ? "tag" : "branch";
    throw new UserError(
      `--${key}: ${name} has a stack file already, Pulumi.${name}.yaml; expected the change there (pulumi config set --path 'kairos:backend[0].source.${key}' … --stack ${name})`,
    );
  }
  const credentials = refuseProblems(draft, draft.isOwn ? name : from);
  if (!draft.isOwn) await write(folder, wishes, draft);
  return { ...draft, credentials };
}

/**
 * Refuses settings and credentials that `up` would refuse.
 *
 * @param source stack whose file has to be put right
 * @returns of the other stack's credentials those that are needed: a vendor whose account this process' variables give
 *   gets none of the others
 */
function refuseProblems({ file, credentials }: Draft, source: string): string[] {
  const { stack, values, secretKeys } = file;
  const { problems } = checkSettings(
    { stack, values, isSecret: (key) => secretKeys.includes(key) },
    process.env,
  );
  const vendor = (key: PropertyKey | undefined) => String(key).split(":")[0];
  const open = new Set(problems.map(({ path: [key] }) => vendor(key)));
  const needed = credentials.filter((key) => open.has(vendor(key)));
  const wrong = problems.filter(({ path: [key] }) => !needed.some((one) => vendor(one) === vendor(key)));
  if (wrong.length === 0) return needed;
  const made = source === stack ? "" : `, which ${stack} is made from`;
  throw new UserError(
    [
      `${plural(wrong.length, "problem")} in Pulumi.${source}.yaml${made}; nothing was made:`,
      ...wrong.map(({ line }) => `  ${line}`),
    ].join("\n"),
  );
}

/**
 * What Pulumi keeps for its encryption stays; the first line may name the schema that editors check the file by. Exported
 * for its test.
 */
export async function write(
  folder: string,
  { name, from }: DerivationOptions,
  { config }: Draft,
): Promise<void> {
  const file = fileOf(folder, name);
  const known = existsSync(file) ? await baseOf(folder, name) : {};
  const [schema = ""] =
    /^# yaml-language-server: .*\n/.exec(await readFile(fileOf(folder, from), "utf8")) ?? [];
  const head = `# A short-lived stack, made from Pulumi.${from}.yaml by npx kairos env; git ignores it.\n`;
  await writeFile(file, `${schema}${head}${yamlOf({ ...known, config })}`);
}
