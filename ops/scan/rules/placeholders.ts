/** What stands where a secret would stand, and is none. */

/** Words that documents and examples use. */
const words =
  /^(?:user(?:name)?|login|pass|pa55|password|passwort|passwd|pwd|secret|token|key|api-?key|opaque|canary|example|exemple|changeme|change-me|your[-_ ].*|my[-_].*|mot[-_ ]?de[-_ ]?passe|none|null|undefined|redacted|hidden|masked|xxx+|\*+|\.+|…+)$/i;

/** Markers of Pulumi's wire format and state, the same for everybody. Source: sdk/go/common/resource/sig of Pulumi. */
const markers = new Set(["4dabf18193072939515e22adb298388d", "1b47061264138c4ac30d75fd1eb44270"]);

/** True for `<mot-de-passe>`, `${VAR}`, `[secret]`, `{{ x }}`, `$VAR`, `***`, `…` and the words of examples. */
export function isPlaceholder(value: string): boolean {
  if (markers.has(value)) return true;
  return /[<>{}[\]…]|\$\(|\*\*\*|\.\.\.|^\$|^%/.test(value) || words.test(value) || new Set(value).size < 3;
}

/**
 * Hosts that are nobody's: reserved names (RFC 2606, RFC 6761), this machine, and names without a dot, such as
 * `host`, which examples use and Render's private network too.
 */
export function isNobodysHost(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, "");
  return (
    !name.includes(".") ||
    /(?:^|\.)(?:example|invalid|test|localhost)$/.test(name) ||
    /(?:^|\.)example\.(?:com|net|org)$/.test(name) ||
    /^127\.|^0\.0\.0\.0$/.test(name)
  );
}
