/** What each database's own part says, in English. */
import { code, codes, link, say, strong } from "../model.ts";
import type { databases as french } from "./fr-databases.ts";

const decimal = (value: number) => value.toFixed(1).replace(/\.0$/, "");
const seconds = (ms: number) => `${decimal(ms / 1000)} second${ms === 1000 ? "" : "s"}`;
const some = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Bytes, in the units that people use for disks. */
function bytes(count: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = count < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(count) / 3));
  return `${decimal(count / 1000 ** power)} ${units[power]}`;
}

export const databases: typeof french = {
  mandatory: (name) => `${name} (Mandatory)`,
  optional: (name) => `${name} (Optional)`,
  current: "Current Configuration",
  lead: {
    well: (name, mandatory) =>
      mandatory
        ? say`According to the check, ${name} is ${strong("correctly configured and connected")}:`
        : say`According to the check, ${name} is ${strong("configured and connected")}:`,
    warning: (name) =>
      say`According to the check, ${name} is ${strong("connected, but something should be corrected")}:`,
    conflict: (name) =>
      say`According to the check, ${name} is ${strong("connected, but some tables cannot be created")}:`,
    failed: (name) =>
      say`According to the check, ${name} is ${strong("configured, but the backend cannot use it")}:`,
    off: (name) => say`According to the check, ${name} is ${strong("not configured")}:`,
    unchecked: (name) =>
      say`According to the stack's settings, ${name} is ${strong("planned")}; its connection is ${strong("not checked")}:`,
    uncheckedOff: (name) => say`According to the stack's settings, ${name} is ${strong("not configured")}:`,
  },
  log: {
    connected: (name, version) =>
      `Connection to ${name} succeeded${version === undefined ? "" : ` - version: ${version}`}`,
    ping: (name, { median, tries }) =>
      `${name} answered a ping - ${decimal(median)} ms (median of ${some(tries, "try", "tries")})`,
    failed: (name, why) => `Connection to ${name} failed - ${why}`,
    unusable: (name, why) => `${name} cannot be used - ${why}`,
    notChecked: (name) => `${name} not checked`,
    off: {
      mongodb: "MongoDB not configured",
      postgres: "PostgreSQL not configured - MongoDB is enough (optional)",
      redis: "Redis not configured - no cache (optional)",
    },
  },
  notPlanned: (stack, name) => say`The stack ${code(stack)} does not plan ${name}.`,
  plannedBy: (stack, what) => say`Planned by the stack ${code(stack)}: ${what}.`,
  planned: {
    mongodb: (cluster, tier, region, backups) =>
      say`Atlas cluster ${code(cluster)}, tier ${code(tier)}, region ${code(region)}, ${backups ? "with" : "without"} continuous backup`,
    postgres: (name, plan, version, region, isPrivate) =>
      say`Render Postgres ${code(name)}, plan ${code(plan)}, version ${code(version)}, region ${code(region)}, ${isPrivate ? "private" : "public"} network`,
    redis: (provider, name) =>
      name === undefined
        ? say`a Redis managed elsewhere, by its URL (${code(provider)})`
        : say`Redis ${code(name)} at ${code(provider)}`,
  },
  differs: {
    notApplied: (name) => say`The stack plans ${name}, but the checked environment lacks its variables.`,
    notManaged: (name) =>
      say`The checked environment has ${name}, but the stack does not plan it: its variables come from elsewhere.`,
  },

  variables: {
    title: "Environment Variables",
    configure: (services) =>
      say`The stack gives these variables to your backend service on Render (${codes(services)}):`,
    activate: (name) =>
      say`Once ${name} is activated, the stack gives these variables to your backend service on Render:`,
    head: ["Variable", "Current value", "Description"],
    headOff: ["Variable", "Value", "Description"],
  },

  status: {
    title: "Status",
    connected: "Connected",
    notOptional: "No",
    offOptional: "No (optional)",
    topology: "Topology",
    topologyIs: (kind, members, primary) =>
      say`${kind}, ${some(members, "member")}${primary === undefined ? [] : say`, primary ${code(primary)}`}`,
    database: "Database",
    exists: (name) => say`${code(name)}, exists`,
    existsNot: (name) => say`${code(name)}, not created yet`,
    indexes: "Indexes created",
    indexCount: (count, collections) =>
      say`Yes (${some(count, "index", "indexes")} on ${some(collections, "collection")}, not counting ${code("_id_")})`,
    noIndexes: ["No (the backend creates them by itself when it starts)"],
    collections: "Collections",
    noCollections: ["None (the backend creates them by itself)"],
    rights: "Rights",
    rightsExact: (user) => say`${code(user)} reads and writes its database, nothing beyond`,
    rightsBeyond: (user, beyond) => say`${code(user)} may do more than its database needs: ${codes(beyond)}`,
    rightsTooFew: (user) => say`${code(user)} cannot read and write everything in its database`,
    tls: "Encryption",
    tlsOff: ["None"],
    tlsIs: (version, validTo, daysLeft) => [
      `${version ?? "TLS"}${validTo === undefined ? "" : `, certificate valid until ${validTo}`}${daysLeft === undefined ? "" : ` (${some(daysLeft, "day")})`}`,
    ],
    untrusted: (because) =>
      say`TLS, but the certificate does not prove who answers${because === undefined ? [] : say` (${code(because)})`}`,
    tables: "Tables",
    tablesPresent: (present, all) => [
      present === all ? `All ${all} are there` : `${present} of ${all} are there`,
    ],
    conflict: "Type conflict",
    conflicts: (names) => say`${codes(names)} (see Fixing Errors)`,
    noConflict: ["None"],
    role: "Role",
    superuser: (name) => say`${code(name)}, superuser`,
    ordinary: (name) => say`${code(name)}, no superuser`,
    connections: "Connections",
    connectionsUsed: (used, maximum) => [`${used} of ${maximum} used`],
    size: "Size",
    bytes,
    commands: "Commands",
    commandsWork: (names) => say`${codes(names)} work on a throw-away key`,
    commandsFail: (names) => say`${codes(names)} failed`,
    memory: "Memory",
    memoryIs: (policy, used, maximum) =>
      say`policy ${policy === undefined ? "unknown" : code(policy)}${used === undefined ? "" : `, ${bytes(used)} used`}${maximum ? ` of ${bytes(maximum)}` : ""}`,
    recommendation: "Recommendation",
    activateRedis: ["Activate Redis for better performance"],
  },

  optimizations: {
    title: "Optimizations in Force",
    settings: ["According to the stack's settings:"],
    checked: ["According to the check, made with the official driver:"],
    pool: "Connection pooling",
    poolIs: (most, least) => [`${most} connections at most, ${least} at least`],
    compression: "Compression",
    compressors: (names) =>
      names.length === 0
        ? ["Snappy (if available) or Zlib, as the backend chooses"]
        : say`${codes(names)}, by the URL`,
    negotiated: (content, name) => say`${content}; during the check: ${code(name)}`,
    retry: "Retry",
    retries: (writes, reads) => {
      const python = (on: boolean) => (on ? "True" : "False");
      return codes([`retryWrites=${python(writes)}`, `retryReads=${python(reads)}`]);
    },
    heartbeat: "Heartbeat",
    every: (ms) => [`Check every ${seconds(ms)}`],
    timeout: "Timeout",
    within: (ms) => [`Connects within ${seconds(ms)}`],
  },

  tables: {
    title: "PostgreSQL Tables",
    created: ["The backend creates the following tables by itself:"],
    names: {
      users: "Users",
      courses: "Courses",
      modules: "Modules of courses",
      enrollments: "Enrolments",
      user_progress: "Users' progress",
    },
    present: "there",
    missing: "missing",
  },
  note: {
    title: "Note",
    text: say`PostgreSQL is ${strong("optional")}. The application works perfectly with MongoDB alone. PostgreSQL serves advanced features (complex relations, transactions and so on).`,
  },

  options: {
    title: (name) => `Options to Activate ${name}`,
    apply: (name) => say`${name} is in the stack's settings already. What is left is to apply them:`,
    into: (file) => say`In ${code(file)}:`,
    afterwards: ["Then:"],
    render: {
      title: "Option 1: Redis Service on Render (Recommended)",
      text: say`A Key Value on Render's private network, beside the backend. The stack creates it and gives ${code("REDIS_URL")} to the backend.`,
    },
    external: {
      title: "Option 2: External Redis",
      upstash: say`${strong("Upstash")}: ${link("https://upstash.com/")}. Encrypted with TLS, paid by use; the commands ask for the account's e-mail address and API key.`,
      "redis-cloud": say`${strong("Redis Cloud")}: ${link("https://redis.com/cloud/")}. The plan ${code("30MB")} is free; TLS is one click in its console after the first ${code("pulumi up")}.`,
      external: say`${strong("A Redis that exists already")}: the stack creates nothing, the command asks for its URL and encrypts it.`,
    },
    postgres: say`A Render Postgres beside the backend. The stack creates it and gives its five variables to the backend.`,
  },
  advantages: {
    title: "Advantages of Redis",
    cache: "Instant answers to frequent requests",
    rateLimit: "Protection against abuse",
    sessions: "Keeps the sessions of users",
    performance: "Less load on MongoDB",
    policy: (text, policy, use) => say`${text} (policy ${code(policy)}: ${use})`,
  },
};
