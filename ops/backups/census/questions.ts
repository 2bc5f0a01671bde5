/** What a database and its copy are asked: the same of both, up to the same moment. */

/** A table or a collection. */
export interface Count {
  /** `public.users`; a collection's name. */
  name: string;
  rows: number;
  /** Rows that were there at the moment, as far as they carry the time of their making; else all. */
  before: number;
  /** Of the newest row up to the moment, ISO 8601; absent where rows carry no time. */
  newest?: string | null;
  /** Whoever asked may not read it. */
  refused?: boolean;
}

/** Where the session keeps the answer: a block of statements returns nothing. */
export const census = "SELECT current_setting('kairos.census') AS census";

/**
 * Counts all tables. A row's making is told by the first column of a time whose name says so.
 *
 * @returns statements without a parameter: not every driver of a backend's takes them alike
 */
export const countTables = (point: Date): string => `
DO $census$
DECLARE
  one record;
  counted jsonb;
  found jsonb := '[]';
BEGIN
  PERFORM set_config('TimeZone', 'UTC', true);
  FOR one IN
    SELECT n.nspname AS place, c.relname AS name,
           (SELECT a.attname FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
              AND a.atttypid IN ('timestamptz'::regtype, 'timestamp'::regtype)
              AND a.attname ~ '^(created|inserted|added|enrolled|registered|started)'
            ORDER BY a.attnum LIMIT 1) AS made
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
    ORDER BY 1, 2
  LOOP
    BEGIN
      IF one.made IS NULL THEN
        EXECUTE format('SELECT jsonb_build_object(''rows'', count(*), ''before'', count(*)) FROM %I.%I', one.place, one.name)
        INTO counted;
      ELSE
        EXECUTE format('SELECT jsonb_build_object(''rows'', count(*),
          ''before'', count(*) FILTER (WHERE %3$I IS NULL OR %3$I <= $1),
          ''newest'', (max(%3$I) FILTER (WHERE %3$I <= $1))::timestamptz) FROM %1$I.%2$I', one.place, one.name, one.made)
        INTO counted USING '${point.toISOString()}'::timestamptz;
      END IF;
    EXCEPTION WHEN insufficient_privilege THEN
      counted := '{"rows": 0, "before": 0, "refused": true}';
    END;
    found := found || (counted || jsonb_build_object('name', one.place || '.' || one.name));
  END LOOP;
  PERFORM set_config('kairos.census', found::text, false);
END $census$`;

/** The greatest ObjectId of a moment: its first four bytes are seconds. https://www.mongodb.com/docs/manual/reference/bson-types/#objectid */
export const lastIdOf = (point: Date): string =>
  `${Math.floor(point.getTime() / 1000)
    .toString(16)
    .padStart(8, "0")}ffffffffffffffff`;

/** A table or collection that nothing else has, with one row. */
export const canaryStatements = (name: string, does: "write" | "remove"): string[] =>
  does === "remove"
    ? [`DROP TABLE IF EXISTS ${name}`]
    : [
        `CREATE TABLE IF NOT EXISTS ${name} (created_at timestamptz PRIMARY KEY DEFAULT now())`,
        `INSERT INTO ${name} DEFAULT VALUES ON CONFLICT DO NOTHING`,
      ];

/** Of the copy of this name. */
export const canaryName = (copy: string): string => `kairos_canary_${copy.split("-")[1]}`;
