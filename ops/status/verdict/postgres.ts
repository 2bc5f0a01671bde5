/** What there is to say about a PostgreSQL that answers. */
import { type PostgresFacts, type Remark, tables } from "../model.ts";
import type { Judge } from "./judge.ts";

/** Percent of the connections from which on it is a warning: a deploy needs twice what runs. */
const nearlyAll = 80;

export const postgresJudge: Judge<PostgresFacts> = {
  remarks(facts) {
    const { role, tables: found, elsewhere = [], conflicts = [], connections } = facts;
    const remarks: Remark[] = [];
    if (role?.superuser === true)
      remarks.push({ kind: "superuser", severity: "warning", names: [role.name] });
    if (conflicts.length > 0)
      remarks.push({
        kind: "type-conflict",
        severity: "warning",
        names: conflicts.map(({ name }) => name),
        sql: conflicts.map(solving),
      });
    const missing = tables.filter((name) => found?.[name] === "missing");
    if (missing.length > 0) remarks.push({ kind: "tables-missing", severity: "warning", names: missing });
    const unseen = elsewhere.filter((name) => missing.some((table) => name.endsWith(`.${table}`)));
    if (unseen.length > 0) remarks.push({ kind: "tables-elsewhere", severity: "warning", names: unseen });
    const percent = connections && Math.round((connections.used / connections.maximum) * 100);
    if (percent !== undefined && percent >= nearlyAll)
      remarks.push({ kind: "connections-nearly-used", severity: "warning", number: percent });
    return remarks;
  },
  unusable: ({ rights }) =>
    rights?.canWrite === false
      ? {
          failure: {
            kind: "not-allowed",
            stage: "asking",
            evidence: `no privilege to write: ${rights.refused.join(", ")}`,
          },
        }
      : undefined,
  variables(kind) {
    if (kind === "login-refused") return ["POSTGRES_USER", "POSTGRES_PASSWORD"];
    if (kind === "no-such-database") return ["POSTGRES_DB"];
    return kind === "not-allowed" ? ["POSTGRES_USER"] : ["POSTGRES_HOST", "POSTGRES_PORT"];
  },
};

/** The statement that takes a conflict out of a table's way. Without CASCADE: what is in use is refused, and stays. */
export function solving({ schema, name, what }: NonNullable<PostgresFacts["conflicts"]>[number]): string {
  const full = `${quoted(schema)}.${quoted(name)}`;
  if (what === "other relation") return `ALTER TABLE ${full} RENAME TO ${quoted(`${name}_old`)};`;
  return `DROP ${what === "domain" ? "DOMAIN" : "TYPE"} ${full};`;
}

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
