/** Generated secrets that are easy to recognize, and a search for them in every form in which they could leak. */
import { randomBytes } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";

/** A secret with characters that each encoding writes differently. */
export const canary = (): string => `cånary/${randomBytes(9).toString("hex")}+"%&=@`;

/** One without them, for places that take no such characters. */
export const plainCanary = (): string => `canary${randomBytes(12).toString("hex")}`;

/** The forms of a secret: plain, percent-encoded, base64 at each alignment, hexadecimal, inside JSON (once, twice). */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    // The first and last characters also depend on the neighbours.
    const middle = text.slice(shift === 0 ? 0 : 4, -4);
    return [middle, middle.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    encodeURI(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString("hex"),
    json,
    JSON.stringify(json).slice(1, -1),
    ...base64,
  ];
}

/** The secrets that a text holds in any form, by number, so that a failing test does not print them. */
export function leaks(text: string, secrets: readonly string[]): string[] {
  return secrets.flatMap((secret, index) =>
    formsOf(secret).some((form) => text.includes(form)) ? [`secret ${index}`] : [],
  );
}

/** What of some secrets stands in the files below a folder. */
export async function leaksIn(folder: string, secrets: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  if (files.length === 0) throw new Error(`${folder} has no files`);
  const found: string[] = [];
  // One after another: all together can be more than a text can hold.
  for (const { parentPath, name } of files)
    found.push(...leaks(await readFile(path.join(parentPath, name), "utf8"), secrets));
  return found;
}
