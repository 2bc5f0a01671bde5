/** What git keeps: objects with their content, and how to get back from an object to a commit and a path. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import path from "node:path";
import { execa } from "execa";
import { UserError } from "../../../engine/errors.ts";
import { whyGit } from "../../git.ts";

/** An object of git with its content. */
export interface GitObject {
  oid: string;
  type: "blob" | "tree" | "commit" | "tag";
  bytes: Buffer;
}

/** A file as the index or a tree lists it. */
export interface Entry {
  oid: string;
  /** Relative to the top of the repository. */
  file: string;
}

/** A repository on this machine. */
export class Repository {
  private constructor(
    /** Top of the working tree. */
    readonly top: string,
  ) {}

  /** @throws UserError outside of a repository */
  static async at(folder: string): Promise<Repository> {
    const found = await execa("git", ["rev-parse", "--show-toplevel"], { cwd: folder, reject: false });
    const { failed, stdout } = found;
    if (failed || stdout === "")
      throw new UserError(
        `${folder}: git: ${whyGit(found) ?? "no repository"}; --paths searches without git`,
      );
    return new Repository(path.resolve(stdout));
  }

  async git(...args: string[]): Promise<string> {
    return (await execa("git", args, { cwd: this.top, maxBuffer: 1 << 30 })).stdout;
  }

  /** Whether the history ends where somebody cut it off, as CI's clones do. */
  async isShallow(): Promise<boolean> {
    return (await this.git("rev-parse", "--is-shallow-repository")).trim() === "true";
  }

  /** Files of the working tree that git sees: tracked, or new and not ignored. */
  async visibleFiles(): Promise<string[]> {
    const which = ["--cached", "--others", "--exclude-standard", "--deduplicate"];
    const list = await this.git("ls-files", "-z", ...which);
    return list.split("\0").filter((file) => file !== "");
  }

  /** What the index holds. */
  async indexed(): Promise<Entry[]> {
    const list = (await this.git("ls-files", "-z", "--stage")).split("\0");
    return list.flatMap((line) => {
      const match = /^1[02]\d{4} ([0-9a-f]+) \d\t(.+)$/s.exec(line);
      return match === null ? [] : [{ oid: match[1] ?? "", file: match[2] ?? "" }];
    });
  }

  /** What a commit would change: the content that would be committed, not the working tree's. */
  async staged(): Promise<Entry[]> {
    // Whatever the user's git is set to.
    const plain = ["--no-abbrev", "--no-renames", "--no-ext-diff"];
    const raw = await this.git("diff", "--cached", "--raw", "-z", ...plain, "--diff-filter=AMT");
    const fields = raw.split("\0");
    const entries: Entry[] = [];
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, mode = "", , oid = ""] = (fields[at] ?? "").split(" ");
      // A submodule's commit is not in this repository.
      if (mode !== "160000") entries.push({ oid, file: fields[at + 1] ?? "" });
    }
    return entries;
  }

  /** Every object there is, dangling ones included: what was staged and never committed is still there to be read. */
  everyObject(): AsyncGenerator<GitObject> {
    return this.objects(["--batch-all-objects", "--unordered"], "");
  }

  /** The objects with these ids. */
  byId(oids: readonly string[]): AsyncGenerator<GitObject> {
    return this.objects([], oids.map((oid) => `${oid}\n`).join(""));
  }

  /** The path of each object that a branch, tag, stash or reflog reaches. */
  async paths(): Promise<Map<string, string>> {
    const list = await this.git("rev-list", "--objects", "--all", "--reflog");
    return new Map(
      list.split("\n").map((line) => {
        const [oid = "", ...name] = line.split(" ");
        return [oid, name.join(" ")];
      }),
    );
  }

  /** The first commit with an object; undefined when no branch, tag, stash or reflog has it. */
  async commitOf(oid: string): Promise<string | undefined> {
    const everywhere = ["--all", "--reflog", "--reverse", "-m"];
    const log = await this.git("log", ...everywhere, `--find-object=${oid}`, "--format=%H");
    return /^[0-9a-f]+/.exec(log)?.[0];
  }

  private async *objects(args: string[], input: string): AsyncGenerator<GitObject> {
    const child = spawn("git", ["cat-file", "--batch", ...args], {
      cwd: this.top,
      stdio: ["pipe", "pipe", "ignore"],
    });
    // An early end of git shows as missing objects, not as a broken pipe.
    child.stdin.on("error", () => undefined).end(input);
    let rest: Buffer = Buffer.alloc(0);
    let chunks: Buffer[] = [];
    let missing = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      missing -= chunk.length;
      if (missing > 0) continue;
      rest = Buffer.concat([rest, ...chunks]);
      chunks = [];
      for (;;) {
        const end = rest.indexOf(10);
        if (end === -1) break;
        const [oid = "", type = "", size = ""] = rest.toString("latin1", 0, end).split(" ");
        if (size === "") {
          rest = rest.subarray(end + 1);
          continue;
        }
        const after = end + 1 + Number(size);
        // An object may come in many chunks: they are put together once.
        missing = after + 1 - rest.length;
        if (missing > 0) break;
        yield { oid, type: type as GitObject["type"], bytes: rest.subarray(end + 1, after) };
        rest = rest.subarray(after + 1);
      }
    }
  }
}

/** The id that git gives to a content, in a repository with ids as long as this one's. */
export function blobId(bytes: Buffer, like: string): string {
  return createHash(like.length === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}
