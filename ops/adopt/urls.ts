/** Connection URLs taken apart, without ever showing them: each holds a password. */

export type MongodbUrl = NonNullable<ReturnType<typeof mongodbUrlOf>>;

/**
 * The parts of a MongoDB URL, decoded; hosts each with a port where they have one. The password is secret. Undefined for a
 * text that is none. A replica set has several hosts, which the URL class does not know.
 */
export function mongodbUrlOf(text = "") {
  const form = /^mongodb(?:\+srv)?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?]+)(?:\/([^?]*))?(?:\?(.*))?$/;
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, user = "", password = "", hosts = "", database = "", options = ""] = match;
  try {
    return {
      user: decodeURIComponent(user),
      password: decodeURIComponent(password),
      hosts: hosts.split(","),
      database: decodeURIComponent(database),
      options: Object.fromEntries(new URLSearchParams(options)) as Record<string, string | undefined>,
    };
  } catch {
    // Not percent-encoded as a URL has to be.
    return undefined;
  }
}

/** Host and port of a URL; the port that the protocol has by itself when it says none. */
export function placeOf(text: string | undefined): { host: string; port: string } | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const { protocol, hostname, port } = new URL(text);
  const usual = /^redis/.test(protocol) ? "6379" : "5432";
  return { host: hostname, port: port || usual };
}

export const samePlace = (one: string | undefined, other: string | undefined) => {
  const [a, b] = [placeOf(one), placeOf(other)];
  return a !== undefined && b !== undefined && a.host === b.host && a.port === b.port;
};
