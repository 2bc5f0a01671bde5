/**
 * The kinds of value that a setting can be: each checks the value as what it is (a duration, a size, a CIDR
 * block, a name …) and says in its message what it expects. The message never repeats the value: problems.ts
 * adds what it got, unless the value is a secret.
 */
import ipaddr from "ipaddr.js";
import { z } from "zod";
import { adviceOn, type Facts, keptOf, wordsOf } from "./vendors.ts";

/** What problems.ts and the plan need to know of a value that only its owner has. Travels with the problem. */
export interface ValueHint {
  /** The value is a secret: never shown, and required to be encrypted in the stack file. */
  secret?: boolean;
  /** Where the owner finds the value. */
  where?: string;
  /**
   * A well-formed value that means nothing: what the plan computes with while the real one is not there. Several
   * in one stack have to differ, hence the number, counted from 0.
   */
  example: (n: number) => string;
}

/** True for a placeholder that the owner of the accounts still has to fill in: `<atlas-project-id>`. */
export function isPlaceholder(value: unknown): value is string {
  return typeof value === "string" && /^<[^<>]*>$/.test(value);
}

/**
 * A text whose problems carry {@link ValueHint}. `check` gives what was expected, or nothing when all is well; `form` is
 * as much of that as an editor can tell.
 */
function owned(about: ValueHint, check: (value: string) => string | undefined, form?: RegExp) {
  return z
    .any()
    .meta({ pattern: form?.source })
    .superRefine((value: unknown, context) => {
      const message = check(typeof value === "string" ? value : "");
      if (message !== undefined) context.addIssue({ code: "custom", message, params: { about } });
    })
    .transform((value: unknown) => value as string);
}

const text = (pattern: RegExp, expected: string) => z.string({ error: expected }).regex(pattern, expected);

/** Any text but the empty one. */
export const filled = (expected: string) => z.string({ error: expected }).min(1, expected);

/** Settings under fixed keys; the message of an unknown key lists the known ones. */
export const group = <T extends z.ZodRawShape>(shape: T) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `one of ${Object.keys(shape).join(", ")}` : "a group of settings",
  });

/** The shapes of each {@link either}: what a function tells apart, for who reads the schema as data. */
export const alternatives = new WeakMap<
  z.core.$ZodType,
  { key: string; having: z.ZodType; lacking: z.ZodType }
>();

/**
 * One of two shapes, told apart by a key that only the first has. Unlike a union it reports the problems of
 * the shape that was meant, not of both.
 */
export function either<A extends z.ZodType, B extends z.ZodType>(
  key: string,
  having: A,
  lacking: B,
  expected: string,
) {
  const read = z.unknown().transform((value, context): z.output<A> | z.output<B> => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      context.addIssue({ code: "custom", message: expected });
      return z.NEVER;
    }
    const result = (key in value ? having : lacking).safeParse(value);
    if (result.success) return result.data as z.output<A> | z.output<B>;
    for (const issue of result.error.issues)
      context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
  alternatives.set(read, { key, having, lacking });
  return read;
}

/** One word of a list. The nearest allowed word is added as a hint by problems.ts. */
export const oneOf = <const T extends readonly [string, ...string[]]>(words: T) => z.enum(words);

/** A word of a vendor's, also one that it no longer sells where what has it may keep it. Another one gets advice. */
export const offered = <const T extends Facts>(facts: T) =>
  z.enum([...wordsOf(facts), ...(keptOf(facts) as never[])], {
    error: ({ input }) => adviceOn(facts, input),
  });

/** A whole number in a range, both ends included. */
export function count(min: number, max: number, unit: string) {
  const expected = `a whole number of ${unit} from ${min} to ${max}`;
  return z.number({ error: expected }).int(expected).min(min, expected).max(max, expected);
}

/** `true` or `false`. */
export const flag = () => z.boolean({ error: "true or false" });

/** `500ms`, `5s`, `2m` → milliseconds. */
export function duration(minMs: number, maxMs: number) {
  const expected = `a duration with its unit, from ${minMs}ms to ${maxMs}ms, such as 500ms, 5s or 2m`;
  const unit = { ms: 1, s: 1000, m: 60_000 } as const;
  return text(/^\d+(ms|s|m)$/, expected)
    .transform((value) => Number.parseInt(value, 10) * unit[value.replace(/^\d+/, "") as keyof typeof unit])
    .refine((ms) => ms >= minMs && ms <= maxMs, expected);
}

/**
 * A day, `2026-12-31`. Written without quotes, Pulumi's YAML parser makes a point in time of it and hands that over
 * as Go prints it, with midnight after the day.
 */
export function day() {
  const expected = "a day that exists, YYYY-MM-DD";
  return text(/^\d{4}-\d{2}-\d{2}( 00:00:00 \+0000 UTC)?$/, expected)
    .transform((value) => value.slice(0, 10))
    .refine((value) => isDay(value), expected);
}

/** False for the 31st of a shorter month, which JavaScript takes for the 1st of the next. */
function isDay(value: string): boolean {
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** `15GB` → gigabytes. */
export function gigabytes(allowed: (gb: number) => boolean, expected: string) {
  return text(/^\d+GB$/, expected)
    .transform((value) => Number.parseInt(value, 10))
    .refine(allowed, expected);
}

/**
 * Everyone: a block so wide that it is no access list any more. `/0` is the whole internet, and the wider half
 * of a trick (`0.0.0.0/1` and `128.0.0.0/1`) is refused with it.
 */
export function opensToTheWorld(cidr: string): boolean {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  return bits < (address.kind() === "ipv4" ? 8 : 16);
}

/** What every CIDR block looks like. */
const blockForm = /^[\da-fA-F.:]+\/\d{1,3}$/;

/** An IPv4 block in CIDR notation whose host bits are zero, as Render requires. */
export const ipv4Cidr = () =>
  z
    .string({ error: "a CIDR block such as 203.0.113.7/32" })
    .meta({ pattern: blockForm.source })
    .superRefine((value, context) => {
      const message = cidrProblem(value, "ipv4");
      if (message !== undefined) context.addIssue({ code: "custom", message });
    });

function cidrProblem(value: string, family: "ipv4" | "any"): string | undefined {
  const expected = `a CIDR block such as 203.0.113.7/32${family === "ipv4" ? " (IPv4 only)" : ""}`;
  if (ipaddr.isValid(value) && !value.includes("/")) return `${expected}; did you mean "${value}/32"?`;
  if (!ipaddr.isValidCIDR(value) || (/^[\d.]+\//.test(value) && !/^\d+\.\d+\.\d+\.\d+\//.test(value)))
    return expected;
  const [address, bits] = ipaddr.parseCIDR(value);
  if (family === "ipv4" && address.kind() !== "ipv4") return expected;
  const network =
    address.kind() === "ipv4"
      ? ipaddr.IPv4.networkAddressFromCIDR(value)
      : ipaddr.IPv6.networkAddressFromCIDR(value);
  if (network.toString() !== address.toString())
    return `${expected}; the block's first address; did you mean "${network.toString()}/${bits}"?`;
  return undefined;
}

/** A Render resource's name: it becomes part of host names. */
export const renderName = () =>
  text(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    "a name of 1 to 63 lower-case letters, digits and inner hyphens",
  );

/** A name that people gave a database in a dashboard: nothing is made of it. */
export const givenName = () =>
  text(/^(?! )[^\p{Cc}]{1,100}(?<! )$/u, "a name of 1 to 100 characters, without spaces around it");

/**
 * An Atlas cluster's name. Its first 23 characters become its host's. Sources:
 * https://www.mongodb.com/docs/atlas/reference/atlas-limits/#label-limits, mongodb/mongodb-atlas-cli#3780
 */
export const clusterName = () =>
  text(
    /^(?!.{22}-)[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/,
    "1 to 64 letters, digits and inner hyphens, the 23rd character no hyphen",
  );

/** An Atlas project's name. */
export const projectName = () =>
  text(/^[\p{L}\p{N} ()_\-.,:&@+']{1,64}$/u, "1 to 64 letters, digits, spaces and ( ) _ - . , : & @ + '");

/**
 * A MongoDB database's name; any script is welcome (`kaïros`). Its bytes are kept: composed and decomposed, the same
 * letters are two databases. Limit: 63 bytes in UTF-8, and less on the tiers that say so.
 * Source: https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions
 */
export const mongodbDatabase = () => {
  const expected = 'a name of 1 to 63 bytes without / \\ . " $ * < > : | ? or spaces';
  return text(/^[^/\\. "$*<>:|?\p{Cc}]+$/u, expected)
    .refine((name) => Buffer.byteLength(name) <= 63, expected)
    .refine((name) => !["admin", "local", "config"].includes(name), "a database that is not MongoDB's own");
};

/** A database user's name, in Atlas. */
export const mongodbUser = () =>
  text(/^[^\p{Cc}\s$]{1,100}$/u, "a user name of 1 to 100 characters without spaces or $");

/** A PostgreSQL identifier that needs no quotes. */
export const postgresIdentifier = () =>
  text(
    /^[a-z_][a-z0-9_]{0,62}$/,
    "1 to 63 lower-case letters, digits and _, not starting with a digit",
  ).refine(
    (name) => name !== "postgres" && !name.startsWith("pg_"),
    "a name that PostgreSQL does not keep for itself",
  );

/** An e-mail address. */
export const email = () => z.email({ error: "an e-mail address" });

/** The name of an environment variable. */
export const variableName = () =>
  text(/^[A-Za-z_][A-Za-z0-9_]*$/, "a variable name of letters, digits and _, not starting with a digit");

/** An id, or another text, that only the owner of an account knows. A placeholder `<…>` counts as missing. */
export const ownersId = (pattern: RegExp, expected: string, where: string, example: ValueHint["example"]) =>
  owned({ where, example }, (value) => (pattern.test(value) ? undefined : expected), pattern);

/** An id that `import` takes, in the form that one kind of thing has. */
export const importId = (what: string, pattern: RegExp) =>
  text(pattern, `the import id of a ${what}, as npx kairos adopt writes it`);

/** The id of a Postgres, as Render shows it. */
export const restoredPostgres = () =>
  text(/^dpg-[a-z0-9-]+$/, "the id of a Render Postgres that was recovered, such as dpg-d1abc-a");

/** A text that is a secret. Its value is never shown and must be encrypted in the stack file. */
export const secretText = () =>
  owned({ secret: true, example: () => "opaque" }, (value) => (value === "" ? "a text" : undefined));

/**
 * A Redis connection URL; a secret, since it carries a password. What the clients of Node and of Python both read in the
 * same way: a password with a bare # ? / % or a port above 65535 is an error of theirs, at the backend's first start.
 * Plain text only where nobody else listens, and no option that switches the check of certificates off.
 * Sources: redis/redis-py#1171 and #799, https://redis.readthedocs.io/en/stable/connections.html
 */
export const redisUrl = () =>
  owned({ secret: true, example: () => "rediss://opaque:opaque@redis.invalid:6379" }, (value) => {
    const login = /(?:(?:[\w.~!$&'()*+,;=:-]|%[\da-f]{2})*@)?/;
    const host = /([a-z\d.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?/;
    const match = new RegExp(`^(rediss?)://${login.source}${host.source}(?:/\\d*)?(\\?[^\\s#]*)?$`, "i").exec(
      value,
    );
    if (match === null || !URL.canParse(value) || match[3] === "0")
      return "a URL such as rediss://user:password@host:port, user and password percent-encoded";
    const [, scheme = "", name = "", , query] = match;
    for (const [key, option] of new URLSearchParams(query))
      if (
        (key === "ssl_cert_reqs" && !/^(CERT_)?required$/i.test(option)) ||
        (/^(ssl_check_hostname|rejectUnauthorized)$/i.test(key) && !/^(true|1|yes)$/i.test(option))
      )
        return `a URL without ${key}=…, which switches the check of its certificate off`;
    const plainIsFine = /^(red-[a-z0-9]+|localhost|127\.\d+\.\d+\.\d+)$/.test(name);
    return scheme === "rediss" || plainIsFine ? undefined : "a URL that starts with rediss:// (TLS)";
  });

/** Five fields, in UTC; Sunday is 0 and 7. Source: https://render.com/docs/cronjobs */
export const cronExpression = () => {
  const values = [
    "[0-5]?\\d",
    "([01]?\\d|2[0-3])",
    "(0?[1-9]|[12]\\d|3[01])",
    "(0?[1-9]|1[0-2]|[a-zA-Z]{3})",
    "([0-7]|[a-zA-Z]{3})",
  ];
  const fields = values.map((value) => {
    const one = `(\\*|${value}(-${value})?)(/\\d+)?`;
    return `${one}(,${one})*`;
  });
  return text(
    new RegExp(`^${fields.join("\\s+")}$`),
    'a cron expression of five fields within their ranges, such as "0 3 * * *"',
  );
};

/** Where the access list's entries come from: an address of Render's is the owner's to look up. */
export const accessListCidr = () =>
  owned(
    {
      where: "Render dashboard: a service of the backend, Connect, Outbound (one entry per listed range)",
      example: (n) => `192.0.2.${n}/32`,
    },
    (value) => cidrProblem(value, "any"),
    blockForm,
  );
