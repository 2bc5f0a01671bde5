/**
 * The settings as the schema has them: whether those exist that documents name, and docs/reference/settings.md. The
 * schema is asked as a stack file asks it: each setting is given a value that nothing can be, and what it expected
 * instead are the words that whoever makes the mistake reads.
 */
import { at } from "../../infra/resources.ts";
import { problemsOf } from "../../infra/settings/problems.ts";
import { schemaOf } from "../../infra/settings/rules.ts";
import { sections } from "../../infra/settings/schema.ts";
import { plain, table } from "./markers.ts";
import { remarkOn, remarks } from "./remarks.ts";
import { byStage } from "./stages.ts";

type Path = readonly (string | number)[];
type Stack = Record<string, unknown>;

const hexId = "5a4d000000000000000000aa";
const accessList = [{ cidr: "192.0.2.1/32", comment: "" }];
const mongodb = {
  project: { id: hexId },
  name: "cluster0",
  tier: "M10",
  accessList,
};
const created = { name: "kairos", type: "web", plan: "starter" };
const source = { repository: "https://git.invalid/kairos/backend" };
const linked = { name: "kairos", link: `srv-${"0".repeat(20)}` };
const production: Stack = { mongodb, backend: [linked] };

/** Stacks that together have a place for every setting, by what the section is then called. */
const variants: Readonly<Record<keyof typeof sections, Readonly<Record<string, Stack>>>> = {
  region: { "": production },
  mongodb: {
    "the Atlas project exists": production,
    "the stack makes the project": {
      ...production,
      mongodb: { ...mongodb, project: { name: "kairos", organization: hexId } },
    },
  },
  postgres: {
    on: { ...production, postgres: { enabled: true, plan: "basic_1gb", accessList } },
    off: { ...production, postgres: { enabled: false } },
  },
  redis: Object.fromEntries(
    [
      { provider: "upstash", accessList },
      { provider: "render", plan: "starter", accessList },
      { provider: "redis-cloud", plan: "30MB" },
      { provider: "external", url: "rediss://redis.invalid:6379" },
      { provider: "none" },
    ].map((redis) => [redis.provider, { ...production, redis }]),
  ),
  render: {
    "the environment exists": {
      ...production,
      render: { environment: { id: `evm-${"0".repeat(20)}` }, outbound: { name: "kairos" } },
    },
    "the stack makes the environment": {
      ...production,
      render: { environment: { project: "kairos", name: "production" } },
    },
  },
  backend: {
    "linked, since it exists": production,
    "created from a repository": {
      ...production,
      backend: [{ ...created, source, start: "uvicorn main:app" }],
    },
    "built by a Dockerfile": {
      ...production,
      backend: [{ ...created, source: { ...source, runtime: "docker" } }],
    },
    "created from an image": {
      ...production,
      backend: [{ ...created, source: { image: "ghcr.io/kairos/backend", tag: "1" } }],
    },
  },
  deploys: { "": production },
  alerts: { "": production },
  rotation: { "": production },
  budget: { "": production },
  shares: { "": production },
  policies: { "": production },
  known: { "": production },
  import: { "": production },
};

/** A key that no group of settings has. */
const nobodys = "§";

/** Whether some stack has a place for it: the schema knows the key, whatever it thinks of the value. */
export function settingExists(name: string): boolean {
  const path = name.split(/[.[\]]+/).filter((key) => key !== "");
  const [section = "", ...rest] = path;
  if (!Object.hasOwn(sections, section)) return false;
  if (rest.length === 0) return true;
  const stacks = Object.values(variants[section as keyof typeof sections]);
  const last = path.at(-1) ?? "";
  return stacks.some((stack) => {
    const keys = keysAt(withValue(stack, path, nobodys), path.slice(0, -1));
    return keys === undefined || keys.includes(last);
  });
}

/** A copy in which this stands at the path. Groups and list items on the way come into being. */
function withValue(stack: Stack, path: Path, value: unknown): Stack {
  const copy = structuredClone(stack);
  let place = copy as Record<string | number, unknown>;
  for (const [index, step] of path.slice(0, -1).entries()) {
    const next = place[step];
    if (typeof next !== "object" || next === null)
      place[step] = typeof path[index + 1] === "number" ? [] : {};
    place = place[step] as Record<string | number, unknown>;
  }
  place[path.at(-1) ?? ""] = value;
  return copy;
}

const issuesOf = (stack: Stack) => schemaOf().safeParse(stack).error?.issues ?? [];
const samePath = (one: readonly PropertyKey[], other: Path) => one.join(".") === other.join(".");

/** The keys that a group takes; undefined where any name will do or nothing is a group. */
function keysAt(stack: Stack, path: Path): string[] | undefined {
  const issues = issuesOf(withValue(stack, [...path, nobodys], 1));
  const issue = issues.find((one) => one.code === "unrecognized_keys" && samePath(one.path, path));
  return issue?.message.replace(/^one of /, "").split(", ");
}

interface Setting {
  path: Path;
  expected: string;
  /** What it is when nobody says it, in Markdown. */
  otherwise: string;
}

/** Every setting below a path, as this stack has it. */
function settingsBelow(stack: Stack, path: Path): Setting[] {
  return (keysAt(stack, path) ?? []).flatMap((key) => settingsAt(stack, [...path, key]));
}

function settingsAt(stack: Stack, path: Path): Setting[] {
  const given = at(stack, ...path);
  const asGroup = withValue(stack, path, typeof given === "object" && !Array.isArray(given) ? given : {});
  if (keysAt(asGroup, path) !== undefined) return settingsBelow(asGroup, path);
  const item = [...path, 0];
  const asList = withValue(stack, item, {});
  if (keysAt(asList, item) !== undefined)
    return [
      { path, expected: expectedAt(stack, path), otherwise: defaultAt(stack, path) },
      ...settingsBelow(Array.isArray(given) ? stack : asList, item),
    ];
  return [{ path, expected: expectedAt(stack, path), otherwise: defaultAt(stack, path) }];
}

/** What the schema asks for: of a list what each item has to be, too. */
function expectedAt(stack: Stack, path: Path): string {
  const asked = (at: Path) =>
    problemAt(withValue(stack, at, nobodys), at) ?? problemAt(withValue(stack, at, { [nobodys]: 1 }), at);
  const own = asked(path) ?? "a group of settings";
  const item = asked([...path, 0]);
  if (own !== "a group of settings" && !own.startsWith("a list")) return own;
  if (item === undefined) return own.startsWith("a list") ? own : "names and texts";
  return item === "a group of settings" ? own : `a list: ${item}`;
}

/** What was expected at a path, in the words of the message. */
function problemAt(stack: Stack, path: Path): string | undefined {
  const issue = issuesOf(stack).find((one) => samePath(one.path, path) && one.code !== "unrecognized_keys");
  if (issue === undefined) return undefined;
  const [problem] = problemsOf([issue], stack, () => false);
  return /; expected (.*?)(?:; did you mean .*)?(?:\. Where: .*)?$/.exec(problem?.line ?? "")?.[1];
}

/** What a setting becomes when it is left out; a duration's is in milliseconds once it is read. */
function defaultAt(stack: Stack, path: Path): string {
  if (byStage.has(nameOf(path).replaceAll("[]", ""))) return "[by stage](../en/stages.md#defaults)";
  const { data, error } = schemaOf().safeParse(withValue(stack, path, undefined));
  if (error?.issues.some((issue) => samePath(issue.path, path)))
    return isOptional(stack, path.slice(0, -1)) ? "**must be set** if its group is" : "**must be set**";
  const value = at(data, ...path);
  if (value === undefined) return "";
  const isDuration = expectedAt(stack, path).startsWith("a duration");
  return isDuration
    ? `\`${value}ms\``
    : Array.isArray(value) || typeof value === "object"
      ? "none"
      : `\`${value}\``;
}

/** Whether the stack may do without this group. */
function isOptional(stack: Stack, group: Path): boolean {
  const inGroup = `${group.join(".")}.`;
  const without = withValue(stack, group, undefined);
  return !issuesOf(without).some((issue) => `${issue.path.join(".")}.`.startsWith(inGroup));
}

/** `mongodb.accessList[].cidr`. */
const nameOf = (path: Path) =>
  path
    .map((step) => (typeof step === "number" ? "[]" : `.${step}`))
    .join("")
    .slice(1);

/** The whole of docs/reference/settings.md. */
export async function settingsReference(): Promise<string> {
  const told = await remarks();
  const parts = (Object.keys(variants) as (keyof typeof sections)[]).flatMap((section) => [
    `## kairos:${section}`,
    ...[told.get(section) ?? []].flat().map(plain),
    ...tablesOf(section, told),
  ]);
  return ["# Settings", introduction, ...parts].join("\n\n");
}

const introduction = `Every setting that a stack file (\`Pulumi.<stack>.yaml\`) may have, below \`kairos:\`. What is allowed is said in the words of the message that anything else gets. How a stack file is written: [settings](../en/settings.md), [en français](../fr/settings.md). Rules that bind one setting to another are in [\`infra/settings/rules.ts\`](../../infra/settings/rules.ts); a setting that is not in the tables is an error.`;

/** One table for what all variants have, then one for each set of variants that share settings. */
function tablesOf(section: keyof typeof sections, told: ReadonlyMap<string, string>): string[] {
  const titles = Object.keys(variants[section]);
  const shared = new Map<string, { setting: Setting; titles: string[] }>();
  for (const [title, stack] of Object.entries(variants[section]))
    for (const setting of settingsOf(section, stack)) {
      const line = JSON.stringify([nameOf(setting.path), setting.expected, setting.otherwise]);
      const known = shared.get(line);
      if (known === undefined) shared.set(line, { setting, titles: [title] });
      else known.titles.push(title);
    }
  const all = [...shared.values()].map((one) => ({ setting: one.setting, owners: one.titles.join(", ") }));
  const inAll = titles.join(", ");
  return [...new Set([inAll, ...all.map(({ owners }) => owners)])].flatMap((owners) => {
    const rows = all.filter((one) => one.owners === owners).map(({ setting }) => row(setting, told, owners));
    const heading = owners === inAll ? [] : [`### ${section}: ${owners}`];
    return rows.length === 0 ? [] : [...heading, table(["setting", "allowed", "default", "note"], rows)];
  });
}

function settingsOf(section: string, stack: Stack): Setting[] {
  const below = settingsBelow(stack, Array.isArray(stack[section]) ? [section, 0] : [section]);
  return below.length > 0 ? below : settingsAt(stack, [section]);
}

function row(
  { path, expected, otherwise }: Setting,
  told: ReadonlyMap<string, string>,
  variant: string,
): string[] {
  const name = nameOf(path);
  // A section's own remark stands below its heading.
  const remark = path.length === 1 ? "" : remarkOn(told, name.replaceAll("[]", ""), variant);
  return [`\`${name}\``, plain(expected), otherwise, plain(remark)];
}
