import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What every cloud can be told of its state. */
export interface StoreOptions {
  /** Where to keep it; without a file it lives in memory only. */
  file?: string | undefined;
  /** Told after each change. */
  changed?: (() => void) | undefined;
}

/** Where clients reach a database; it is asked for each answer, since a server may start again on another port. */
export type Endpoint<T> = (database: Readonly<T>) => { host: string; port: number };

/**
 * The state of one cloud, in a file so that it outlives a restart. Whoever changes `data` calls {@link save} before
 * answering, as a vendor would: what was acknowledged is not forgotten.
 */
export class Store<T extends object> {
  readonly data: T;
  private readonly file: string | undefined;
  private readonly changed: (() => void) | undefined;

  /** @param initial the state of a cloud in which nothing exists; what an older file lacks is taken of it */
  constructor({ file, changed }: StoreOptions, initial: T) {
    this.file = file;
    this.changed = changed;
    this.data = { ...initial, ...(file !== undefined && read<T>(file)) };
  }

  /** Writes the state; a crash leaves the old one or the new one, never half of it. */
  save(): void {
    if (this.file !== undefined) {
      mkdirSync(path.dirname(this.file), { recursive: true });
      writeFileSync(`${this.file}.new`, JSON.stringify(this.data, null, 1), { mode: 0o600 });
      renameSync(`${this.file}.new`, this.file);
    }
    this.changed?.();
  }
}

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
