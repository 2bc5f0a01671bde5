/** Secrets whose values are at hand: kept in memory as digests under a key that ends with this run. */
import { createHmac, randomBytes } from "node:crypto";
import { secretVariables } from "../../../infra/settings/credentials.ts";
import { KnownSecrets, RollingHash, type SecretDigests } from "./windows.ts";

/** A secret with its value. */
export interface Secret {
  /** For example `POSTGRES_PASSWORD of prod`. */
  name: string;
  value: string;
}

/** Shorter ones would be found everywhere. */
const shortest = 8;

/**
 * What is looked for of each secret. Of a URL that holds a password it is the password alone, decoded: it leaks with
 * the URL and without.
 */
export function searched(secrets: readonly Secret[]): Secret[] {
  const parts = secrets.map(({ name, value }) => {
    const password = /^[a-z][a-z0-9+]*:\/\/[^\s:/@]*:([^\s/]+)@/i.exec(value)?.[1];
    return password === undefined
      ? { name, value }
      : { name: `password of ${name}`, value: unescaped(password) };
  });
  const long = parts.filter(({ value }) => value.length >= shortest);
  return long.filter(({ value }, index) => long.findIndex((one) => one.value === value) === index);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function knownOf(secrets: readonly Secret[]): KnownSecrets {
  const key = randomBytes(32);
  const roller = new RollingHash(key);
  const digest = (bytes: Buffer) => createHmac("sha256", key).update(bytes).digest();
  const known = searched(secrets).map(({ name, value }): SecretDigests => {
    const bytes = Buffer.from(value);
    const own = digest(bytes);
    return {
      name,
      bytes: bytes.length,
      filter: roller.filterOf(bytes),
      confirm: async (window) => digest(window).equals(own),
    };
  });
  return new KnownSecrets(roller, known);
}

/** The operator's own credentials, as far as this shell has them: some have no form that a pattern could know. */
export const ofShell = (environment: NodeJS.ProcessEnv): Secret[] =>
  Object.entries(environment)
    .filter(([name]) => secretVariables.has(name) || /^PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE)$/.test(name))
    .map(([name, value = ""]) => ({ name: `${name} of this shell`, value }));
