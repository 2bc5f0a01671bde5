/** What a command is given, and how one is described. */
import type { Document } from "bson";
import type { Need } from "./authorization.ts";
import type { Cursors } from "./cursors.ts";
import type { ScramConversation } from "./scram.ts";
import type { Sessions } from "./sessions.ts";
import type { Storage } from "./storage.ts";
import type { Account, Users } from "./users.ts";

/** What all connections share. */
export interface ServerState {
  readonly storage: Storage;
  readonly users: Users;
  readonly cursors: Cursors;
  readonly sessions: Sessions;
  readonly replicaSet: string;
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Connections that are open. */
  connections: number;
  /** Milliseconds since 1970. */
  readonly started: number;
}

/** What belongs to one connection. */
export interface ClientState {
  readonly id: number;
  readonly remote: string;
  account: Account | undefined;
  conversation:
    | { scram: ScramConversation; account: Account; skipEmpty: boolean; verified: boolean }
    | undefined;
}

/** One command. */
export interface Call {
  server: ServerState;
  client: ClientState;
  db: string;
  /** The command, sequences of documents included. */
  body: Document;
}

/** One for which somebody is logged in. */
export interface UserCall extends Call {
  account: Account;
}

interface Common {
  /** Fields that the command knows, besides those that every command has; others are refused. */
  fields: readonly string[] | "any";
  /** Runs on the database `admin` only. */
  adminOnly?: true;
}

/** A command that asks nobody who he is. */
export interface OpenCommand extends Common {
  open: true;
  run(call: Call): Document;
}

export interface UserCommand extends Common {
  open?: never;
  /** Everything that has to be allowed. */
  needs(call: UserCall): Need[];
  /** Goes through once, however often a driver retries it. */
  write?: true;
  run(call: UserCall): Document;
}

export type Command = OpenCommand | UserCommand;
export type Commands = Record<string, Command>;
