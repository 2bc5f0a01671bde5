/**
 * What initdb made, kept between runs beside the packages: making it takes a second of CPU, copying it a tenth of that.
 * It holds no password and no data: both come with a server's first start.
 */
import { constants, cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../root.ts";
import type { Software } from "./software.ts";

const packages = join(root, "node_modules");

export class Template {
  private readonly folder: string;

  /** @param cache the folder that keeps it, below one that is there; for tests */
  constructor({ build }: Software, cache = join(packages, ".cache", "kairos")) {
    this.folder = join(cache, `postgres-${build}`);
  }

  /** Makes a data folder. @returns false when there is nothing to copy */
  copyTo(data: string): boolean {
    if (!existsSync(this.folder)) return false;
    try {
      cpSync(this.folder, data, { recursive: true, mode: constants.COPYFILE_FICLONE });
      return true;
    } catch {
      // Somebody clears the cache meanwhile, or the files are another user's.
      rmSync(data, { recursive: true, force: true });
      return false;
    }
  }

  /** Keeps a data folder that no server has run on; where that cannot be, the next one is made like this one. */
  keep(data: string): void {
    const unfinished = `${this.folder}.${process.pid}`;
    try {
      mkdirSync(join(this.folder, ".."), { recursive: true });
      cpSync(data, unfinished, { recursive: true, mode: constants.COPYFILE_FICLONE });
      renameSync(unfinished, this.folder);
    } catch {
      // Read-only, full, or another run was first.
      rmSync(unfinished, { recursive: true, force: true });
    }
  }
}
