/** The recap in English, from top to bottom. */
import type { Database } from "../database.ts";
import { type Content, code, codes, fenced, link, md, numbered, table, when } from "../markdown.ts";
import type { Model, PlannedIn, SeenIn } from "../model.ts";
import { postgresOption, redisOptions } from "../options.ts";
import { redisCommands } from "../points.ts";
import { words } from "./en-words.ts";
import { partsIn, stackFile, statusCommand, type Template, upCommand } from "./parts.ts";

const say = partsIn(words);
const { point, tick } = say;
const { some, seconds } = words;

export const en: Template = {
  words,

  title: "🗄️ Database Configuration - Kaïros",

  intro: (m) => md`
This document sums up how MongoDB, PostgreSQL and Redis are configured at present for the Kaïros application.

${when(!m.checked)`The settings are those of the stack ${code(m.stack)}. **Nothing was checked**: no database was contacted, so nothing is ticked.`}
${when(m.checked)`The settings are those of the stack ${code(m.stack)}. The status was checked on ${m.checked?.at} (UTC), with ${say.source(m)}; only what was seen at that moment is ticked.`}
`,

  overview: (m) => md`
## 📊 Overview

The Kaïros application uses **${m.active === 3 ? "3 databases" : `${m.active} of 3 databases`}**:

1. **MongoDB**: Main database (mandatory) - Stores modules, users, progress and so on - ${say.state(m.mongodb)}
2. **PostgreSQL**: Relational database (optional) - For structured data - ${say.state(m.postgres)}
3. **Redis**: Cache and rate limiting (optional) - For better performance - ${say.state(m.redis)}
`,

  mongodb: (m) => md`
## 🍃 MongoDB (Mandatory)

### Current Configuration

${say.howItStands(m, m.mongodb, plannedMongodb(m.planned.mongodb))}

### Environment Variables

${say.variables(m, m.mongodb)}

### Status

${say.connected("Connected", m.mongodb)}
${point("Indexes created", m.mongodb.indexes, indexes)}
${point("Collections", m.mongodb.collections, collections)}
${point("Database", m.mongodb.exists, ({ yes }) => md`${code(m.mongodb.database)}, ${yes ? "exists" : "not created yet"}`)}
${point("Topology", m.mongodb.topology, topology)}
${point("Rights", m.mongodb.rights, rights)}
${point("Encryption", m.mongodb.encryption, say.encryption)}

### Optimizations in Force

According to ${m.mongodb.driver.checked ? "the check, made with the official driver" : "the stack's settings"}:

- **Connection pooling**: ${m.mongodb.driver.maxPoolSize} connections at most, ${m.mongodb.driver.minPoolSize} at least
- **Compression**: ${compression(m.mongodb.driver)}
- **Retry**: ${say.retries(m)}
- **Heartbeat**: Check every ${seconds(m.mongodb.driver.heartbeat)}
- **Timeout**: Connects within ${seconds(m.mongodb.driver.timeout)}
`,

  postgres: (m) => md`
## 🐘 PostgreSQL (Optional)

### Current Configuration

${say.howItStands(m, m.postgres, m.planned.postgres && plannedPostgres(m.planned.postgres))}

### Environment Variables

${say.variables(m, m.postgres)}

${when(m.postgres.off)`### Options to Activate PostgreSQL`}

${when(m.postgres.off && m.postgres.planned)`${say.onlyApply(m, m.postgres)}`}

${when(m.postgres.off && !m.postgres.planned)`
A Render Postgres beside the backend. The stack creates it and gives its five variables to the backend.

${say.setUp(postgresOption, m)}
`}

### Status

${say.connected("Connected", m.postgres)}
${point("Tables", m.postgres.tables, tables)}
${point("Type conflict", m.postgres.conflict, conflict)}
${point("Role", m.postgres.role, role)}
${point("Connections", m.postgres.connections, ({ used, maximum }) => `${used} of ${maximum} used`)}
${point("Size", m.postgres.size, ({ bytes }) => say.bytes(bytes))}
${point("Encryption", m.postgres.encryption, say.encryption)}

### PostgreSQL Tables

The backend creates the following tables by itself:

${say.table(m, "users", "Users")}
${say.table(m, "courses", "Courses")}
${say.table(m, "modules", "Modules of courses")}
${say.table(m, "enrollments", "Enrolments")}
${say.table(m, "user_progress", "Users' progress")}

### Note

PostgreSQL is **optional**. The application works perfectly with MongoDB alone. PostgreSQL serves advanced features (complex relations, transactions and so on).
`,

  redis: (m) => md`
## 🔴 Redis (Optional)

### Current Configuration

${say.howItStands(m, m.redis, m.planned.redis && plannedRedis(m.planned.redis))}

### Environment Variables

${say.variables(m, m.redis)}

${when(m.redis.off)`### Options to Activate Redis`}

${when(m.redis.off && m.redis.planned)`${say.onlyApply(m, m.redis)}`}

${when(m.redis.off && !m.redis.planned)`
#### Option 1: Redis Service on Render (Recommended)

A Key Value on Render's private network, beside the backend. The stack creates it and gives ${code("REDIS_URL")} to the backend.

${say.setUp(redisOptions.render, m)}

#### Option 2: External Redis

**Upstash**: ${link("https://upstash.com/")}. Encrypted with TLS, paid by use; the commands ask for the account's e-mail address and API key.

${say.setUp(redisOptions.upstash, m)}

**Redis Cloud**: ${link("https://redis.com/cloud/")}. The plan ${code("30MB")} is free; TLS is one click in its console after the first ${code("pulumi up")}.

${say.setUp(redisOptions["redis-cloud"], m)}

**A Redis that exists already**: the stack creates nothing, the command asks for its URL and encrypts it.

${say.setUp(redisOptions.external, m)}
`}

### Advantages of Redis

- **Cache**: Instant answers to frequent requests${say.policy(m, "cache")}
- **Rate Limiting**: Protection against abuse${say.policy(m, "rateLimit")}
- **Sessions**: Keeps the sessions of users${say.policy(m, "sessions")}
- **Performance**: Less load on MongoDB

### Status

${say.connected("Connected", m.redis)}
${when(m.redis.off)`- ℹ️ **Recommendation**: Activate Redis for better performance`}
${point("Commands", m.redis.commands, commands)}
${point("Memory", m.redis.memory, memory)}
${point("Encryption", m.redis.encryption, say.encryption)}
`,

  services: ({ backend }) => md`
## 🖥️ Backend Services (Render)

${say.servicesLead(backend)}

${table(["Service", "Status", "Last deploy", "Variables"], backend.services.map(say.service))}
`,

  checklist: ({ mongodb, postgres, redis, backend }) => md`
## 📋 Configuration Checklist

### MongoDB ${mongodb.mark}

${mongodb.variables.map(({ name, set }) => tick(set, md`${code(name)} set`))}
${tick(mongodb.connected, "Connection succeeded")}
${tick(mongodb.indexes, "Indexes created")}
${tick(mongodb.collections, "Collections created")}
${tick(mongodb.exists, md`Database ${code(mongodb.database)} exists`)}
${tick(mongodb.rights, "Reads and writes, and nothing beyond its database")}
${tick(mongodb.encrypted, "Connection encrypted, certificate trusted")}

### PostgreSQL ${postgres.mark}

${postgres.variables.map(({ name, set }) => tick(set, md`${code(name)} set`))}
${tick(postgres.connected, "Connection succeeded")}
${tick(postgres.tables, "Tables created")}
${tick(postgres.conflict, "No type conflict")}
${tick(postgres.role, "Role is no superuser")}
${tick(postgres.encrypted, "Connection encrypted, certificate trusted (not needed on the private network)")}

### Redis ${redis.mark}

${redis.variables.map(({ name, set }) => tick(set, md`${code(name)} set (optional)`))}
${tick(redis.exists, "Redis service created (optional)")}
${tick(redis.connected, "Connection tested (optional)")}
${tick(redis.commands, md`${codes(redisCommands)} tried on a throw-away key (optional)`)}

### Backend Services (Render) ${backend.mark}

${backend.services.map(({ name, equal, deployed }) => [
  tick(equal, md`Variables of ${code(name)} equal to the contract`),
  tick(deployed, md`${code(name)} live with the current variables`),
])}
`,

  errors: (m) => md`
## 🔧 Fixing Errors

${when(m.checked && m.errors.length === 0)`Apart from the known error below, the check found none.`}
${when(!m.checked)`One error is known of the backend. Nothing was checked: there may be others.`}

### PostgreSQL error: "duplicate key value violates unique constraint"

**Problem**: Conflict with an existing PostgreSQL type, left behind when the creation of a table was interrupted, and named like a table of the backend (${codes(m.postgres.duplicateKey.names)}). PostgreSQL makes a type of the same name for each table; two processes that create the same table at once run into the same constraint.

${when(m.postgres.duplicateKey.found)`**Solution**: Drop that type (the statement touches no table), then restart the backend, one process of it first:`}
${when(!m.postgres.duplicateKey.found)`**Solution**: See whether such a type was left behind:`}

${fenced("sql", m.postgres.duplicateKey.sql)}

${when(!m.postgres.duplicateKey.found)`- Drop it: ${code('DROP TYPE "schema"."name";')} (PostgreSQL refuses while a table uses it), then restart the backend`}
- The backend creates its tables with ${code("checkfirst=True")}: a table that is there is left as it is, but a type on its own goes unnoticed

${m.postgres.duplicateKey.mark} **Status**: ${words.errors.standing[m.postgres.duplicateKey.mark]}

${say.errors(m)}
`,

  summary: ({ mongodb, postgres, redis }) => md`
## 📊 Summary of Configurations

${table(
  ["Database", "Status", "Mandatory", "Configuration"],
  [
    [md`**MongoDB**`, say.state(mongodb), "Yes", say.configuration(mongodb)],
    [md`**PostgreSQL**`, say.state(postgres), "No", say.configuration(postgres)],
    [md`**Redis**`, say.state(redis), "No", say.configuration(redis)],
  ],
)}
`,

  steps: (m) => md`
## 🚀 Recommended Next Steps

${numbered([
  m.placeholders.length > 0 &&
    md`⚠️ **Settings**: replace ${codes(m.placeholders)} in ${stackFile(m)}; ${code("npx kairos plan")} says where to find each value`,
  md`${m.mongodb.mark} **MongoDB**: ${say.nextStep(m, m.mongodb, "Mandatory, to be configured")}`,
  md`${m.postgres.mark} **PostgreSQL**: ${say.nextStep(m, m.postgres, "Optional; worth activating for complex relations and transactions")}`,
  md`${m.redis.mark} **Redis**: ${say.nextStep(m, m.redis, "Recommended for better performance")}`,
  md`${m.backend.mark} **Backend Services (Render)**: ${words.next.services[m.backend.mark]}`,
])}

${when(m.postgres.off)`
### To Activate PostgreSQL

${activating(m, m.postgres, "Connexion PostgreSQL réussie")}
`}

${when(m.redis.off)`
### To Activate Redis

${activating(m, m.redis, "Redis connecté avec succès")}
`}
`,

  documentation: () => md`
## 📚 Documentation

- **MongoDB**: ${link("https://www.mongodb.com/docs/")}
- **PostgreSQL**: ${link("https://www.postgresql.org/docs/")}
- **Redis**: ${link("https://redis.io/docs/")}
- **Render**: ${link("https://render.com/docs/databases")}
- **Pulumi**: ${link("https://www.pulumi.com/docs/")}
`,

  closing: ({ date }) => md`**Last updated**: ${date}`,
};

const plannedMongodb = ({ name, tier, region, backups }: PlannedIn<"mongodb">): Content =>
  md`Atlas cluster ${code(name)}, tier ${code(tier)}, region ${code(region)}, ${backups ? "with" : "without"} continuous backup`;

const plannedPostgres = ({ name, plan, version, region, network }: PlannedIn<"postgres">): Content =>
  md`Render Postgres ${code(name)}, plan ${code(plan)}, version ${code(version)}, region ${code(region)}, ${network === "private" ? "private" : "public"} network`;

const plannedRedis = ({ provider, name }: PlannedIn<"redis">): Content =>
  name === undefined
    ? md`a Redis managed elsewhere, by its URL (${code(provider)})`
    : md`Redis ${code(name)} at ${code(provider)}`;

const indexes = ({ count, collections }: SeenIn<"mongodb", "indexes">): Content =>
  count > 0
    ? md`Yes (${some(count, "index", "indexes")} on ${some(collections, "collection")}, not counting ${code("_id_")})`
    : "No (the backend creates them by itself when it starts)";

const collections = ({ names }: SeenIn<"mongodb", "collections">): Content =>
  names.length > 0 ? codes(names) : "None (the backend creates them by itself)";

const topology = ({ kind, members, primary }: SeenIn<"mongodb", "topology">): Content =>
  md`${say.kinds[kind]}, ${some(members, "member")}${primary && md`, primary ${code(primary.host ?? words.host)}`}`;

const tables = ({ present, all }: SeenIn<"postgres", "tables">): Content =>
  present === all ? `All ${all} are there` : `${present} of ${all} are there`;

const conflict = ({ names }: SeenIn<"postgres", "conflict">): Content =>
  names.length > 0 ? md`${codes(names)} (see Fixing Errors)` : "None";

const role = ({ name, superuser }: SeenIn<"postgres", "role">): Content =>
  md`${code(name)}, ${superuser ? "superuser" : "no superuser"}`;

const commands = ({ failed }: SeenIn<"redis", "commands">): Content =>
  failed.length > 0 ? md`${codes(failed)} failed` : md`${codes(redisCommands)} work on a throw-away key`;

function rights({ user, enough, beyond }: SeenIn<"mongodb", "rights">): Content {
  if (!enough) return md`${code(user)} cannot read and write everything in its database`;
  if (beyond.length > 0) return md`${code(user)} may do more than its database needs: ${codes(beyond)}`;
  return md`${code(user)} reads and writes its database, nothing beyond`;
}

function compression({ compressors, compression }: Model["mongodb"]["driver"]): Content {
  const byUrl = md`${codes(compressors)}, by the URL`;
  const offered = compressors.length > 0 ? byUrl : "Snappy (if available) or Zlib, as the backend chooses";
  return compression === undefined ? offered : md`${offered}; during the check: ${code(compression)}`;
}

function memory({ policy, used, maximum }: SeenIn<"redis", "memory">): Content {
  const filled = used !== undefined && `, ${say.bytes(used)} used`;
  const limit = maximum !== undefined && ` of ${say.bytes(maximum)}`;
  return md`policy ${policy === undefined ? "unknown" : code(policy)}${filled}${limit}`;
}

const activating = (m: Model, { planned }: Database, logged: string): Content =>
  numbered([
    !planned && md`Choose one of the options above and put its settings into ${stackFile(m)}`,
    md`Run ${upCommand(m)}: the stack creates the database, gives its variables to the backend and redeploys it`,
    md`Check with ${statusCommand(m)}, then write this document again`,
    md`See the backend's logs: ${code(logged)}`,
  ]);
