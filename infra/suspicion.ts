/** Whether a text looks like a secret: by its name, its form, or because it looks drawn at random. */

/** Names that end like a secret's. `TOKEN_TTL` and `SECRET_NAME` do not. */
const secretName =
  /(^|_)(PASS|PASSWD|PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|DSN|SALT|PEPPER|(API|PRIVATE|ACCESS|SIGNING|ENCRYPTION|SECRET|MASTER|SERVICE)_?KEY)(_(B64|BASE64|HEX|OLD|NEW|\d+))?$/i;

/** Values that look random and are public: digests and ids. */
const publicName = /(^|_)(SHA|SHA\d+|COMMIT|REVISION|DIGEST|CHECKSUM|FINGERPRINT|ID|UUID)$/i;

/** Forms that only secrets have: URLs with a password, keys, and tokens that say who issued them. */
const secretForms: readonly (readonly [string, RegExp])[] = [
  ["a URL with a password", /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^/\s@]+@/i],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY-----/],
  ["a signed token", /^eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]+$/],
  [
    "a vendor's key",
    /^((sk|rk)_(live|test)_|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AKIA|ASIA|SG\.|rnd_|AIza|pul-)[\w.-]{8,}/,
  ],
];

/** Bits per character by the frequencies in the text. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / text.length;
    return sum - share * Math.log2(share);
  }, 0);
}

/** Whether a text looks drawn at random. Words, addresses and lists score lower, or have other characters. */
function looksRandom(text: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(text)) return entropy(text) > 3;
  if (!/^[A-Za-z0-9+/=_-]{20,}$/.test(text)) return false;
  return /\d/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text) && entropy(text) > 3.7;
}

/** Why a plain value looks like a secret; undefined when it does not. Never says the value. */
export function suspicion(name: string, value: string): string | undefined {
  if (value === "" || value === "true" || value === "false") return undefined;
  if (secretName.test(name)) return "its name says secret";
  const form = secretForms.find(([, pattern]) => pattern.test(value));
  if (form !== undefined) return `its value is ${form[0]}`;
  return !publicName.test(name) && looksRandom(value) ? "its value looks random, as keys do" : undefined;
}
