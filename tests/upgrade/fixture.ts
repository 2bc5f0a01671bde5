/**
 * A stack as a release left it: settings and state in one file, without a credential. Where one stood there is a token,
 * the same for the same value, also inside URLs; whoever reads the file gets other values in their place.
 */
import { createHash, randomBytes } from "node:crypto";

/** A resource as `pulumi stack export` shows it, as far as a preview reads it. */
export interface StateResource {
  urn: string;
  type: string;
  custom: boolean;
  id?: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  [more: string]: unknown;
}

/** One file below `fixtures/`. */
export interface Fixture {
  /** The version that made it, and the kind of stack (kinds.ts). */
  release: string;
  kind: string;
  about: string;
  /** What `pulumi config` holds: whole keys; the encrypted ones by path. */
  settings: Record<string, unknown>;
  secretSettings: Record<string, string>;
  /** For each token of a SHA-256: the text, with tokens, that it is the digest of. */
  digests: Record<string, string>;
  resources: StateResource[];
}

/** Pulumi's mark of a secret in an exported state, and the shorter one of a fixture. */
const exportedSecret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const isExportedSecret = (value: object): value is { plaintext: string } =>
  Object.keys(exportedSecret).every((key) => key in value);
const secretKey = "{{secret}}";

/** What a secret of a fixture becomes. */
export type Secret = (value: unknown) => unknown;

/** For `pulumi stack import`. */
export const importable: Secret = (value) => ({ ...exportedSecret, plaintext: JSON.stringify(value) });

/** The fixture with fresh values for its tokens. */
export function filled(fixture: Fixture, secret: Secret): Fixture {
  const values = new Map<string, string>();
  const fresh = (text: string) =>
    text.replace(/\{\{secret \d+\}\}/g, (token) => {
      const value = values.get(token) ?? randomBytes(16).toString("hex");
      values.set(token, value);
      return value;
    });
  // Letters and digits need no escape, whatever a token stands in.
  const whole = JSON.parse(fresh(JSON.stringify(fixture))) as Fixture;
  const digests = new Map(Object.entries(whole.digests).map(([token, text]) => [token, sha256(text)]));
  return mapped(whole, (value) => {
    if (typeof value === "string") return digests.get(value) ?? value;
    return secretKey in value ? secret((value as Record<string, unknown>)[secretKey]) : value;
  }) as Fixture;
}

/** What {@link sealed} is given. */
export interface Recorded extends Omit<Fixture, "digests" | "resources"> {
  /** What `pulumi stack export --show-secrets` printed. */
  exported: string;
  /** Credentials that were in use, wherever they might stand. */
  secrets: readonly string[];
  /** Texts of which the program took a SHA-256. */
  preimages: readonly string[];
}

/**
 * Takes every credential out of an exported state.
 *
 * @throws Error when something that is left might be one; it names the place and not the value
 */
export function sealed({ exported, secrets, preimages, ...about }: Recorded): Fixture {
  const { deployment } = JSON.parse(exported) as { deployment: { resources: StateResource[] } };
  const resources = deployment.resources.map(pruned);
  const used = preimages.filter((text) => exported.includes(sha256(text)));
  const digests = Object.fromEntries(used.map((text, index) => [`{{digest ${index + 1}}}`, text]));
  const digestTokens = new Map(Object.entries(digests).map(([token, text]) => [sha256(text), token]));

  const credentials = new Set(secrets.filter((secret) => secret.length > 0));
  // A digest may be of a credential that the state no longer has.
  for (const [key, text] of [...secretTexts(resources), ...textsOf(digests)])
    for (const credential of credentialsIn(key, text)) credentials.add(credential);
  // The longest first: one may be part of another.
  const ordered = [...credentials]
    .filter((one) => !digestTokens.has(one))
    .sort((a, b) => b.length - a.length);
  const tokens = new Map<string, string>();
  const tokenized = (text: string) => {
    let result = text;
    for (const credential of ordered) {
      if (!result.includes(credential)) continue;
      const token = tokens.get(credential) ?? `{{secret ${tokens.size + 1}}}`;
      tokens.set(credential, token);
      result = result.replaceAll(credential, token);
    }
    return result;
  };
  const fixture = mapped({ ...about, digests, resources }, (value) =>
    typeof value === "string" ? (digestTokens.get(value) ?? tokenized(value)) : value,
  ) as Fixture;
  refuseLeftovers(fixture);
  return fixture;
}

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** What a preview does not look at: hours, this checkout's files, and what only an `up` asks for. */
const unneeded = new Set([
  "created",
  "modified",
  "sourcePosition",
  "stackTrace",
  "dependencies",
  "propertyDependencies",
  "resourceHooks",
]);

/** Without what is not needed, and with the short mark of secrets. */
function pruned(resource: StateResource): StateResource {
  const kept = Object.entries(resource).filter(([key]) => !unneeded.has(key));
  return shortened(Object.fromEntries(kept)) as StateResource;
}

function shortened(value: unknown): unknown {
  return mapped(value, (one) =>
    typeof one === "object" && isExportedSecret(one)
      ? { [secretKey]: shortened(JSON.parse(one.plaintext)) }
      : one,
  );
}

/** A text, and the key that says what it is. */
type Named = [key: string, text: string];

/** Every text that is secret. */
function secretTexts(value: unknown, key = "", isSecret = false): Named[] {
  if (typeof value === "string") return isSecret ? [[key, value]] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([inner, one]) => {
    // Neither an index nor the `value` of a variable says what it is.
    const name = Array.isArray(value) || inner === secretKey || inner === "value" ? key : inner;
    return secretTexts(one, name, isSecret || inner === secretKey);
  });
}

/** Every text that a digest was made of. */
const textsOf = (digests: Fixture["digests"]): Named[] =>
  Object.values(digests).flatMap((text) => secretTexts(JSON.parse(text), "", true));

/** The parts of a secret text that let somebody in: a URL's password, or all of it. */
function credentialsIn(key: string, text: string): string[] {
  if (URL.canParse(text) && new URL(text).password !== "") return [new URL(text).password];
  return isCredential(key, text) ? [text] : [];
}

const isCredential = (key: string, text: string) =>
  /(password|token|secret|hash|result)$/i.test(key) && /^\S{8,}$/.test(text);

/** Letters and digits in a row that no word has. */
const random = /[A-Za-z0-9_-]{20,}/g;

/**
 * Refuses a fixture with a text that is secret, looks generated and stands nowhere in the open.
 *
 * @throws Error that names the key and not the value
 */
export function refuseLeftovers({ kind, settings, digests, resources }: Fixture): void {
  // What stands in the open somewhere is a name or an id.
  const withoutSecrets = mapped(resources, (value) =>
    typeof value === "object" && secretKey in value ? undefined : value,
  );
  const open = JSON.stringify([settings, withoutSecrets]);
  const left = [...secretTexts(resources), ...textsOf(digests)].filter(([, text]) =>
    (text.match(random) ?? []).some((run) => /\d/.test(run) && !open.includes(run)),
  );
  if (left.length > 0)
    throw new Error(
      `${kind}: a secret is left under ${[...new Set(left.map(([key]) => key))].join(", ")}; see credentialsIn`,
    );
}

/** A copy in which each text and each object, inner ones first, is replaced. */
function mapped(value: unknown, replace: (value: string | object) => unknown): unknown {
  if (typeof value === "string") return replace(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => mapped(one, replace));
  return replace(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one, replace)])));
}
