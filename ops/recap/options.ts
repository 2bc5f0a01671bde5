/** Settings that turn a database on, ready to paste, and the commands that apply them. */
import { stringify } from "yaml";

/** One way to have a database. */
export interface Option {
  /** A section of the stack file. */
  section: "postgres" | "redis";
  settings: Readonly<Record<string, string | boolean>>;
  /** What only the owner has: set with `pulumi config set`, which asks for the value. */
  keys: readonly { key: string; secret: boolean; path?: true }[];
}

export const postgresOption: Option = {
  section: "postgres",
  settings: { enabled: true, plan: "basic_256mb", version: "18" },
  keys: [],
};

/** Every provider of Redis that `kairos:redis` knows. */
export const redisOptions = {
  render: { section: "redis", settings: { provider: "render", plan: "starter" }, keys: [] },
  upstash: {
    section: "redis",
    settings: { provider: "upstash" },
    keys: [
      { key: "upstash:email", secret: false },
      { key: "upstash:apiKey", secret: true },
    ],
  },
  // The free plan, as Redis Cloud calls it.
  "redis-cloud": {
    section: "redis",
    settings: { provider: "redis-cloud", plan: "30MB" },
    keys: [
      { key: "rediscloud:apiKey", secret: true },
      { key: "rediscloud:secretKey", secret: true },
    ],
  },
  external: {
    section: "redis",
    settings: { provider: "external" },
    keys: [{ key: "kairos:redis.url", secret: true, path: true }],
  },
} as const satisfies Record<string, Option>;

/** What to put into the stack file. */
export const settingsYaml = ({ section, settings }: Option): string =>
  stringify({ config: { [`kairos:${section}`]: settings } }).trimEnd();

/** What to type afterwards. A value that is left out is asked for, so that no secret stays in a shell's history. */
export function commands({ keys }: Pick<Option, "keys">, stack: string): string {
  const set = keys.map(
    ({ key, secret, path }) =>
      `pulumi config set${secret ? " --secret" : ""}${path ? " --path" : ""} --stack ${stack} ${key}`,
  );
  return [...set, `npx kairos plan --stack ${stack}`, `pulumi up --stack ${stack}`].join("\n");
}
