/** Secrets that are looked for by what they are, whatever they look like. */
import { secretVariables } from "../../infra/settings/credentials.ts";

/** Secrets that can be looked for. Values, or digests of them (remembered.ts), stay inside. */
export interface KnownSecrets {
  names: readonly string[];
  search(content: Buffer): Occurrence[];
}

/** Where a secret begins, in bytes, and how long it is. */
export interface Occurrence {
  name: string;
  bytes: number;
  offset: number;
}

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

/** Secrets whose values are at hand, in memory. */
export function knownOf(secrets: readonly Secret[]): KnownSecrets {
  const known = searched(secrets).map(({ name, value }) => ({ name, value: Buffer.from(value) }));
  return {
    names: known.map(({ name }) => name),
    search(content) {
      const found: Occurrence[] = [];
      for (const { name, value } of known)
        for (let offset = content.indexOf(value); offset !== -1; offset = content.indexOf(value, offset + 1))
          found.push({ name, bytes: value.length, offset });
      return found;
    },
  };
}

/** The operator's own credentials, as far as this shell has them: some have no form that a pattern could know. */
export const ofShell = (environment: NodeJS.ProcessEnv): Secret[] =>
  Object.entries(environment)
    .filter(([name]) => secretVariables.has(name) || /^PULUMI_(ACCESS_TOKEN|CONFIG_PASSPHRASE)$/.test(name))
    .map(([name, value = ""]) => ({ name: `${name} of this shell`, value }));
