/**
 * Completes a stack's settings as far as a plan needs: what only the owner has is filled in with examples, and
 * named; what is encrypted and must have a certain form gets one.
 */

import { UserError } from "../../engine/errors.ts";
import { at } from "../../infra/resources.ts";
import type { Problem, Settings, StackConfig } from "../../infra/settings/index.ts";
import { misread, type Reading, settingPath } from "./misread.ts";
import type { Program } from "./program.ts";
import { isClosed, type StackFile } from "./stack-file.ts";

/** Settings that the program accepts. */
export interface CompletedSettings {
  settings: Settings;
  values: Record<string, string>;
  secretKeys: string[];
  /** One line for each id and credential that is still needed before `pulumi up`. */
  needed: string[];
  /** What to show in place of each example: the placeholder of the stack file. */
  placeholders: ReadonlyMap<string, string>;
}

/**
 * @throws UserError with one line for each problem that examples cannot mend, and for each text that lacks its quotes
 */
export function completed(program: Program, file: StackFile): CompletedSettings {
  const given = filled(program, file);
  const lacking = misread(file, given, (one) => {
    const values = { ...file.values };
    fill(values, settingPath(one), one.source);
    return filled(program, { ...file, values });
  });
  const places = new Set(lacking.map(({ at }) => at));
  const lines = given.problems
    .filter(({ path }) => !places.has(JSON.stringify(path)))
    .map(({ line }) => `Pulumi.${file.stack}.yaml: ${line}`);
  if (lines.length + lacking.length > 0)
    throw new UserError([...lacking.map(({ line }) => line), ...lines].join("\n"));
  if (given.settings === undefined) throw new Error("settings without a problem are settings");
  return { ...given, settings: given.settings };
}

/** Settings, or what examples cannot mend. */
type Filled = Omit<CompletedSettings, "settings"> & Reading;

function filled(program: Program, file: StackFile): Filled {
  const values = { ...file.values };
  const secretKeys = [...file.secretKeys];
  const placeholders = new Map<string, string>();
  const config: StackConfig = {
    stack: file.stack,
    values,
    isSecret: (key, path) =>
      path === undefined ? file.secretKeys.includes(key) : isClosed(settingAt(values, path)),
  };
  const { problems } = program.checkSettings(config, {});
  const needed = problems.filter(({ missing }) => missing).map(({ line }) => line);
  const wrong = problems.filter((problem) => !isFillable(problem, values));
  const made = { values, secretKeys, needed, placeholders };
  const examples = new Set<string>();
  const isExample = (path: Problem["path"]) => examples.has(JSON.stringify(path));
  if (wrong.length > 0) return { ...made, settings: undefined, problems: wrong };

  for (const [n, { path, example, missing }] of problems.entries()) {
    const given = settingAt(values, path);
    const filler = example?.(n) ?? "";
    if (path.length === 1) secretKeys.push(String(path[0]));
    else if (missing)
      placeholders.set(
        filler,
        unique(typeof given === "string" ? given : `<${path.join(".")}>`, placeholders),
      );
    // The digest of what is encrypted goes into the example, so that another ciphertext is another value.
    fill(values, path, isClosed(given) ? filler.replaceAll("opaque", given) : filler);
    examples.add(JSON.stringify(path));
  }
  // An example in the place of a secret is none in clear, and the engine would say so of its whole section. Of one whose
  // examples are no secrets it would take what stands in `with` for one.
  const byKey = { ...config, isSecret: (key: string) => secretKeys.includes(key) };
  const inClear = program.checkSettings(byKey, {}).problems.filter(({ path }) => isExample(path));
  secretKeys.push(...inClear.map(({ path }) => `kairos:${path[0]}`));
  const isSecret: StackConfig["isSecret"] = (key, path) =>
    path === undefined ? secretKeys.includes(key) : isExample(path) || config.isSecret(key, path);
  return { ...made, ...program.checkSettings({ ...config, isSecret }, {}) };
}

/** Two entries with the same placeholder are two things: `<cidr>`, `<cidr 2>`. */
function unique(name: string, taken: ReadonlyMap<string, string>): string {
  const before = [...taken.values()].filter((other) => other.replace(/ \d+>$/, ">") === name).length;
  return before === 0 ? name : name.replace(/>$/, ` ${before + 1}>`);
}

function isFillable({ example, missing, path }: Problem, values: Record<string, string>): boolean {
  return example !== undefined && (missing === true || isClosed(settingAt(values, path)));
}

/** The value of a setting by its path; a path of one step is a whole key, such as a credential's. */
function settingAt(values: Record<string, string>, [section, ...rest]: Problem["path"]): unknown {
  const text = values[`kairos:${section}`] ?? values[String(section)];
  if (rest.length === 0 || text === undefined) return text;
  return at(parsed(text), ...rest);
}

function fill(values: Record<string, string>, [section, ...rest]: Problem["path"], value: string): void {
  const last = rest.at(-1);
  if (last === undefined) {
    values[String(section)] = value;
    return;
  }
  const key = `kairos:${section}`;
  const whole = parsed(values[key] ?? "{}");
  let at = whole;
  for (const step of rest.slice(0, -1)) at = (at[step] ?? {}) as Group;
  at[last] = value;
  values[key] = JSON.stringify(whole);
}

type Group = Record<string | number, unknown>;

function parsed(text: string): Group {
  try {
    return JSON.parse(text) as Group;
  } catch {
    return {};
  }
}
