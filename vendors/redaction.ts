/** Takes out of what somebody else wrote, a vendor's words or a name, what nobody may see and what a terminal obeys. */

/** Shorter values are found in any text; nobody's password is. */
const shortest = 6;

/**
 * The text without the secrets, in whatever form programs print them: as they are, percent-encoded, escaped as JSON,
 * as Base64, and of a URL its password alone, too. Cut a text only afterwards, or a part of a secret remains.
 *
 * @param secrets may hold empty ones
 */
export function redacted(text: string, secrets: readonly string[]): string {
  const forms = new Set(secrets.flatMap((secret) => [secret, ...passwordOf(secret)]).flatMap(formsOf));
  // The longest first: a URL goes as a whole before its password does.
  return [...forms]
    .filter((form) => form.length >= shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, form) => shown.replaceAll(form, "[secret]"), text);
}

/**
 * The text with the characters that a terminal obeys, that turn the direction of reading or that nobody sees written out,
 * as JSON writes them: `\u001b`. Inside of JSON it means the same.
 *
 * @param kept characters that may stay
 * @see https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
export const visible = (text: string, kept = ""): string =>
  text.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{e0000}-\u{e007f}]/gu, (character) =>
    kept.includes(character)
      ? character
      : character
          .split("")
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
          .join(""),
  );

function formsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("base64url"),
  ];
}

function passwordOf(text: string): string[] {
  if (!text.includes("://") || !URL.canParse(text)) return [];
  const { password } = new URL(text);
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
