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
import { createHmac, randomBytes, type ScryptOptions, scryptSync, timingSafeEqual } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { z } from "zod";
import { UserError } from "../../engine/errors.ts";
import { type KnownSecrets, type Occurrence, type Secret, searched } from "./known.ts";
import { strength } from "./rules/values.ts";

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

const about =
  "Digests of generated secrets, written by `npx kairos secrets:scan --remember`; ops/scan/remembered.ts says why they may be here.";

/** The file's content; undefined where there is none. @throws UserError when it is no such file */
async function read(path: string): Promise<z.infer<typeof schema> | undefined> {
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
  const { salt: text = "", stacks = {} } = (await read(path)) ?? {};
  const salt = Buffer.from(text, "base64url");
  const rolling = rollingHash(salt);
  const all = Object.entries(stacks).flatMap(([stack, secrets]) =>
    secrets.map((one) => ({ ...one, stack, digest: Buffer.from(one.digest, "base64url") })),
  );
  const wanted = new Map<number, Uint8Array>();
  for (const { bytes, filter } of all) {
    const isWanted = wanted.get(bytes) ?? new Uint8Array(0x10000);
    isWanted[filter & 0xffff] = 1;
    wanted.set(bytes, isWanted);
  }
  const search = (content: Buffer): Occurrence[] =>
    [...wanted].flatMap(([bytes, isWanted]) =>
      [...rolling.windows(content, bytes, isWanted)].flatMap((offset) => {
        const window = content.subarray(offset, offset + bytes);
        const filter = rolling.filterOf(window);
        return all
          .filter((one) => one.bytes === bytes && one.filter === filter)
          .filter(({ stack, name, digest }) => timingSafeEqual(digestOf(window, salt, stack, name), digest))
          .map(({ stack, name }) => ({ name: `${name} of ${stack}`, bytes, offset }));
      }),
    );
  const names = all.map(({ stack, name }) => `${name} of ${stack}`);
  return { known: { names, search }, stacks: Object.keys(stacks) };
}

/**
 * Writes the digests of a stack's secrets in place of those that were there; other stacks' stay.
 *
 * @returns what became of each secret: refused are those that are too easy to guess from a digest
 */
export async function remember(
  path: string,
  stack: string,
  secrets: readonly Secret[],
): Promise<{ written: string[]; refused: string[] }> {
  const before = await read(path);
  const salt = before === undefined ? randomBytes(32) : Buffer.from(before.salt, "base64url");
  const { filterOf } = rollingHash(salt);
  const all = searched(secrets);
  const strong = all.filter(({ value }) => strength(value) >= bitsNeeded);
  const digests = strong.map(({ name, value }) => {
    const bytes = Buffer.from(value);
    const digest = digestOf(bytes, salt, stack, name).toString("base64url");
    return { name, bytes: bytes.length, filter: filterOf(bytes), digest };
  });
  const file: z.infer<typeof schema> = {
    about,
    version: 1,
    salt: salt.toString("base64url"),
    stacks: { ...before?.stacks, [stack]: digests },
  };
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`);
  const names = (some: readonly Secret[]) => some.map(({ name }) => name);
  return { written: names(strong), refused: names(all.filter((one) => !strong.includes(one))) };
}

const digestOf = (value: Buffer, salt: Buffer, stack: string, name: string): Buffer =>
  scryptSync(value, Buffer.concat([salt, Buffer.from(`${stack}\0${name}`)]), 32, cost);

/**
 * A secret may begin anywhere, so every window of its length is digested: first by a rolling hash that costs a few
 * instructions per byte (a cyclic polynomial, "buzhash"), of which 24 bits are compared; what passes is then compared by
 * its strong digest.
 */
function rollingHash(seed: Buffer) {
  const table = new Uint32Array(256);
  for (let block = 0; block < 32; block++) {
    const bytes = createHmac("sha256", seed).update(`window ${block}`).digest();
    for (let word = 0; word < 8; word++) table[block * 8 + word] = bytes.readUInt32LE(word * 4);
  }
  const turned = (hash: number, by: number) => (by === 0 ? hash : (hash << by) | (hash >>> (32 - by)));
  return {
    filterOf: (secret: Buffer): number =>
      secret.reduce((hash, byte) => turned(hash, 1) ^ (table[byte] ?? 0), 0) >>> 8,
    /** Where windows of a length begin whose filter ends in one of the 16 bits that are wanted. */
    *windows(content: Buffer, length: number, isWanted: Uint8Array): Generator<number> {
      const turn = length % 32;
      let hash = 0;
      for (let at = 0; at < content.length; at++) {
        hash = turned(hash, 1) ^ (table[content[at] as number] as number);
        if (at >= length) hash ^= turned(table[content[at - length] as number] as number, turn);
        if (at >= length - 1 && isWanted[(hash >>> 8) & 0xffff] === 1) yield at - length + 1;
      }
    },
  };
}
