/**
 * What can be wrong with a database and what is worth knowing of one that answers, why, and what to do about it, in
 * English. The codes of a status are those that have words here; French is typed by them.
 */
import { list, plural } from "../../terminal/amounts.ts";
import type { MistakeDetails, RemarkDetails } from "../problem.ts";

/** Why a check failed, in one sentence. */
export const problems = {
  "missing-variables": "variables are missing",
  "invalid-variables": "a variable has a value that cannot be used",
  "host-not-found": "the host name was not found",
  "connection-refused": "the connection was refused",
  unreachable: "the network has no way there",
  "connection-closed": "the server closed the connection",
  timeout: "no answer in time",
  "login-refused": "user or password were refused",
  "not-allowed": "the user may not do what the backend does",
  "no-such-database": "there is no such database",
  "certificate-expired": "the certificate is not valid at this time",
  "certificate-untrusted": "the certificate is not trusted",
  "certificate-wrong-host": "the certificate is for another host name",
  "tls-failed": "TLS failed",
  "tls-mismatch": "only one side speaks TLS",
  "no-primary": "no server takes writes",
  "read-only": "the server takes no writes",
  "too-many-connections": "the server takes no more connections",
  starting: "the server is still starting",
  "out-of-memory": "the server's memory is full",
  "cannot-persist": "the server cannot write to its disk",
  "quota-used-up": "the plan's requests are used up",
  "no-such-service": "Render knows no such service",
  "not-supported": "the server does not understand the backend",
  interrupted: "interrupted",
  unexpected: "an error of unknown meaning",
};

/** Likely causes, each with a step in {@link steps}. */
export const causes = {
  "variable-missing": "the environment lacks a mandatory variable",
  "variable-invalid": "a variable has a value that the backend cannot use",
  "variable-alone": "only some variables of the database are set",
  "access-list": "this address is not in Atlas' access list",
  "render-access-control": "this address is not in the database's access control at Render",
  "private-network": "the name exists only in Render's private network",
  "wrong-host": "the host name is not right, or leads elsewhere",
  "wrong-port": "the database listens on another port",
  "dns-blocked": "the resolver here does not answer, or not for SRV records",
  "wrong-password": "the password is not the one that the database knows",
  "user-missing": "the user does not exist (any more)",
  "password-not-encoded": "user or password in the URL are not percent-encoded",
  "wrong-auth-source": "the user belongs to another database than the one it logs in to",
  "paused-cluster": "the cluster is paused; Atlas pauses an idle M0 after 30 days",
  "suspended-service": "the database is suspended or has expired at Render",
  "database-deleted": "the database is gone",
  "server-down": "nothing runs there at the moment",
  firewall: "something on the way drops the packets",
  "server-hangs": "the server accepts connections and answers nothing",
  "server-slow": "the server is overloaded or far away",
  "timeout-short": "the timeout is too short for this way",
  "read-only-user": "the user may not write here",
  "role-of-other-database": "its role is for another database",
  "database-name": "the database has another name: case, accents and Unicode normalization count",
  "tables-of-other-owner": "another role owns the tables",
  "replica-address": "the address is that of a replica, or the role is set to read only",
  "certificate-not-renewed": "the certificate was not renewed",
  "clock-wrong": "the clock of this machine is wrong",
  "private-authority": "the certificate is signed by an authority that is not known here",
  intercepted: "a proxy or a firewall on the way breaks into TLS",
  "tls-not-offered": "the server does not speak TLS on this port",
  "tls-required": "the server wants TLS, and the URL does not",
  election: "the replica set is electing a primary",
  "pool-too-large": "the pools of all instances together are larger than the tier allows",
  "other-clients": "others use up the connections",
  "just-started": "the server has just started, or loads its data",
  "memory-full": "its memory is full, and its policy evicts nothing",
  "disk-full": "its disk is full, or writing to it fails",
  "plan-limit": "the plan's allowance of requests is used up",
  "not-a-database": "something else than this database listens there",
  "driver-or-server-version": "driver and server do not understand each other",
  "api-key": "RENDER_API_KEY is not valid, or belongs to another workspace",
  "service-deleted": "the service does not exist any more",
  interrupted: "the check was stopped",
  unknown: "not known",
};

/** What to do if that is the cause: a link, a command or a setting. */
export const steps = {
  "variable-missing": "run pulumi up, or take the environment from the stack: npx kairos status --stack prod",
  "variable-invalid":
    "correct the setting in the stack file and run pulumi up; npx kairos plan shows the environment",
  "variable-alone": "set those that are missing, or remove all of this database",
  "access-list":
    "add it under kairos:mongodb.accessList and run pulumi up: https://www.mongodb.com/docs/atlas/security/ip-access-list/",
  "render-access-control":
    "add it under kairos:postgres.accessList and run pulumi up: https://render.com/docs/postgresql-creating-connecting",
  "private-network":
    "run it there, in the shell of a service: npx kairos status --from-env (https://render.com/docs/private-network)",
  "wrong-host":
    "compare it with the one in the vendor's dashboard; pulumi refresh takes over what has changed there",
  "wrong-port": "compare the port with the one in the vendor's dashboard",
  "dns-blocked": "try another one: nslookup -type=SRV _mongodb._tcp.<host> 1.1.1.1",
  "wrong-password":
    "npx kairos rotate makes a new credential and deploys it; pulumi up --refresh takes over one that was changed at Render, Upstash or Redis Cloud",
  "user-missing": "pulumi up --refresh creates it again",
  "password-not-encoded": "encode : / ? # [ ] @ and %: node -p 'encodeURIComponent(\"…\")'",
  "wrong-auth-source": "Atlas' users are in admin: authSource=admin, or an SRV URL, which says so itself",
  "paused-cluster": "resume it: https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
  "suspended-service":
    "look at its page and resume it: https://dashboard.render.com (a free one expires after 30 days)",
  "database-deleted": "pulumi refresh shows what is missing; pulumi up creates it, empty",
  "server-down":
    "look at the vendor's dashboard and status page: https://status.mongodb.com, https://status.render.com",
  firewall: "try from elsewhere, or another network: nc -vz <host> <port>",
  "server-hangs": "restart it from the vendor's dashboard",
  "server-slow": "look at its load in the vendor's dashboard; a larger tier is one setting",
  "timeout-short": "raise kairos:mongodb.driver.timeout and run pulumi up",
  "read-only-user":
    "give it the right to (MongoDB: readWrite on this database); pulumi up --refresh restores the stack's own roles",
  "role-of-other-database": "compare the role's database with MONGODB_DB_NAME, character by character",
  "database-name": "correct kairos:mongodb.database or kairos:postgres.database",
  "tables-of-other-owner":
    "as their owner: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <user>;",
  "replica-address": "use the primary's address; ALTER ROLE <user> RESET default_transaction_read_only;",
  "certificate-not-renewed":
    "vendors renew by themselves: tell their support; do not switch verification off",
  "clock-wrong": "compare it: date -u",
  "private-authority": "if it is the sandbox's or your own: --ca FILE",
  intercepted: "see who answers: openssl s_client -connect <host>:<port> -servername <host>",
  "tls-not-offered":
    "use redis:// or tls=false only on a private network; otherwise switch TLS on at the vendor",
  "tls-required": "use rediss:// for Redis, mongodb+srv:// or tls=true for MongoDB",
  election: "try again in half a minute; if it lasts: https://status.mongodb.com",
  "pool-too-large":
    "lower kairos:mongodb.driver.maxPoolSize: https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
  "other-clients":
    "look who is connected; for PostgreSQL: SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
  "just-started": "try again in a minute: npx kairos status --watch",
  "memory-full": "switch eviction on (kairos:redis.eviction) or take a larger plan",
  "disk-full": "enlarge the disk in the stack file and run pulumi up",
  "plan-limit": "wait for the next period, or take a larger plan",
  "not-a-database": "compare host and port with the vendor's dashboard",
  "driver-or-server-version": "compare the versions: https://www.mongodb.com/docs/drivers/compatibility/",
  "api-key": "make a new one: https://dashboard.render.com/u/settings#api-keys",
  "service-deleted": "pulumi refresh shows it; correct kairos:backend",
  interrupted: "run it again",
  unknown: "run it again; if it stays, look at the vendor's status page",
};

/** What a mistake in a variable is, behind its name. */
export const mistakes = ({ beside = [] }: MistakeDetails) => ({
  missing:
    beside.length === 0
      ? "is missing; the backend does not start without it"
      : `is missing, though ${list(beside)} ${beside.length === 1 ? "is" : "are"} set`,
  "not-a-number": "is not a whole number",
  "not-a-url": "is not a URL of its kind",
  "not-a-host": "is not the bare name or address of a host",
  "out-of-range": "is out of its range",
  "above-maximum": `is larger than ${list(beside)}`,
});

/** What there is to say about a database that answers. */
export const remarks = ({ number = 0, names = [] }: RemarkDetails) => ({
  "certificate-expires": `the certificate expires in ${plural(number, "day")}`,
  "certificate-expired": `the certificate expired ${plural(number, "day")} ago; the driver does not check it`,
  "certificate-untrusted": `the connection is encrypted, but nothing proves who answers${names.length > 0 ? ` (${list(names)})` : ""}`,
  "no-tls": "the connection is not encrypted",
  slow: `it takes ${number} ms to answer`,
  "database-missing": `the database ${list(names)} does not exist yet`,
  "database-near-miss": `asked for ${names[0]}; there is also ${list(names.slice(1))}, which MongoDB takes for another database`,
  "database-in-url-differs": `the URL names the database ${names[0]}, MONGODB_DB_NAME ${names[1]}: the latter counts`,
  "rights-beyond-database": `the user can do more than its database: ${list(names)}`,
  "rights-unknown": "the server does not tell what the user may do",
  standalone: "a server by itself: no failover, no transactions, no retried writes",
  "no-compression": "driver and server agreed on no compression",
  "no-retry": "a failover shows as errors: retries are switched off",
  superuser: `${list(names)} is a superuser: no mistake of the backend is stopped`,
  "tables-missing": `tables are missing: ${list(names)}`,
  "tables-elsewhere": `there are such tables where the backend does not look: ${list(names)}`,
  "type-conflict": `${list(names)}: a type of this name is left behind, without its table; PostgreSQL refuses to create the table ("duplicate key value", "type already exists")`,
  "connections-nearly-used": `${number} % of the connections are used`,
  "policy-loses-sessions": `${list(names)} keeps the cache going when memory is full, and may take sessions before their time`,
  "policy-refuses-writes": `${list(names)} loses nothing, and refuses every write once memory is full, of the cache too`,
  "policy-unknown": "the server does not tell what it does when its memory is full",
  "memory-nearly-full": `${number} % of the memory is used`,
});

/** What to do about it, where there is something to do. */
export const remarkSteps = ({ sql = [] }: RemarkDetails) => ({
  "certificate-expires": "vendors renew weeks before: ask their support",
  "certificate-expired": steps["certificate-not-renewed"],
  "certificate-untrusted":
    "usual on Render's private network; elsewhere: --ca FILE if you know the authority",
  "no-tls": "fine on a private network only; otherwise rediss://, or TLS at the vendor",
  slow: "near the backend it would be a few: compare regions, look at the load",
  "database-missing": "the backend creates it at its first start; if it has run, the name is not right",
  "database-near-miss": "see which of them holds the data, and correct kairos:mongodb.database",
  "rights-beyond-database":
    "give it readWrite on its database only; pulumi up --refresh restores the stack's own roles",
  standalone: "use a replica set, which every Atlas cluster is",
  "no-compression": "leave compressors out of the URL, or name zlib there",
  "no-retry": "kairos:mongodb.driver.retryWrites and retryReads: true",
  superuser: "use the role that Render hands out",
  "tables-missing": sql[0] ?? "the backend creates them at its start: deploy it, and read its log",
  "tables-elsewhere": "ALTER ROLE <user> SET search_path = <schema>, public;",
  "type-conflict": sql.join(" "),
  "connections-nearly-used": "a deploy needs twice what runs: lower the pool, or take a larger plan",
  "policy-loses-sessions":
    "enough memory, or sessions in a Redis of their own with noeviction: https://redis.io/docs/latest/develop/reference/eviction/",
  "policy-refuses-writes":
    "watch the memory; a Redis that is only a cache does better with allkeys-lru: https://redis.io/docs/latest/develop/reference/eviction/",
  "memory-nearly-full": "take a larger plan, or shorter expiries",
});
