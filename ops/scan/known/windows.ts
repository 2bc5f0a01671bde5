/**
 * Looks for secrets by their digests. A secret may begin anywhere, so every window of its length is digested: first by
 * a rolling hash that costs a few instructions per byte (a cyclic polynomial, "buzhash"), of which 24 bits are compared;
 * a window that passes is then compared by a strong digest.
 */
import { createHmac } from "node:crypto";
import type { KnownSecrets, Occurrence } from "./secrets.ts";

/** A secret, known by its digests only. */
export interface SecretDigests {
  /** What it is called: no secret. */
  name: string;
  /** Of its UTF-8 form. */
  bytes: number;
  /** 24 bits of the rolling hash. */
  filter: number;
  /** Whether a window that has passed the filter is the secret. */
  confirm(window: Buffer): Promise<boolean>;
}

/** The rolling hash. Secrets and windows need the same seed. */
export class RollingHash {
  private readonly table = new Uint32Array(256);

  constructor(seed: Buffer) {
    for (let block = 0; block < 32; block++) {
      const bytes = createHmac("sha256", seed).update(`window ${block}`).digest();
      for (let word = 0; word < 8; word++) this.table[block * 8 + word] = bytes.readUInt32LE(word * 4);
    }
  }

  filterOf(secret: Buffer): number {
    let hash = 0;
    for (const byte of secret) hash = ((hash << 1) | (hash >>> 31)) ^ (this.table[byte] ?? 0);
    return hash >>> 8;
  }

  /** Where windows of a length begin whose filter ends in one of the 16 bits that are wanted. */
  *windows(content: Buffer, length: number, isWanted: Uint8Array): Generator<number> {
    const { table } = this;
    const turn = length % 32;
    let hash = 0;
    for (let at = 0; at < content.length; at++) {
      hash = ((hash << 1) | (hash >>> 31)) ^ (table[content[at] as number] as number);
      if (at >= length) {
        const leaving = table[content[at - length] as number] as number;
        hash ^= turn === 0 ? leaving : (leaving << turn) | (leaving >>> (32 - turn));
      }
      if (at >= length - 1 && isWanted[(hash >>> 8) & 0xffff] === 1) yield at - length + 1;
    }
  }
}

/** Secrets of which digests with one seed are known. */
export class DigestedSecrets implements KnownSecrets {
  private readonly wanted = new Map<number, Uint8Array>();

  constructor(
    private readonly roller: RollingHash,
    private readonly all: readonly SecretDigests[],
  ) {
    for (const { bytes, filter } of all) {
      const isWanted = this.wanted.get(bytes) ?? new Uint8Array(0x10000);
      isWanted[filter & 0xffff] = 1;
      this.wanted.set(bytes, isWanted);
    }
  }

  get names(): string[] {
    return this.all.map(({ name }) => name);
  }

  async search(content: Buffer): Promise<Occurrence[]> {
    const found: Occurrence[] = [];
    for (const [length, isWanted] of this.wanted)
      for (const offset of this.roller.windows(content, length, isWanted)) {
        const window = content.subarray(offset, offset + length);
        const filter = this.roller.filterOf(window);
        for (const { name, bytes, filter: own, confirm } of this.all)
          if (bytes === length && own === filter && (await confirm(window)))
            found.push({ name, bytes, offset });
      }
    return found;
  }
}
