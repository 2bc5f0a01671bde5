import { OperatorError } from "../errors.ts";

/** What goes into a MongoDB URL besides the cluster's own connection string. */
export interface MongodbUrlParts {
  user: string;
  password: string;
  database: string;
  /** Options of the URL, in order. An option that the connection string sets already keeps that value. */
  options: Readonly<Record<string, string>>;
}

/**
 * Puts user, password, database and options into a connection string of the cluster (`mongodb+srv://host` or
 * `mongodb://host:port,host:port/?replicaSet=…`). User, password and database are percent-encoded, so any
 * character survives: `kaïros` becomes `ka%C3%AFros`. The result is a secret.
 *
 * Not built on the URL class: it knows only one host, and a replica set has three.
 *
 * @throws OperatorError when the connection string is not one; the message does not repeat it
 * @see https://www.mongodb.com/docs/manual/reference/connection-string/
 */
export function mongodbUrl(connectionString: string, parts: MongodbUrlParts): string {
  const match = /^(mongodb(?:\+srv)?:\/\/)([^/?@]+)(?:\/[^?]*)?(?:\?(.*))?$/.exec(connectionString);
  if (match === null)
    throw new OperatorError(
      "mongodb: the cluster's connection string is not of the form mongodb://host or mongodb+srv://host",
    );
  const [, scheme, hosts, given = ""] = match;
  const encode = encodeURIComponent;
  const options = { ...parts.options, ...Object.fromEntries(new URLSearchParams(given)) };
  const query = Object.entries(options).map(([name, value]) => `${name}=${encode(value)}`);
  return `${scheme}${encode(parts.user)}:${encode(parts.password)}@${hosts}/${encode(parts.database)}?${query.join("&")}`;
}
