/** The variables of the contract as each database needs them: complete, absent, or with mistakes. Values stay here. */
import { contract, type Owner, type Variable, type VariableName } from "../../infra/contract.ts";
import type { Mistake, VariableStatus } from "./model.ts";

/** What a backend gets, by name. Secret as a whole. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** How to connect, from variables that are complete. URLs and passwords are secret. */
const settingsFrom = {
  mongodb: (text: Texts) => ({
    url: text("MONGODB_URL"),
    database: text("MONGODB_DB_NAME"),
    maxPoolSize: Number(text("MONGODB_MAX_POOL_SIZE")),
    minPoolSize: Number(text("MONGODB_MIN_POOL_SIZE")),
  }),
  postgres: (text: Texts) => ({
    host: text("POSTGRES_HOST"),
    port: Number(text("POSTGRES_PORT")),
    user: text("POSTGRES_USER"),
    password: text("POSTGRES_PASSWORD"),
    database: text("POSTGRES_DB"),
  }),
  redis: (text: Texts) => ({ url: text("REDIS_URL") }),
};
type Texts = (name: VariableName) => string;

export type SettingsOf<D extends Owner> = ReturnType<(typeof settingsFrom)[D]>;
export type MongodbSettings = SettingsOf<"mongodb">;
export type PostgresSettings = SettingsOf<"postgres">;
export type RedisSettings = SettingsOf<"redis">;

/** Settings of one database; undefined: it is not configured. */
export type Configured<Settings> = { settings: Settings } | { mistakes: Mistake[] } | undefined;

/** All that the checks start from. */
export type Configuration = { [D in Owner]: Configured<SettingsOf<D>> } & {
  contract: VariableStatus[];
  /** Milliseconds that every database has to let the backend in: MONGODB_TIMEOUT_MS. */
  timeout: number;
};

/** The backend's default, and what is waited for while the variable is no number. */
const defaultTimeout = 5000;

/** Reads the variables of the contract. An empty value counts as none. */
export function configurationFrom(variables: Variables): Configuration {
  const of = (name: VariableName) => variables[name] || undefined;
  const mistakes = mistakesIn(of);
  const isTimeout = !mistakes.some(({ variable }) => variable === "MONGODB_TIMEOUT_MS");
  const configured = <Settings>(owner: Owner, settings: (text: Texts) => Settings) => {
    const own = mistakes.filter(({ variable }) => contract[variable].owner === owner);
    if (own.length > 0) return { mistakes: own };
    // MongoDB is never just off: then all of its variables are missing.
    return namesOf(owner).some(of) ? { settings: settings((name) => of(name) ?? "") } : undefined;
  };
  return {
    contract: statuses(of, mistakes),
    timeout: isTimeout ? Number(of("MONGODB_TIMEOUT_MS")) : defaultTimeout,
    mongodb: configured("mongodb", settingsFrom.mongodb),
    postgres: configured("postgres", settingsFrom.postgres),
    redis: configured("redis", settingsFrom.redis),
  };
}

type Lookup = (name: VariableName) => string | undefined;

const names = Object.keys(contract) as VariableName[];
const namesOf = (owner: Owner) => names.filter((name) => contract[name].owner === owner);

function mistakesIn(of: Lookup): Mistake[] {
  const missing = names.flatMap((variable): Mistake[] => {
    const { owner, mandatory } = contract[variable];
    const beside = namesOf(owner).filter(of);
    if (of(variable) !== undefined || (mandatory === "while on" && beside.length === 0)) return [];
    return [{ variable, kind: "missing", ...(beside.length > 0 && { beside }) }];
  });
  const wrong = names.flatMap((variable): Mistake[] => {
    const { range }: Variable = contract[variable];
    const value = of(variable);
    const check = range === undefined ? forms[variable] : whole(...range);
    const kind = value === undefined ? undefined : check?.(value);
    return kind === undefined ? [] : [{ variable, kind }];
  });
  const [least, most] = [of("MONGODB_MIN_POOL_SIZE"), of("MONGODB_MAX_POOL_SIZE")];
  const contradicts = wrong.length === 0 && least !== undefined && most !== undefined;
  if (contradicts && Number(least) > Number(most))
    wrong.push({
      variable: "MONGODB_MIN_POOL_SIZE",
      kind: "above-maximum",
      beside: ["MONGODB_MAX_POOL_SIZE"],
    });
  return [...missing, ...wrong];
}

/**
 * What follows a URL's scheme: a login in which nothing is left unencoded, hosts, then path and options. A password with
 * one of `/?#@` in clear moves the host name, and a driver looks for a host that there is not.
 * https://www.rfc-editor.org/rfc/rfc3986#section-3.2
 */
const encoded =
  /^(([^@/?#[\]%\s]|%[0-9a-f]{2})*@)?([^@/?#:[\],\s]+|\[[\da-f:]+\])(:\d+)?(,[^@/?#\s]+)?(\/[^?#]*)?(\?.*)?$/i;

const url = (scheme: RegExp) => (value: string) => {
  const [start] = scheme.exec(value) ?? [];
  if (start === undefined || value.length === start.length) return "not-a-url";
  if (encoded.test(value.slice(start.length))) return undefined;
  return value.includes("@") ? "not-encoded" : "not-a-url";
};

/** Of texts; what else a variable can be, the contract says. */
const forms: Partial<Record<VariableName, (value: string) => Mistake["kind"] | undefined>> = {
  MONGODB_URL: url(/^mongodb(\+srv)?:\/\//),
  // A whole URL in its place would show the password in it.
  POSTGRES_HOST: (value) => (/[/@\s]/.test(value) ? "not-a-host" : undefined),
  REDIS_URL: (value) => url(/^rediss?:\/\//)(value) ?? (URL.canParse(value) ? undefined : "not-a-url"),
};

const whole = (least: number, most: number) => (value: string) => {
  if (!/^\d+$/.test(value)) return "not-a-number";
  return Number(value) < least || Number(value) > most ? "out-of-range" : undefined;
};

function statuses(of: Lookup, mistakes: readonly Mistake[]): VariableStatus[] {
  return names.map((name) => {
    const value = of(name);
    const mistake = mistakes.find(({ variable }) => variable === name);
    const { secret } = contract[name];
    const state = mistake === undefined ? (value === undefined ? "unset" : "set") : undefined;
    return {
      name,
      state: state ?? (mistake?.kind === "missing" ? "missing" : "invalid"),
      secret,
      // A value of the wrong kind may be a secret in the wrong place.
      ...(!secret && state === "set" && { value }),
    } as VariableStatus;
  });
}
