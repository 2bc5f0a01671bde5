/** Settings that turn a database on, ready to paste, and the commands that apply them. */
import { yamlOf } from "../../engine/yaml.ts";
import { production, type Stage, stageOf } from "../../infra/settings/stages.ts";

/** One way to have a database. */
export interface Option {
  /** A section of the stack file. */
  section: "postgres" | "redis";
  settings: Readonly<Record<string, string | boolean>>;
  /** What only the owner has: set with `pulumi config set`, which asks for the value. */
  keys: readonly { key: string; secret: boolean; path?: true }[];
  /** What another stack than production may only have when it says that it shares it. */
  shares?: readonly string[];
}

/** The smallest plans that a stage's policies allow (infra/policies/tiers.ts); Redis Cloud's as that vendor calls them. */
const plans: Readonly<Record<Stage, { postgres: string; redisCloud: string }>> = {
  prod: { postgres: "basic_1gb", redisCloud: "Single-Zone_1GB" },
  staging: { postgres: "basic_256mb", redisCloud: "30MB" },
  short: { postgres: "basic_256mb", redisCloud: "30MB" },
};

/** Of Redis every provider that `kairos:redis` knows. */
export function optionsFor(stack: string) {
  const { postgres, redisCloud } = plans[stageOf(stack)];
  return {
    postgres: {
      section: "postgres",
      settings: { enabled: true, plan: postgres, version: "18" },
      keys: [],
    },
    redis: {
      render: { section: "redis", settings: { provider: "render", plan: "starter" }, keys: [] },
      upstash: {
        section: "redis",
        settings: { provider: "upstash" },
        keys: [
          { key: "upstash:email", secret: false },
          { key: "upstash:apiKey", secret: true },
        ],
      },
      "redis-cloud": {
        section: "redis",
        settings: { provider: "redis-cloud", plan: redisCloud },
        keys: [
          { key: "rediscloud:apiKey", secret: true },
          { key: "rediscloud:secretKey", secret: true },
        ],
      },
      external: {
        section: "redis",
        settings: { provider: "external" },
        keys: [{ key: "kairos:redis.url", secret: true, path: true }],
        ...(stack !== production && { shares: ["redis.url"] }),
      },
    },
  } as const satisfies { postgres: Option; redis: Record<string, Option> };
}

/** What to put into the stack file. */
export const settingsYaml = ({ section, settings, shares }: Option): string =>
  yamlOf({
    config: { [`kairos:${section}`]: settings, ...(shares && { "kairos:shares": shares }) },
  }).trimEnd();

/** What to type afterwards. A value that is left out is asked for, so that no secret stays in a shell's history. */
export function commands({ keys }: Pick<Option, "keys">, stack: string): string {
  const set = keys.map(
    ({ key, secret, path }) =>
      `pulumi config set${secret ? " --secret" : ""}${path ? " --path" : ""} --stack ${stack} ${key}`,
  );
  return [...set, applying(stack)].join("\n");
}

/** What applies settings that are there. */
export const applying = (stack: string): string =>
  `npx kairos plan --stack ${stack}\npulumi up --stack ${stack}`;
