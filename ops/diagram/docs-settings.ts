/** Whether the settings that documents name are what the schema has. Only for tests. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { schemaOf } from "../../infra/settings/rules.ts";
import { sections } from "../../infra/settings/schema.ts";
import { root } from "../bundle.mjs";

/** Production's settings with every provider of Redis and both kinds of service, so that each setting has a place. */
const examples = await settingsToTry();

async function settingsToTry(): Promise<Record<string, unknown>[]> {
  const { config } = parse(await readFile(path.join(root, "Pulumi.prod.yaml"), "utf8")) as {
    config: Record<string, unknown>;
  };
  const kairos = Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith("kairos:") ? [[key.slice(7), value]] : [],
    ),
  );
  const created = {
    name: "kairos-backend",
    type: "web",
    plan: "starter",
    source: { image: "a/b", tag: "1" },
  };
  const providers = ["none", "upstash", "render", "redis-cloud", "external"];
  return [
    ...providers.map((provider) => ({ ...kairos, redis: { provider } })),
    { ...kairos, backend: [created] },
    { ...kairos, mongodb: { ...(kairos.mongodb as object), project: { name: "kairos", organization: "x" } } },
  ];
}

/** Whether some settings have a place for it: the schema knows the key, whatever it thinks of the value. */
export function settingExists(name: string): boolean {
  const keys = name.split(/[.[\]]+/).filter((key) => key !== "");
  const [section = "", ...rest] = keys;
  if (!Object.hasOwn(sections, section)) return false;
  return rest.length === 0 || examples.some((example) => isKnown(example, keys));
}

function isKnown(example: Record<string, unknown>, keys: readonly string[]): boolean {
  const settings = structuredClone(example);
  let place = settings;
  for (const key of keys.slice(0, -1)) {
    place[key] ??= {};
    place = place[key] as Record<string, unknown>;
  }
  const last = keys.at(-1) ?? "";
  place[last] ??= "probe";
  const { error } = schemaOf().safeParse(settings);
  const parent = keys.slice(0, -1).join(".");
  return !(error?.issues ?? []).some(
    (issue) =>
      issue.code === "unrecognized_keys" && issue.path.join(".") === parent && issue.keys.includes(last),
  );
}
