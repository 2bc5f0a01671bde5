import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * The state of one cloud, in a file so that it outlives a restart. Whoever changes `data` calls {@link save} before
 * answering, as a vendor would: what was acknowledged is not forgotten.
 */
export class Store<T extends object> {
  readonly data: T;
  private readonly file: string | undefined;
  private readonly changed: (() => void) | undefined;

  /**
   * @param file where to keep the state; without one it lives in memory only
   * @param initial the state of a cloud in which nothing exists
   * @param changed told after each change
   */
  constructor(file: string | undefined, initial: T, changed?: () => void) {
    this.file = file;
    this.changed = changed;
    this.data = file === undefined ? initial : (read<T>(file) ?? initial);
  }

  /** Writes the state; a crash leaves the old one or the new one, never half of it. */
  save(): void {
    this.write();
    this.changed?.();
  }

  private write(): void {
    if (this.file === undefined) return;
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, JSON.stringify(this.data, null, 1), { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
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
