/** The states that a status has to tell apart, and how each is brought about on the databases of the sandbox. */
import type { CauseCode, FailureKind, RemarkKind } from "../../ops/status/advice/texts.ts";
import type { DatabaseName, HealthState } from "../../ops/status/model.ts";
import type { Variables } from "../../ops/status/variables.ts";
import { createAuthority } from "../../sandbox/clouds/certificates.ts";
import { freePort } from "../../sandbox/processes/ports.ts";
import { canary } from "../canaries.ts";
import type { MiddlemanOptions } from "./middleman.ts";
import { type Peers, shortTimeout } from "./peers.ts";

/** What is expected of the one database that a state is about. */
interface Expected {
  of: DatabaseName;
  state: HealthState;
  problem?: FailureKind;
  /** The first of the likely causes. */
  cause?: CauseCode;
  remark?: RemarkKind;
  /** Exit codes, without and with `--strict`. */
  exit: [number, number];
}

export interface Case extends Expected {
  name: string;
  /** The environment; what it changes from the one in which all is well. */
  change: () => Variables | Promise<Variables>;
}

const failed = (of: DatabaseName, problem: FailureKind, cause: CauseCode): Expected => ({
  of,
  state: "failed",
  problem,
  cause,
  exit: of === "mongodb" ? [1, 1] : [0, 1],
});
const warns = (of: DatabaseName, remark: RemarkKind): Expected => ({
  of,
  state: "warning",
  remark,
  exit: [0, 1],
});

const noPostgres = Object.fromEntries(
  ["HOST", "PORT", "USER", "PASSWORD", "DB"].map((name) => [`POSTGRES_${name}`, undefined]),
);

const impatient: Variables = { MONGODB_TIMEOUT_MS: String(shortTimeout) };
const tooSlow = 2 * shortTimeout;

/** @param via starts a middleman that ends with the case, and gives its port */
export function casesOn(peers: () => Peers, via: (options: MiddlemanOptions) => Promise<number>): Case[] {
  /** Accepts and never answers: at once, after TLS, and after the login. */
  const silences = (): Case[] => {
    const stages: [string, (name: DatabaseName) => Promise<MiddlemanOptions>][] = [
      ["accepts, then silence", async () => ({ postgres: false })],
      ["TLS, then silence", async () => ({ certificate: await ours() })],
      [
        "login, then silence",
        async (name) => ({
          to: peers()[name].port,
          encrypts: name !== "postgres",
          certificate: await ours(),
          silentFrom: { mongodb: "ping", postgres: "default_transaction_read_only", redis: "SET" }[name],
        }),
      ],
    ];
    const ways = { mongodb: mongodbVia, postgres: postgresVia, redis: redisVia };
    return (["mongodb", "postgres", "redis"] as const).flatMap((name) =>
      stages.map(([stage, options]) => ({
        name: `${{ mongodb: "MongoDB", postgres: "PostgreSQL", redis: "Redis" }[name]} ${stage}`,
        ...failed(name, "timeout", "server-hangs"),
        change: async () => ({ ...impatient, ...(await ways[name](await options(name))) }),
      })),
    );
  };

  const newSecret = () => {
    const secret = canary();
    peers().secrets.push(secret);
    return secret;
  };
  const mongodbVia = async (options: MiddlemanOptions): Promise<Variables> => ({
    MONGODB_URL: peers().mongodbUrl(peers().logins.writer, {
      port: await via(options),
      // Whoever waits for a word has to be able to read it.
      ...(options.silentFrom !== undefined && { options: "&compressors=none" }),
    }),
  });
  const redisVia = async (options: MiddlemanOptions): Promise<Variables> => ({
    REDIS_URL: peers().redisUrl(peers().redisPassword, await via(options)),
  });
  const postgresVia = async (options: MiddlemanOptions): Promise<Variables> => ({
    POSTGRES_PORT: String(await via({ postgres: true, ...options })),
  });
  const ours = () => peers().authority.issue("127.0.0.1");
  const expired = () => peers().authority.issue("127.0.0.1", new Date(Date.now() - 3 * 24 * 60 * 60 * 1000));
  const soon = () => peers().authority.issue("127.0.0.1", new Date(Date.now() + 9.5 * 24 * 60 * 60 * 1000));
  const strangers = async () => (await createAuthority()).issue("127.0.0.1");

  return [
    { name: "all well", of: "mongodb", state: "well", exit: [0, 0], change: () => ({}) },
    { name: "Redis off", of: "redis", state: "off", exit: [0, 0], change: () => ({ REDIS_URL: undefined }) },
    { name: "PostgreSQL off", of: "postgres", state: "off", exit: [0, 0], change: () => noPostgres },
    {
      name: "MongoDB not configured",
      ...failed("mongodb", "missing-variables", "variable-missing"),
      change: () => ({
        MONGODB_URL: undefined,
        MONGODB_DB_NAME: undefined,
        MONGODB_TIMEOUT_MS: undefined,
        MONGODB_MAX_POOL_SIZE: undefined,
        MONGODB_MIN_POOL_SIZE: undefined,
      }),
    },
    {
      name: "POSTGRES_PASSWORD missing beside the others",
      ...failed("postgres", "missing-variables", "variable-alone"),
      change: () => ({ POSTGRES_PASSWORD: undefined }),
    },
    {
      name: "timeout is no number",
      ...failed("mongodb", "invalid-variables", "variable-invalid"),
      change: () => ({ MONGODB_TIMEOUT_MS: "5s" }),
    },
    {
      name: "MongoDB down",
      ...failed("mongodb", "connection-refused", "server-down"),
      // The driver tries again until its time is over.
      change: async () => ({
        ...impatient,
        MONGODB_URL: peers().mongodbUrl(peers().logins.writer, { port: await freePort() }),
      }),
    },
    {
      name: "PostgreSQL down",
      ...failed("postgres", "connection-refused", "server-down"),
      change: async () => ({ POSTGRES_PORT: String(await freePort()) }),
    },
    {
      name: "Redis down",
      ...failed("redis", "connection-refused", "server-down"),
      change: async () => ({ REDIS_URL: peers().redisUrl(peers().redisPassword, await freePort()) }),
    },
    {
      name: "MongoDB, wrong password",
      ...failed("mongodb", "login-refused", "wrong-password"),
      change: () => ({ MONGODB_URL: peers().mongodbUrl({ user: "kairos", password: newSecret() }) }),
    },
    {
      name: "PostgreSQL, wrong password",
      ...failed("postgres", "login-refused", "wrong-password"),
      change: () => ({ POSTGRES_PASSWORD: newSecret() }),
    },
    {
      name: "Redis, wrong password",
      ...failed("redis", "login-refused", "wrong-password"),
      change: () => ({ REDIS_URL: peers().redisUrl(newSecret()) }),
    },
    {
      name: "MongoDB, password not encoded",
      ...failed("mongodb", "invalid-variables", "password-not-encoded"),
      change: () => ({
        MONGODB_URL: peers()
          .mongodbUrl(peers().logins.writer)
          .replace(/:[^@:]+@/, () => `:${newSecret()}%zz@`),
      }),
    },
    {
      name: "MongoDB, host name unknown",
      ...failed("mongodb", "host-not-found", "wrong-host"),
      change: () => ({
        ...impatient,
        MONGODB_URL: peers().mongodbUrl(peers().logins.writer).replace("127.0.0.1", "cluster0.invalid"),
      }),
    },
    {
      name: "PostgreSQL, private name from outside",
      ...failed("postgres", "host-not-found", "private-network"),
      change: () => ({ POSTGRES_HOST: "dpg-c0ffee0000000000000-a" }),
    },
    {
      name: "PostgreSQL, no such database",
      ...failed("postgres", "no-such-database", "database-name"),
      change: () => ({ POSTGRES_DB: "other" }),
    },
    {
      name: "MongoDB, name with another accent",
      ...failed("mongodb", "not-allowed", "database-name"),
      change: () => ({ MONGODB_DB_NAME: "kairos" }),
    },
    {
      name: "MongoDB, name in another case, wide rights",
      ...warns("mongodb", "database-near-miss"),
      change: () => ({
        MONGODB_URL: peers().mongodbUrl(peers().logins.administrator),
        MONGODB_DB_NAME: "Kaïros",
      }),
    },
    {
      name: "MongoDB, more rights than its database",
      ...warns("mongodb", "rights-beyond-database"),
      change: () => ({ MONGODB_URL: peers().mongodbUrl(peers().logins.administrator) }),
    },
    {
      name: "MongoDB, read-only user",
      ...failed("mongodb", "not-allowed", "read-only-user"),
      change: () => ({ MONGODB_URL: peers().mongodbUrl(peers().logins.reader) }),
    },
    {
      name: "PostgreSQL, read-only user",
      ...failed("postgres", "not-allowed", "read-only-user"),
      change: () => ({
        POSTGRES_USER: peers().logins.postgresReader.user,
        POSTGRES_PASSWORD: peers().logins.postgresReader.password,
      }),
    },
    {
      name: "missing tables",
      ...warns("postgres", "tables-missing"),
      change: () => ({ POSTGRES_DB: "no_tables" }),
    },
    {
      name: "the type conflict",
      ...warns("postgres", "type-conflict"),
      change: () => ({ POSTGRES_DB: "conflict" }),
    },
    {
      name: "MongoDB, expired certificate",
      ...failed("mongodb", "certificate-expired", "certificate-not-renewed"),
      change: async () => mongodbVia({ certificate: await expired() }),
    },
    {
      name: "PostgreSQL, expired certificate",
      ...warns("postgres", "certificate-expired"),
      change: async () => postgresVia({ to: peers().postgres.port, certificate: await expired() }),
    },
    {
      name: "Redis, expired certificate",
      ...failed("redis", "certificate-expired", "certificate-not-renewed"),
      change: async () => redisVia({ certificate: await expired() }),
    },
    {
      name: "Redis, certificate expires in 9 days",
      ...warns("redis", "certificate-expires"),
      change: async () => redisVia({ to: peers().redis.port, encrypts: true, certificate: await soon() }),
    },
    {
      name: "MongoDB, untrusted certificate",
      ...failed("mongodb", "certificate-untrusted", "private-authority"),
      change: async () => mongodbVia({ certificate: await strangers() }),
    },
    {
      name: "PostgreSQL, untrusted certificate",
      of: "postgres",
      state: "well",
      remark: "certificate-untrusted",
      exit: [0, 0],
      change: async () => postgresVia({ to: peers().postgres.port, certificate: await strangers() }),
    },
    {
      name: "Redis, untrusted certificate",
      ...failed("redis", "certificate-untrusted", "private-authority"),
      change: async () => redisVia({ certificate: await strangers() }),
    },
    {
      name: "Redis, URL without TLS",
      ...failed("redis", "connection-closed", "tls-required"),
      change: () => ({ REDIS_URL: peers().redisUrl(peers().redisPassword).replace("rediss:", "redis:") }),
    },
    {
      name: "MongoDB slow",
      ...warns("mongodb", "slow"),
      change: async () => ({
        ...(await mongodbVia({ to: peers().mongodb.port, delay: 270 })),
      }),
    },
    {
      name: "PostgreSQL slow",
      ...warns("postgres", "slow"),
      change: async () => ({
        ...(await postgresVia({ to: peers().postgres.port, certificate: await ours(), delay: 270 })),
      }),
    },
    {
      name: "Redis slow",
      ...warns("redis", "slow"),
      change: async () => ({
        ...(await redisVia({ to: peers().redis.port, delay: 270 })),
      }),
    },
    {
      name: "MongoDB slower than the timeout",
      ...failed("mongodb", "timeout", "server-hangs"),
      change: async () => ({
        ...impatient,
        ...(await mongodbVia({ to: peers().mongodb.port, delay: tooSlow })),
      }),
    },
    {
      name: "PostgreSQL slower than the timeout",
      ...failed("postgres", "timeout", "server-hangs"),
      change: async () => ({
        ...impatient,
        ...(await postgresVia({ to: peers().postgres.port, certificate: await ours(), delay: tooSlow })),
      }),
    },
    {
      name: "Redis slower than the timeout",
      ...failed("redis", "timeout", "server-hangs"),
      change: async () => ({
        ...impatient,
        ...(await redisVia({ to: peers().redis.port, delay: tooSlow })),
      }),
    },
    ...silences(),
  ];
}
