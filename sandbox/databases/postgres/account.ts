/** As whom PostgreSQL runs: it refuses root, and a container's CI often has nobody else. */
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/** A user and group of this machine; undefined for whoever runs this process. */
export type Account = { uid: number; gid: number } | undefined;

/** `nobody` for root, which every system has and which owns nothing; otherwise the user that runs this process. */
export function postgresAccount(): Account {
  if (process.getuid?.() !== 0) return undefined;
  const entry = /^nobody:[^:]*:(\d+):(\d+):/m.exec(readFileSync("/etc/passwd", "utf8"));
  if (entry === null)
    throw new Error("PostgreSQL does not run as root, and there is no user nobody: run this as another user");
  return { uid: Number(entry[1]), gid: Number(entry[2]) };
}

/** Whether an account can get at a file or folder by its path: root's home, for one, is closed to others. */
export function reaches(account: Account, path: string): boolean {
  if (account === undefined) return true;
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
