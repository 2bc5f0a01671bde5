/** Settings that turn a database on, ready to paste, and the commands that apply them. */
import { yamlOf } from "../../engine/yaml.ts";
import { production, type Stage, stageOf } from "../../infra/settings/stages.ts";

/** One way to have a database. */
export interface Option {
  /** A section of the stack file. */
  section: "postgres" | "redis";
  settings: Readonly<Record<string, string | boolean>>;
  /** What only the owner has: set with `pulumi config set`, which asks for the value; flags by key. */
  keys: Readonly<Record<string, string>>;
  /** What another stack than production may only have when it says that it shares it. */
  shares?: readonly string[];
}

/** The smallest plans that a stage's policies allow (infra/policies/tiers.ts); Redis Cloud's as that vendor calls them. */
const plans: Readonly<Record<Stage, { postgres: string; redisCloud: string }>> = {
  prod: { postgres: "basic_1gb", redisCloud: "Single-Zone_1GB" },
  staging: { postgres: "basic_256mb", redisCloud: "30MB" },
  short: { postgres: "basic_256mb", redisCloud: "30MB" },
};

const secret = "--secret";

/** Of Redis every provider that `kairos:redis` knows. */
export function optionsFor(stack: string) {
  const { postgres, redisCloud: plan } = plans[stageOf(stack)];
  const redis = (settings: Option["settings"], keys: Option["keys"] = {}): Option => ({
    section: "redis",
    settings,
    keys,
  });
  const external = redis({ provider: "external" }, { "kairos:redis.url": `${secret} --path` });
  return {
    postgres: {
      section: "postgres",
      settings: { enabled: true, plan: postgres, version: "18" },
      keys: {},
    } satisfies Option,
    redis: {
      render: redis({ provider: "render", plan: "starter" }),
      upstash: redis({ provider: "upstash" }, { "upstash:email": "", "upstash:apiKey": secret }),
      "redis-cloud": redis(
        { provider: "redis-cloud", plan },
        { "rediscloud:apiKey": secret, "rediscloud:secretKey": secret },
      ),
      external: stack === production ? external : { ...external, shares: ["redis.url"] },
    },
  };
}

/** What to put into the stack file. */
export const settingsYaml = ({ section, settings, shares }: Option): string =>
  yamlOf({
    config: { [`kairos:${section}`]: settings, ...(shares && { "kairos:shares": shares }) },
  }).trimEnd();

/** What to type afterwards. A value that is left out is asked for, so that no secret stays in a shell's history. */
export const commands = ({ keys }: Pick<Option, "keys">, stack: string): string =>
  [
    ...Object.entries(keys).map(([key, flags]) =>
      ["pulumi config set", flags, "--stack", stack, key].filter((word) => word !== "").join(" "),
    ),
    applying(stack),
  ].join("\n");

/** What applies settings that are there. */
export const applying = (stack: string): string =>
  `npx kairos plan --stack ${stack}\npulumi up --stack ${stack}`;
