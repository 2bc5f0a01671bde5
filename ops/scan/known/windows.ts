/**
 * Looks for secrets by their digests. A secret may begin anywhere, so every window of its length is digested: first by
 * a rolling hash that costs a few instructions per byte (a cyclic polynomial, "buzhash"), of which 24 bits are compared;
 * a window that passes is then compared by a strong digest.
 */
import { createHmac } from "node:crypto";

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

/** Where a secret begins. */
export interface Occurrence {
  known: SecretDigests;
  /** In bytes. */
  offset: number;
}

/** The rolling hash's table. Secrets and windows need the same seed. */
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

  /** Calls back for each window of a length whose filter is among those that are looked for. */
  roll(
    content: Buffer,
    length: number,
    isWanted: Uint8Array,
    found: (filter: number, at: number) => void,
  ): void {
    if (content.length < length) return;
    const { table } = this;
    const turn = length % 32;
    let hash = 0;
    for (let at = 0; at < content.length; at++) {
      hash = ((hash << 1) | (hash >>> 31)) ^ (table[content[at] as number] as number);
      if (at >= length) {
        const leaving = table[content[at - length] as number] as number;
        hash ^= turn === 0 ? leaving : (leaving << turn) | (leaving >>> (32 - turn));
      }
      if (at >= length - 1 && isWanted[(hash >>> 8) & 0xffff] === 1) found(hash >>> 8, at - length + 1);
    }
  }
}

/** Secrets with one seed, ready to be looked for. */
export class KnownSecrets {
  private readonly byLength = new Map<
    number,
    { isWanted: Uint8Array; byFilter: Map<number, SecretDigests[]> }
  >();

  constructor(
    private readonly roller: RollingHash,
    readonly all: readonly SecretDigests[],
  ) {
    for (const known of all) {
      const group = this.byLength.get(known.bytes) ?? {
        isWanted: new Uint8Array(0x10000),
        byFilter: new Map<number, SecretDigests[]>(),
      };
      this.byLength.set(known.bytes, group);
      group.isWanted[known.filter & 0xffff] = 1;
      group.byFilter.set(known.filter, [...(group.byFilter.get(known.filter) ?? []), known]);
    }
  }

  /** All secrets in a content. */
  async search(content: Buffer): Promise<Occurrence[]> {
    const possible: Occurrence[] = [];
    for (const [length, { isWanted, byFilter }] of this.byLength)
      this.roller.roll(content, length, isWanted, (filter, offset) => {
        for (const known of byFilter.get(filter) ?? []) possible.push({ known, offset });
      });
    const sure = await Promise.all(
      possible.map(({ known, offset }) => known.confirm(content.subarray(offset, offset + known.bytes))),
    );
    return possible.filter((_, index) => sure[index]);
  }
}
