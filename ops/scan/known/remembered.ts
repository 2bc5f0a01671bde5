/**
 * A file of digests, so that CI and a colleague without credentials can look for a stack's secrets too.
 *
 * What it gives away: the name and length of each secret and 24 bits of a keyed rolling hash, which is what makes
 * looking at every place of a repository fast. Whoever guesses tests a guess by those bits first, and by scrypt what
 * passes: so a guess costs hardly more than a hash, and what protects a secret is only how many guesses it takes. A
 * generated password of 32 letters and digits has 190 bits; 2^190 guesses are out of everybody's reach, whatever one
 * costs. A password that a person made up may be among the first billion: its digest would be the password. Therefore
 * only secrets are written down that still have 64 bits by a low estimate once the 24 are known; the others are named,
 * and are looked for only where their values are at hand. scrypt and a salt for each secret are a second lock: no
 * table serves for two secrets, and even 2^64 guesses mean 2^40 runs of scrypt.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../../../engine/errors.ts";
import { strength } from "../rules/values.ts";
import { type KnownSecrets, type Secret, searched } from "./secrets.ts";
import { DigestedSecrets, RollingHash, type SecretDigests } from "./windows.ts";

/** Name of the file, at the top of the project. Made to be committed. */
export const rememberedFile = ".secrets-remembered.json";

/** Bits that a secret needs to be remembered: 64, and what the filter gives away. */
export const bitsNeeded = 64 + 24;

const cost: ScryptOptions = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

const schema = z.strictObject({
  about: z.string(),
  version: z.literal(1),
  salt: z.string(),
  stacks: z.record(
    z.string(),
    z.array(
      z.strictObject({
        name: z.string(),
        bytes: z.int().positive(),
        filter: z.int().nonnegative(),
        digest: z.string(),
      }),
    ),
  ),
});
type File = z.infer<typeof schema>;

const about =
  "Digests of generated secrets, written by `npx kairos secrets:scan --remember`; ops/scan/known/remembered.ts says why they may be here.";

/** The file's content; undefined where there is none. @throws UserError when it is no such file */
async function read(path: string): Promise<File | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new UserError(
      `${rememberedFile}: got something else than digests; expected what --remember writes: remove it and write it anew`,
    );
  }
}

/** What is remembered of all stacks, and of which there is something. */
export async function remembered(path: string): Promise<{ known: KnownSecrets; stacks: string[] }> {
  const file = await read(path);
  const salt = Buffer.from(file?.salt ?? "", "base64url");
  const known = Object.entries(file?.stacks ?? {}).flatMap(([stack, secrets]) =>
    secrets.map(({ name, bytes, filter, digest }): SecretDigests => {
      const own = Buffer.from(digest, "base64url");
      return {
        name: `${name} of ${stack}`,
        bytes,
        filter,
        confirm: async (window) => timingSafeEqual(await digestOf(window, salt, stack, name), own),
      };
    }),
  );
  return {
    known: new DigestedSecrets(new RollingHash(salt), known),
    stacks: Object.keys(file?.stacks ?? {}),
  };
}

/** What became of each secret. */
export interface RememberOutcome {
  written: string[];
  /** Too easy to guess from a digest. */
  refused: string[];
}

/** Writes the digests of a stack's secrets in place of those that were there; other stacks' stay. */
export async function remember(
  path: string,
  stack: string,
  secrets: readonly Secret[],
): Promise<RememberOutcome> {
  const before = await read(path);
  const salt = before === undefined ? randomBytes(32) : Buffer.from(before.salt, "base64url");
  const roller = new RollingHash(salt);
  const all = searched(secrets);
  const strong = all.filter(({ value }) => strength(value) >= bitsNeeded);
  const digests = await Promise.all(
    strong.map(async ({ name, value }) => {
      const bytes = Buffer.from(value);
      const digest = await digestOf(bytes, salt, stack, name);
      return {
        name,
        bytes: bytes.length,
        filter: roller.filterOf(bytes),
        digest: digest.toString("base64url"),
      };
    }),
  );
  const file: File = {
    about,
    version: 1,
    salt: salt.toString("base64url"),
    stacks: { ...before?.stacks, [stack]: digests },
  };
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
  const written = strong.map(({ name }) => name);
  return { written, refused: all.map(({ name }) => name).filter((name) => !written.includes(name)) };
}

function digestOf(value: Buffer, salt: Buffer, stack: string, name: string): Promise<Buffer> {
  const own = Buffer.concat([salt, Buffer.from(`${stack}\0${name}`)]);
  return new Promise((resolve, reject) =>
    scrypt(value, own, 32, cost, (error, digest) => (error ? reject(error) : resolve(digest))),
  );
}
