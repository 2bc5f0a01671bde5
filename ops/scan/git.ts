/** What git keeps: objects with their content, and how to get back from an object to a commit and a path. */
import { createHash } from "node:crypto";
import path from "node:path";
import { execa } from "execa";
import { UserError } from "../../engine/errors.ts";
import { whyGit } from "../git.ts";

/** An object of git with its content. */
export interface GitObject {
  oid: string;
  type: "blob" | "tree" | "commit" | "tag";
  bytes: Buffer;
}

/** One whose content was not read yet. */
type Listed = Omit<GitObject, "bytes"> & { size: number };

/** Objects are read together, up to this many bytes. */
const batchBytes = 16 * 1024 * 1024;

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

  async git(args: readonly string[], input = ""): Promise<string> {
    return (await execa("git", args, { cwd: this.top, input, maxBuffer: 1 << 30 })).stdout;
  }

  /** Whether the history ends where somebody cut it off, as CI's clones do. */
  async isShallow(): Promise<boolean> {
    return (await this.git(["rev-parse", "--is-shallow-repository"])).trim() === "true";
  }

  /** Files of the working tree that git sees: tracked, or new and not ignored. */
  async visibleFiles(): Promise<string[]> {
    const which = ["--cached", "--others", "--exclude-standard", "--deduplicate"];
    const list = await this.git(["ls-files", "-z", ...which]);
    return list.split("\0").filter((file) => file !== "");
  }

  /** What the index holds. */
  async indexed(): Promise<Entry[]> {
    const list = (await this.git(["ls-files", "-z", "--stage"])).split("\0");
    return list.flatMap((line) => {
      const match = /^1[02]\d{4} ([0-9a-f]+) \d\t(.+)$/s.exec(line);
      return match === null ? [] : [{ oid: match[1] ?? "", file: match[2] ?? "" }];
    });
  }

  /** What a commit would change: the content that would be committed, not the working tree's. */
  async staged(): Promise<Entry[]> {
    // Whatever the user's git is set to.
    const plain = ["--no-renames", "--no-ext-diff", "--diff-filter=AMT"];
    const names = new Set((await this.git(["diff", "--cached", "--name-only", "-z", ...plain])).split("\0"));
    return (await this.indexed()).filter(({ file }) => names.has(file));
  }

  /** Every file and message there is, dangling ones included: what was staged and never committed can still be read. */
  everyObject(done: ReadonlySet<string>, largest: number): AsyncGenerator<GitObject> {
    return this.objects(["--batch-all-objects", "--unordered"], "", ({ oid, type, size }) => {
      return type !== "tree" && size <= largest && !done.has(oid);
    });
  }

  /** The objects with these ids. */
  byId(oids: readonly string[]): AsyncGenerator<GitObject> {
    return this.objects([], oids.map((oid) => `${oid}\n`).join(""));
  }

  /** The path of each object that a branch, tag, stash or reflog reaches. */
  async paths(): Promise<Map<string, string>> {
    const list = await this.git(["rev-list", "--objects", "--all", "--reflog"]);
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
    const log = await this.git(["log", ...everywhere, `--find-object=${oid}`, "--format=%H"]);
    return /^[0-9a-f]+/.exec(log)?.[0];
  }

  /** @param which names them on the command line, or `input` does, one a line */
  private async *objects(which: readonly string[], input: string, isWanted = (_: Listed) => true) {
    const listed = (await this.git(["cat-file", "--batch-check", ...which], input)).split("\n");
    const batch: Listed[] = [];
    let bytes = 0;
    for (const line of listed) {
      const [oid = "", type = "", size] = line.split(" ");
      const object = { oid, type: type as GitObject["type"], size: Number(size) };
      // One that is missing has no size.
      if (size === undefined || !isWanted(object)) continue;
      batch.push(object);
      bytes += object.size;
      if (bytes < batchBytes) continue;
      yield* this.contents(batch.splice(0));
      bytes = 0;
    }
    yield* this.contents(batch);
  }

  private async *contents(batch: readonly Listed[]): AsyncGenerator<GitObject> {
    const { stdout } = await execa("git", ["cat-file", "--batch"], {
      cwd: this.top,
      input: batch.map(({ oid }) => `${oid}\n`).join(""),
      encoding: "buffer",
      stripFinalNewline: false,
      maxBuffer: 1 << 30,
    });
    const answer = Buffer.from(stdout.buffer, stdout.byteOffset, stdout.length);
    let at = 0;
    for (const { oid, type, size } of batch) {
      // After one line that says what it is.
      const start = answer.indexOf(10, at) + 1;
      yield { oid, type, bytes: answer.subarray(start, start + size) };
      at = start + size + 1;
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
