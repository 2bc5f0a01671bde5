import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** Keeps databases in a file: soon after a change, and at the end. Only its owner can read it. */
export class KeptFile {
  private readonly path: string;
  private readonly content: () => unknown[][];
  private timer: NodeJS.Timeout | undefined;
  /** Milliseconds until the next write: longer where one takes long, so that most of the time is for answers. */
  private pause = 100;

  /** @param content one list of entries per database */
  constructor(path: string, content: () => unknown[][]) {
    this.path = path;
    this.content = content;
  }

  read(): unknown[][] {
    return existsSync(this.path) ? JSON.parse(readFileSync(this.path, "utf8")) : [];
  }

  /** Many changes make one write. */
  later(): void {
    this.timer ??= setTimeout(() => {
      try {
        this.now();
      } catch (error) {
        // A full disk, or more than one file can take: the sandbox goes on without.
        console.error(
          `the stand-in for Redis cannot keep its data in ${this.path}: ${(error as Error).message}`,
        );
      }
    }, this.pause);
  }

  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const started = performance.now();
    // Never half a file, whenever this process ends.
    const next = `${this.path}.next`;
    writeFileSync(next, JSON.stringify(this.content()), { mode: 0o600 });
    renameSync(next, this.path);
    this.pause = Math.max(100, 10 * (performance.now() - started));
  }
}
