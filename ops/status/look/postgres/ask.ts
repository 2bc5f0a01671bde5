/** The questions that are put to PostgreSQL; the session can only read. */
import type pg from "pg";
import { z } from "zod";
import { type PostgresFacts, type TableName, tables } from "../../model.ts";
import type { Deadline } from "../deadline.ts";
import { meaningOf } from "../errors.ts";

/** Asks one after another and fills in the facts as the answers come. */
export async function ask(client: pg.Client, facts: PostgresFacts, deadline: Deadline): Promise<void> {
  const answers: Answers = {};
  for (const [name, text] of Object.entries(questions))
    try {
      answers[name as keyof Answers] = (await deadline.within(client.query(text))).rows;
      Object.assign(facts, factsFrom(answers));
    } catch (error) {
      // May be refused, and counts files: a large database takes its time.
      if (name !== "size" || meaningOf(error).kind !== "not-allowed") throw error;
    }
}

/** Rows by the name of the question. */
export const rows = {
  server: z.array(
    z.object({
      version: z.string(),
      database: z.string(),
      role: z.string(),
      superuser: z.boolean(),
      used: z.number(),
      maximum: z.number(),
      /** Whether it takes no writes from anybody, or from this role by its own settings. */
      readonly: z.boolean(),
      /** Whether tables can be created in the first schema of the search path. */
      creates: z.boolean(),
    }),
  ),
  relations: z.array(
    z.object({
      name: z.enum(tables),
      schema: z.string(),
      place: z.enum(["path", "elsewhere"]),
      writes: z.boolean(),
    }),
  ),
  conflicts: z.array(
    z.object({ name: z.enum(tables), schema: z.string(), what: z.enum(["type", "domain", "relation"]) }),
  ),
  size: z.array(z.object({ size: z.string().regex(/^\d+$/) })),
};
export type Answers = { [Q in keyof typeof rows]?: z.infer<(typeof rows)[Q]> | undefined };
type Server = NonNullable<Answers["server"]>[number];
type Relation = NonNullable<Answers["relations"]>[number];

/** What the answers say, of those that are there. */
export function factsFrom(answers: Answers): Omit<PostgresFacts, "connected"> {
  const [server] = answers.server ?? [];
  const [size] = answers.size ?? [];
  const { relations } = answers;
  const there = new Map(relations?.filter(({ place }) => place === "path").map((one) => [one.name, one]));
  const missing = tables.filter((name) => !there.has(name));
  return {
    ...(server && {
      // Distributions add their name: `15.18 (Debian 15.18-0+deb12u1)`.
      version: server.version.split(" ")[0] ?? server.version,
      database: server.database,
      role: { name: server.role, superuser: server.superuser },
      connections: { used: server.used, maximum: server.maximum },
    }),
    ...(relations && {
      tables: Object.fromEntries(
        tables.map((name) => [name, there.has(name) ? "present" : "missing"]),
      ) as NonNullable<PostgresFacts["tables"]>,
      elsewhere: relations
        .filter(({ place }) => place === "elsewhere")
        .map(({ schema, name }) => `${schema}.${name}`),
      rights: rightsFrom([...there.values()], missing, server),
    }),
    ...(answers.conflicts && {
      conflicts: answers.conflicts.filter(({ name }) => missing.includes(name)),
    }),
    ...(size && { size: Number(size.size) }),
  };
}

/** The names are ours, and plain. */
const names = `'{${tables.join(",")}}'::text[]`;

/** `reset_val` is what the backend's sessions start with: this one has made itself read-only. */
const serverQuery = `
SELECT current_setting('server_version') AS version,
       current_database() AS database,
       current_user AS role,
       r.rolsuper AS superuser,
       (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database) AS used,
       least(
         current_setting('max_connections')::int
           - CASE WHEN r.rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int
               + coalesce(current_setting('reserved_connections', true), '0')::int END,
         CASE WHEN r.rolconnlimit < 0 THEN 2147483647 ELSE r.rolconnlimit END,
         CASE WHEN d.datconnlimit < 0 THEN 2147483647 ELSE d.datconnlimit END
       ) AS maximum,
       pg_is_in_recovery()
         OR (SELECT reset_val = 'on' FROM pg_settings WHERE name = 'default_transaction_read_only') AS readonly,
       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS creates
FROM pg_roles r, pg_database d
WHERE r.rolname = current_user AND d.datname = current_database()`;

const relationsQuery = `
SELECT c.relname AS name, n.nspname AS schema,
       CASE WHEN n.nspname = ANY (current_schemas(false)) THEN 'path' ELSE 'elsewhere' END AS place,
       has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
         AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE') AS writes
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND c.relname = ANY (${names})
  AND n.nspname NOT IN ('pg_catalog', 'information_schema')
ORDER BY 2, 1`;

/**
 * What has the name of a table where that would be created, and is none. A table brings a row type of its own name, so
 * a type is enough to keep it out: https://www.postgresql.org/docs/current/catalog-pg-type.html. A type whose relation
 * is a view or the like is told by that relation.
 */
const conflictsQuery = `
SELECT t.typname AS name, n.nspname AS schema, CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END AS what
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_class c ON c.oid = t.typrelid
WHERE n.nspname = current_schema() AND t.typname = ANY (${names}) AND coalesce(c.relkind, 'c') = 'c'
UNION ALL
SELECT c.relname, n.nspname, 'relation'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = current_schema() AND c.relname = ANY (${names}) AND c.relkind NOT IN ('r', 'p', 'c')
ORDER BY 1`;

/** By whatever driver: none of them takes a parameter. */
export const questions = {
  server: serverQuery,
  relations: relationsQuery,
  conflicts: conflictsQuery,
  size: "SELECT pg_database_size(current_database())::text AS size",
};

function rightsFrom(
  there: readonly Relation[],
  missing: readonly TableName[],
  server: Server | undefined,
): NonNullable<PostgresFacts["rights"]> {
  const refused = there.filter(({ writes }) => !writes).map(({ name }): string => name);
  if (missing.length > 0 && server?.creates === false) refused.push("CREATE");
  if (server?.readonly === true) refused.push("default_transaction_read_only");
  return { canWrite: refused.length === 0, refused };
}
