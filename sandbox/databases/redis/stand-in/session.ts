/**
 * Connections, and what they share. One knows who it is, what it has selected, and the transaction that it is in; a
 * command of it sees all of that.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { RedisOptions } from "../model.ts";
import type { Words } from "./arguments.ts";
import { denied, type KnownWords, known, missing } from "./catalogue.ts";
import { Keyspace } from "./keyspace.ts";
import { Failure, type Reply, Simple } from "./reply.ts";
import { Wait, Waiting } from "./waiting.ts";

/** What a command gets to see. */
export interface Call extends Words {
  /** The database that the session has selected. */
  db: Keyspace;
  session: Session;
}

/** Takes the first arguments one by one, those that its arity says are there first; all of them are in the call. */
export type Command = (call: Call, ...args: string[]) => Reply | Wait;

export type Commands = Record<string, Command>;

/** What all sessions share. */
export class StandIn {
  /** The version whose words and commands it follows. */
  readonly version = "7.2.0";
  readonly since = Date.now();
  readonly databases: Keyspace[];
  readonly sessions = new Set<Session>();
  readonly maxmemory: number;
  maxmemoryPolicy: string;
  port = 0;
  /** Who waits for an element of a key. */
  readonly waiting = new Waiting();
  /** Scripts by their SHA-1. */
  readonly scripts = new Map<string, string>();
  private hash: Buffer | undefined;

  constructor(
    { password, maxmemory = 0, maxmemoryPolicy = "noeviction" }: RedisOptions,
    onChange: () => void,
  ) {
    this.maxmemory = maxmemory;
    this.maxmemoryPolicy = maxmemoryPolicy;
    this.databases = Array.from({ length: 16 }, () => new Keyspace(onChange));
    if (password !== undefined) this.setPassword(password);
  }

  get hasPassword(): boolean {
    return this.hash !== undefined;
  }

  /** Without a password everybody is let in, whatever they say. */
  accepts(password: string): boolean {
    return this.hash === undefined || timingSafeEqual(this.hash, digest(Buffer.from(password, "latin1")));
  }

  setPassword(password: string): void {
    this.hash = digest(Buffer.from(password));
  }
}

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest();

let sessions = 0;

export class Session {
  readonly id = ++sessions;
  readonly since = Date.now();
  readonly server: StandIn;
  private readonly commands: Commands;
  /** `address:port` of the client. */
  readonly address: string;
  protocol: 2 | 3 = 2;
  index = 0;
  name = "";
  library = { name: "", version: "" };
  known: boolean;
  /** The client asked to go. */
  leaving = false;
  lastCommand = "NULL";
  transaction = new Transaction();
  private readonly gone = new AbortController();

  /** @param commands what it can be asked for */
  constructor(server: StandIn, commands: Commands, address: string) {
    this.server = server;
    this.commands = commands;
    this.address = address;
    this.known = !server.hasPassword;
  }

  get db(): Keyspace {
    return this.server.databases[this.index] as Keyspace;
  }

  /** Runs a request; refusals are replies. A promise is for what has to be waited for. */
  answer(request: string[]): Reply | Promise<Reply> {
    const reply = orRefusal(() => this.run(request));
    this.server.waiting.wake();
    return reply instanceof Wait ? this.server.waiting.add(reply, this.gone.signal) : reply;
  }

  /** Runs what is part of a transaction or of a script: it does not wait. */
  perform(words: KnownWords): Reply {
    const reply = orRefusal(() => this.call(words));
    return reply instanceof Wait ? reply.nothing : reply;
  }

  /** @throws Failure unless it is a command that is there and that customers may run */
  permitted(request: string[]): KnownWords {
    const words = known(request);
    if (!this.known && !beforeLogin.has(words.name)) throw new Failure("NOAUTH Authentication required.");
    if (words.admin) throw denied(words.name);
    if (!Object.hasOwn(this.commands, words.name)) throw missing(words.name);
    return words;
  }

  /** The connection is closed. */
  end(): void {
    this.gone.abort();
  }

  /** @throws Failure WRONGPASS */
  logIn(user: string, password: string): void {
    if (user !== "default" || !this.server.accepts(password))
      throw new Failure("WRONGPASS invalid username-password pair or user is disabled.");
    this.known = true;
  }

  /** As it was when it connected. */
  reset(): void {
    Object.assign(this, { protocol: 2, index: 0, name: "", known: !this.server.hasPassword });
    this.transaction = new Transaction();
  }

  private run(request: string[]): Reply | Wait {
    const { transaction } = this;
    const words = this.permittedIn(transaction, request);
    this.lastCommand = words.name;
    if (transaction.queued === undefined || atOnce.has(words.name)) return this.call(words);
    transaction.queued.push(words);
    return new Simple("QUEUED");
  }

  private permittedIn(transaction: Transaction, request: string[]): KnownWords {
    try {
      return this.permitted(request);
    } catch (error) {
      transaction.broken = true;
      throw error;
    }
  }

  private call({ name, args }: KnownWords): Reply | Wait {
    const command = this.commands[name] as Command;
    // Not all of them one by one: a function takes a hundred thousand arguments, a request has more.
    return command({ name, args, db: this.db, session: this }, ...args.slice(0, 8));
  }
}

/** What a session has queued and watches. */
export class Transaction {
  queued: KnownWords[] | undefined;
  /** A command was not even queued: EXEC runs nothing. */
  broken = false;
  private readonly watched = new Map<Keyspace, Map<string, number>>();

  watch(db: Keyspace, watched: string[]): void {
    const keys = this.watched.get(db) ?? new Map<string, number>();
    for (const key of watched) {
      if (!keys.has(key)) keys.set(key, db.version(key));
    }
    this.watched.set(db, keys);
  }

  unwatch(): void {
    this.watched.clear();
  }

  /** Something that is watched has changed. */
  get stale(): boolean {
    return [...this.watched].some(([db, keys]) =>
      [...keys].some(([key, version]) => db.version(key) !== version),
    );
  }
}

const beforeLogin = new Set(["auth", "hello", "quit", "reset"]);
const atOnce = new Set(["multi", "exec", "discard", "watch", "quit", "reset"]);

/** Whatever goes wrong is a reply: no request ends this process. */
export function orRefusal<T>(work: () => T): T | Failure {
  try {
    return work();
  } catch (error) {
    if (error instanceof Failure) return error;
    return new Failure(`ERR this stand-in for Redis failed: ${(error as Error).message}`);
  }
}
