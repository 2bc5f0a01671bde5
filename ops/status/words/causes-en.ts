/** Likely causes and next steps, in English. */
import type { CauseCode } from "../model.ts";
import type { Cause } from "./model.ts";

export const causes: Record<CauseCode, Cause> = {
  "variable-missing": {
    because: "the environment lacks a mandatory variable",
    next: "run pulumi up, or take the environment from the stack: npm run status -- --stack prod",
  },
  "variable-invalid": {
    because: "a variable has a value that the backend cannot use",
    next: "correct the setting in the stack file and run pulumi up; npm run plan shows the environment",
  },
  "variable-alone": {
    because: "only some variables of the database are set",
    next: "set those that are missing, or remove all of this database",
  },
  "access-list": {
    because: "this address is not in Atlas' access list",
    next: "add it under kairos:mongodb.accessList and run pulumi up: https://www.mongodb.com/docs/atlas/security/ip-access-list/",
  },
  "render-access-control": {
    because: "this address is not in the database's access control at Render",
    next: "add it under kairos:postgres.accessList and run pulumi up: https://render.com/docs/postgresql-creating-connecting",
  },
  "private-network": {
    because: "the name exists only in Render's private network",
    next: "run it there, in the shell of a service: npm run status -- --from-env (https://render.com/docs/private-network)",
  },
  "wrong-host": {
    because: "the host name is not right, or leads elsewhere",
    next: "compare it with the one in the vendor's dashboard; pulumi refresh takes over what has changed there",
  },
  "wrong-port": {
    because: "the database listens on another port",
    next: "compare the port with the one in the vendor's dashboard",
  },
  "dns-blocked": {
    because: "the resolver here does not answer, or not for SRV records",
    next: "try another one: nslookup -type=SRV _mongodb._tcp.<host> 1.1.1.1",
  },
  "wrong-password": {
    because: "the password is not the one that the database knows",
    next: "npm run rotate makes a new credential and deploys it; pulumi up --refresh takes over one that was changed at Render, Upstash or Redis Cloud",
  },
  "user-missing": {
    because: "the user does not exist (any more)",
    next: "pulumi up --refresh creates it again",
  },
  "password-not-encoded": {
    because: "user or password in the URL are not percent-encoded",
    next: "encode : / ? # [ ] @ and %: node -p 'encodeURIComponent(\"…\")'",
  },
  "wrong-auth-source": {
    because: "the user belongs to another database than the one it logs in to",
    next: "Atlas' users are in admin: authSource=admin, or an SRV URL, which says so itself",
  },
  "paused-cluster": {
    because: "the cluster is paused; Atlas pauses an idle M0 after 30 days",
    next: "resume it: https://www.mongodb.com/docs/atlas/pause-terminate-cluster/",
  },
  "suspended-service": {
    because: "the database is suspended or has expired at Render",
    next: "look at its page and resume it: https://dashboard.render.com (a free one expires after 30 days)",
  },
  "database-deleted": {
    because: "the database is gone",
    next: "pulumi refresh shows what is missing; pulumi up creates it, empty",
  },
  "server-down": {
    because: "nothing runs there at the moment",
    next: "look at the vendor's dashboard and status page: https://status.mongodb.com, https://status.render.com",
  },
  firewall: {
    because: "something on the way drops the packets",
    next: "try from elsewhere, or another network: nc -vz <host> <port>",
  },
  "server-hangs": {
    because: "the server accepts connections and answers nothing",
    next: "restart it from the vendor's dashboard",
  },
  "server-slow": {
    because: "the server is overloaded or far away",
    next: "look at its load in the vendor's dashboard; a larger tier is one setting",
  },
  "timeout-short": {
    because: "the timeout is too short for this way",
    next: "raise kairos:mongodb.driver.timeout and run pulumi up",
  },
  "read-only-user": {
    because: "the user may not write here",
    next: "give it the right to (MongoDB: readWrite on this database); pulumi up --refresh restores the stack's own roles",
  },
  "role-of-other-database": {
    because: "its role is for another database",
    next: "compare the role's database with MONGODB_DB_NAME, character by character",
  },
  "database-name": {
    because: "the database has another name: case, accents and Unicode normalization count",
    next: "correct kairos:mongodb.database or kairos:postgres.database",
  },
  "tables-of-other-owner": {
    because: "another role owns the tables",
    next: "as their owner: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO <user>;",
  },
  "replica-address": {
    because: "the address is that of a replica, or the role is set to read only",
    next: "use the primary's address; ALTER ROLE <user> RESET default_transaction_read_only;",
  },
  "certificate-not-renewed": {
    because: "the certificate was not renewed",
    next: "vendors renew by themselves: tell their support; do not switch verification off",
  },
  "clock-wrong": { because: "the clock of this machine is wrong", next: "compare it: date -u" },
  "private-authority": {
    because: "the certificate is signed by an authority that is not known here",
    next: "if it is the sandbox's or your own: --ca FILE",
  },
  intercepted: {
    because: "a proxy or a firewall on the way breaks into TLS",
    next: "see who answers: openssl s_client -connect <host>:<port> -servername <host>",
  },
  "tls-not-offered": {
    because: "the server does not speak TLS on this port",
    next: "use redis:// or tls=false only on a private network; otherwise switch TLS on at the vendor",
  },
  "tls-required": {
    because: "the server wants TLS, and the URL does not",
    next: "use rediss:// for Redis, mongodb+srv:// or tls=true for MongoDB",
  },
  election: {
    because: "the replica set is electing a primary",
    next: "try again in half a minute; if it lasts: https://status.mongodb.com",
  },
  "pool-too-large": {
    because: "the pools of all instances together are larger than the tier allows",
    next: "lower kairos:mongodb.driver.maxPoolSize: https://www.mongodb.com/docs/atlas/reference/atlas-limits/",
  },
  "other-clients": {
    because: "others use up the connections",
    next: "look who is connected; for PostgreSQL: SELECT usename, count(*) FROM pg_stat_activity GROUP BY 1;",
  },
  "just-started": {
    because: "the server has just started, or loads its data",
    next: "try again in a minute: npm run status -- --watch",
  },
  "memory-full": {
    because: "its memory is full, and its policy evicts nothing",
    next: "switch eviction on (kairos:redis.eviction) or take a larger plan",
  },
  "disk-full": {
    because: "its disk is full, or writing to it fails",
    next: "enlarge the disk in the stack file and run pulumi up",
  },
  "plan-limit": {
    because: "the plan's allowance of requests is used up",
    next: "wait for the next period, or take a larger plan",
  },
  "not-a-database": {
    because: "something else than this database listens there",
    next: "compare host and port with the vendor's dashboard",
  },
  "driver-or-server-version": {
    because: "driver and server do not understand each other",
    next: "compare the versions: https://www.mongodb.com/docs/drivers/compatibility/",
  },
  "api-key": {
    because: "RENDER_API_KEY is not valid, or belongs to another workspace",
    next: "make a new one: https://dashboard.render.com/u/settings#api-keys",
  },
  "service-deleted": {
    because: "the service does not exist any more",
    next: "pulumi refresh shows it; correct kairos:backend",
  },
  interrupted: { because: "the check was stopped", next: "run it again" },
  unknown: { because: "not known", next: "run it again; if it stays, look at the vendor's status page" },
};
