/** The settings and commands that a recap recommends: program and policies accept them, and nothing else is needed. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../bundle.mjs";
import { program } from "../plan/program.ts";
import { planOf } from "../plan/run.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { commands, type Option, optionsFor, settingsYaml } from "./options.ts";

/** The plan of a stack with an option's settings in place of its own, as the stack file would have them. */
async function planWith(stack: string, option?: Option) {
  const file = await readStackFile(root, stack);
  if (option === undefined) return planOf(await program(), file);
  const { config } = parse(settingsYaml(option)) as { config: Record<string, object> };
  const own = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  // The one value that is set by a command: encrypted, so closed.
  const url = "kairos:redis.url" in option.keys;
  const values = { ...file.values, ...Object.fromEntries(own) };
  if (url) values["kairos:redis"] = JSON.stringify({ ...config["kairos:redis"], url: "qz0123456789abzq" });
  const secretKeys = url ? [...file.secretKeys, "kairos:redis"] : file.secretKeys;
  return planOf(await program(), { ...file, values, secretKeys });
}

const credentialsIn = (needed: readonly string[]) =>
  needed.flatMap((line) => /^([a-z-]+:[a-zA-Z]+): got nothing/.exec(line)?.[1] ?? []);

const cases = ["prod", "staging"].flatMap((stack) => {
  const { postgres, redis } = optionsFor(stack);
  return Object.entries<Option>({ ...redis, postgres }).map(([name, option]) => ({ stack, name, option }));
});

describe.each(cases)("option $name of $stack", ({ stack, option }) => {
  it("is planned without a violation of the stack's own policies", async () => {
    const { policies } = await planWith(stack, option);
    expect(policies?.violations.filter(({ level }) => level === "mandatory")).toEqual([]);
  });

  it("sets exactly the credentials that it needs beyond those of every stack", async () => {
    const { needed } = await planWith(stack, option);
    const keys = Object.keys(option.keys).filter((key) => !key.startsWith("kairos:"));
    const own = /^(mongodbatlas|render):/;
    // The stack's own Redis has credentials too, which an option of PostgreSQL leaves alone.
    const others = option.section === "postgres" ? credentialsIn((await planWith(stack)).needed) : [];
    expect(credentialsIn(needed).filter((key) => !own.test(key))).toEqual([
      ...others.filter((key) => !own.test(key)),
      ...keys,
    ]);
    for (const line of needed.filter((one) => keys.some((key) => one.startsWith(key)))) {
      const typed = /pulumi config set (--secret )?(\S+)(?=,)/.exec(line);
      expect(commands(option, stack)).toContain(
        `set${typed?.[1] ? " --secret" : ""} --stack ${stack} ${typed?.[2]}`,
      );
    }
  });
});

describe("commands", () => {
  it("hold no value, and apply to the stack that they are for", () => {
    const lines = commands(optionsFor("staging").redis.external, "staging").split("\n");
    expect(lines).toEqual([
      "pulumi config set --secret --path --stack staging kairos:redis.url",
      "npx kairos plan --stack staging",
      "pulumi up --stack staging",
    ]);
  });
});
