/** Facts for tests: the stack of this checkout, and what its databases could have answered. */
import { contract, type VariableName } from "../../infra/contract.ts";
import { root } from "../../ops/bundle.mjs";
import { completed } from "../../ops/plan/complete.ts";
import { program } from "../../ops/plan/program.ts";
import { readStackFile } from "../../ops/plan/stack-file.ts";
import type { Facts, Planned } from "../../ops/recap/facts.ts";
import type { Problem, Status, VariableStatus } from "../../ops/status/model.ts";

type MongodbStatus = Status["databases"]["mongodb"];
type PostgresStatus = Status["databases"]["postgres"];
type RedisStatus = Status["databases"]["redis"];

/** Host names that no document may show unless asked. */
export const hosts = {
  mongodb: "cluster0-shard-00-01.hosts.invalid:27017",
  postgres: "dpg-hosts-a.oregon-postgres.invalid",
};

/** Production as the checkout's stack file has it, with other sections where given. */
export async function plannedProduction(sections: Record<string, object> = {}): Promise<Planned> {
  const file = await readStackFile(root, "prod");
  const values = { ...file.values };
  for (const [name, section] of Object.entries(sections)) values[`kairos:${name}`] = JSON.stringify(section);
  const { settings, placeholders } = completed(await program(), { ...file, values });
  const { mongodb, postgres, redis } = settings;
  return {
    stack: "prod",
    settings,
    variables: {
      MONGODB_URL: { $secret: "0" },
      MONGODB_DB_NAME: mongodb.database,
      MONGODB_TIMEOUT_MS: String(mongodb.driver.timeout),
      MONGODB_MAX_POOL_SIZE: String(mongodb.driver.maxPoolSize),
      MONGODB_MIN_POOL_SIZE: String(mongodb.driver.minPoolSize),
      ...(postgres.enabled && {
        POSTGRES_HOST: "‹postgres-database: private host›",
        POSTGRES_PORT: "5432",
        POSTGRES_USER: postgres.user,
        POSTGRES_PASSWORD: { $secret: "1" },
        POSTGRES_DB: postgres.database,
      }),
      ...(redis.provider !== "none" && { REDIS_URL: { $secret: "2" } }),
    },
    services: settings.backend.map(({ name }) => name),
    placeholders: [...placeholders.values()],
  };
}

const values: Partial<Record<VariableName, string>> = {
  MONGODB_DB_NAME: "kaïros",
  MONGODB_TIMEOUT_MS: "5000",
  MONGODB_MAX_POOL_SIZE: "200",
  MONGODB_MIN_POOL_SIZE: "20",
  POSTGRES_HOST: hosts.postgres,
  POSTGRES_PORT: "5432",
  POSTGRES_USER: "kairos",
  POSTGRES_DB: "kairos_db",
};

/** The variables of an environment in which everything is set but what belongs to the given owners. */
export function variablesWithout(...off: string[]): VariableStatus[] {
  return (Object.keys(contract) as VariableName[]).map((name): VariableStatus => {
    const { owner, secret } = contract[name];
    if (off.includes(owner)) return { name, state: "unset", secret };
    const value = values[name];
    return { name, state: "set", secret, ...(value !== undefined && { value }) };
  });
}

const tls = {
  on: true,
  version: "TLSv1.3",
  trusted: true,
  validTo: "2026-03-14T12:00:00.000Z",
  daysLeft: 58,
} as const;
const latency = { tries: 5, median: 3.14, fastest: 2.9, slowest: 4.2 };

export const mongodbWell: MongodbStatus = {
  state: "well",
  seconds: 0.21,
  remarks: [],
  facts: {
    connected: true,
    latency,
    version: "8.0.4",
    topology: { kind: "replica set", set: "atlas-abc123-shard-0", primary: hosts.mongodb, members: 3 },
    database: { asked: "kaïros", exists: true, nearMisses: [] },
    collections: [
      { name: "users", indexes: ["_id_", "email_1"] },
      { name: "modules", indexes: ["_id_", "subject_1", "level_1"] },
      { name: "progress", indexes: ["_id_", "user_1_module_1"] },
    ],
    rights: { user: "kairos", canRead: true, canWrite: true, beyond: [] },
    settings: {
      serverSelectionTimeout: 5000,
      maxPoolSize: 200,
      minPoolSize: 20,
      heartbeat: 10_000,
      retryWrites: true,
      retryReads: true,
      compressors: ["snappy", "zlib"],
    },
    compression: "snappy",
    tls,
  },
};

export const postgresWell: PostgresStatus = {
  state: "well",
  seconds: 0.12,
  remarks: [],
  facts: {
    connected: true,
    latency: { ...latency, median: 1.04 },
    version: "18.1",
    database: "kairos_db",
    role: { name: "kairos", superuser: false },
    tables: {
      users: "present",
      courses: "present",
      modules: "present",
      enrollments: "present",
      user_progress: "present",
    },
    elsewhere: [],
    conflicts: [],
    rights: { canWrite: true, refused: [] },
    connections: { used: 12, maximum: 97 },
    size: 8_123_456,
    tls,
  },
};

export const redisWell: RedisStatus = {
  state: "well",
  seconds: 0.08,
  remarks: [],
  facts: {
    connected: true,
    latency: { ...latency, median: 0.92 },
    version: "8.2.1",
    software: "redis",
    commands: { set: true, get: true, expire: true, del: true },
    memory: {
      policy: "allkeys-lru",
      maximum: 256_000_000,
      used: 1_250_000,
    },
    tls,
  },
};

export const redisOff: RedisStatus = {
  state: "off",
  seconds: 0,
  remarks: [],
  facts: { connected: false },
};

export const postgresOff: PostgresStatus = { ...redisOff };

/** The seed's day: a type named like a table is in the way. */
export const postgresConflict: PostgresStatus = {
  ...postgresWell,
  state: "warning",
  remarks: [{ kind: "type-conflict", severity: "warning", names: ["users"] }],
  facts: {
    ...postgresWell.facts,
    tables: { ...postgresWell.facts.tables, users: "missing" } as NonNullable<
      PostgresStatus["facts"]["tables"]
    >,
    conflicts: [
      {
        name: "users",
        schema: "public",
        what: "type",
      },
    ],
  },
};

export const wrongPassword: Problem = {
  kind: "login-refused",
  stage: "connecting",
  place: { database: "mongodb", vendor: "atlas" },
  causes: ["wrong-password", "user-missing", "password-not-encoded"],
  evidence: "8000 (MongoServerError)",
  variables: ["MONGODB_URL"],
};

export const mongodbDown: MongodbStatus = {
  state: "failed",
  seconds: 5.01,
  problem: wrongPassword,
  remarks: [],
  facts: { connected: false },
};

/** A status in which everything is well but what is given. */
export function statusWith(
  databases: Partial<Status["databases"]> = {},
  rest: Partial<Pick<Status, "contract" | "render" | "source" | "backups">> = {},
): Status {
  return {
    schema: 2,
    at: "2026-01-15T10:12:31.000Z",
    source: { kind: "stack", stack: "prod" },
    contract: variablesWithout(
      ...Object.entries(databases).flatMap(([name, { state }]) => (state === "off" ? [name] : [])),
    ),
    databases: { mongodb: mongodbWell, postgres: postgresWell, redis: redisWell, ...databases },
    render: {
      state: "well",
      seconds: 0.4,
      services: [
        {
          name: "kairos-backend",
          id: `srv-${"0".repeat(20)}`,
          state: "well",
          lastDeploy: { status: "live", createdAt: "2026-01-14T18:30:00Z" },
          liveWithCurrentVariables: "yes",
          variables: { equal: Object.keys(contract), differ: [], missing: [], extra: [], shadowed: [] },
        },
      ],
    },
    seconds: 0.5,
    ok: databases.mongodb?.state !== "failed",
    allWell: Object.keys(databases).length === 0,
    ...rest,
  };
}

/** Facts at a moment that is always the same; where somebody looked, every disclosed password is another one now. */
export const factsOf = (planned: Planned, status?: Status, showHosts = false): Facts => ({
  planned,
  status,
  neverRotated: status && [],
  showHosts,
  now: new Date("2026-01-15T11:00:00Z"),
});
