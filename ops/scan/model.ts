/** What is searched, and what is found. Nothing here ever holds the value of a finding. */

/** Where a content was. */
export type Kind =
  | "working tree"
  | "index"
  | "history"
  | "commit message"
  | "stack file"
  | "state"
  | "outputs"
  | "document";

/** One content to search. */
export interface Content {
  kind: Kind;
  /** Path, relative to the repository where it is in it; for other places what people call them. */
  name: string;
  bytes: Buffer;
  /** Git's id of the object, where it is one. */
  oid?: string;
}

/** What a rule found in a content. */
export interface Match {
  rule: string;
  /** What it looks like, for people. */
  what: string;
  /** From 1. */
  line: number;
  /** Of the value, in characters. The value itself goes nowhere. */
  length: number;
}

/** A match and where it is. */
export interface Finding extends Match {
  kind: Kind;
  file: string;
  /** For what is only in git's history: the object, the first commit with it, and the command that shows it. */
  object?: string;
  commit?: string;
  show?: string;
}
