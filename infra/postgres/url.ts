import { OperatorError } from "../errors.ts";

/** What a connection string of Render says. `port` is decimal digits. */
export interface PostgresUrlParts {
  host: string;
  port: string;
  user: string;
  /** Secret. */
  password: string;
  database: string;
}

/**
 * Takes a connection string apart.
 *
 * @throws OperatorError when it is none. Node's own error would show the string, password included
 */
export function postgresUrlParts(connectionString: string): PostgresUrlParts {
  if (!URL.canParse(connectionString))
    throw new OperatorError(
      "postgres: Render's connection string is not of the form postgresql://user:password@host/database",
    );
  const { hostname, port, username, password, pathname } = new URL(connectionString);
  return {
    host: hostname,
    // Render leaves the port out of its connection strings when it is PostgreSQL's own.
    port: port || "5432",
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
  };
}
