/** The settings and commands that a recap recommends: the program accepts them, and nothing else is needed. */
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { root } from "../bundle.mjs";
import { completed } from "../plan/complete.ts";
import { program } from "../plan/program.ts";
import { readStackFile } from "../plan/stack-file.ts";
import { commands, type Option, postgresOption, redisOptions, settingsYaml } from "./options.ts";

/** Production with an option's settings in place of its own, as the stack file would have them. */
async function completedWith(option: Option) {
  const file = await readStackFile(root, "prod");
  const { config } = parse(settingsYaml(option)) as { config: Record<string, object> };
  const own = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
  // The one value that is set by a command: encrypted, so closed.
  const url = option.keys.some(({ key }) => key === "kairos:redis.url");
  const values = { ...file.values, ...Object.fromEntries(own) };
  if (url) values["kairos:redis"] = JSON.stringify({ ...config["kairos:redis"], url: "qz0123456789abzq" });
  return completed(await program(), {
    ...file,
    values,
    secretKeys: url ? [...file.secretKeys, "kairos:redis"] : file.secretKeys,
  });
}

describe.each<[string, Option]>([...Object.entries(redisOptions), ["postgres", postgresOption]])(
  "option %s",
  (name, option) => {
    it("is accepted by the settings", async () => {
      const { settings } = await completedWith(option);
      expect(option.section === "redis" ? settings.redis.provider : settings.postgres.enabled).toBe(
        option.section === "redis" ? name : true,
      );
    });

    it("sets exactly the credentials that it needs beyond those of every stack", async () => {
      const { needed } = await completedWith(option);
      const credentials = needed
        .map((line) => /^([a-z-]+:[a-zA-Z]+): got nothing/.exec(line)?.[1])
        .filter((key) => key !== undefined && !/^(mongodbatlas|render):/.test(key));
      // Production's own Redis has credentials too, which an option of PostgreSQL leaves alone.
      const others = option.section === "postgres" ? ["upstash:email", "upstash:apiKey"] : [];
      const keys = option.keys.map(({ key }) => key).filter((key) => !key.startsWith("kairos:"));
      expect(credentials).toEqual([...others, ...keys]);
      for (const line of needed.filter((one) => keys.some((key) => one.startsWith(key)))) {
        const typed = /pulumi config set (--secret )?(\S+)(?=,)/.exec(line);
        expect(commands(option, "prod")).toContain(
          `set${typed?.[1] ? " --secret" : ""} --stack prod ${typed?.[2]}`,
        );
      }
    });
  },
);

describe("commands", () => {
  it("hold no value, and apply to the stack that they are for", () => {
    const lines = commands(redisOptions.external, "staging").split("\n");
    expect(lines).toEqual([
      "pulumi config set --secret --path --stack staging kairos:redis.url",
      "npx kairos plan --stack staging",
      "pulumi up --stack staging",
    ]);
  });
});
