/** What there is to say about a PostgreSQL that answers. */
import { type PostgresFacts, type Remark, tables } from "../model.ts";

/** Percent of the connections from which on it is a warning: a deploy needs twice what runs. */
const nearlyAll = 80;

export function remarksOnPostgres(facts: PostgresFacts): Remark[] {
  const { role, tables: found, elsewhere = [], conflicts = [], connections } = facts;
  const remarks: Remark[] = [];
  if (role?.superuser === true) remarks.push({ kind: "superuser", severity: "warning", names: [role.name] });
  if (conflicts.length > 0)
    remarks.push({
      kind: "type-conflict",
      severity: "warning",
      names: conflicts.map(({ name }) => name),
      sql: conflicts.map(({ sql }) => sql),
    });
  const missing = tables.filter((name) => found?.[name] === "missing");
  if (missing.length > 0) remarks.push({ kind: "tables-missing", severity: "warning", names: missing });
  const unseen = elsewhere.filter((name) => missing.some((table) => name.endsWith(`.${table}`)));
  if (unseen.length > 0) remarks.push({ kind: "tables-elsewhere", severity: "warning", names: unseen });
  const percent = connections && Math.round((connections.used / connections.maximum) * 100);
  if (percent !== undefined && percent >= nearlyAll)
    remarks.push({ kind: "connections-nearly-used", severity: "warning", number: percent });
  return remarks;
}
