/**
 * Connections, and what they share. One knows who it is, what it has selected, and the transaction that it is in; a
 * command of it sees all of that.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { RedisOptions } from "../model.ts";
import { arg, type Words, wrongArity } from "./arguments.ts";
import { Keyspace } from "./keyspace.ts";
import { Failure, ok, type Reply, Simple } from "./reply.ts";

/** What a command gets to see. */
export interface Call extends Words {
  /** The database that the session has selected. */
  db: Keyspace;
  session: Session;
}

export interface Command {
  /** Number of words with the name; at least that many where negative, as in Redis' own table. */
  arity: number;
  run(call: Call): Reply;
}

export type Commands = Record<string, Command>;

const fits = ({ arity }: Command, words: number) => (arity < 0 ? words >= -arity : words === arity);

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
  private queued: Call[] | undefined;
  /** A command that was queued was wrong: EXEC runs nothing. */
  private broken = false;
  private readonly watched = new Map<Keyspace, Map<string, number>>();

  /** @param commands what it can be asked for, beside transactions */
  constructor(server: StandIn, commands: Commands, address: string) {
    this.server = server;
    this.commands = commands;
    this.address = address;
    this.known = !server.hasPassword;
  }

  get db(): Keyspace {
    return this.server.databases[this.index] as Keyspace;
  }

  /** Runs a request; refusals are replies. */
  answer([word = "", ...args]: string[]): Reply {
    try {
      return this.run(word, args);
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
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
    this.endTransaction();
  }

  private run(word: string, args: string[]): Reply {
    const name = word.toLowerCase();
    this.lastCommand = name;
    const command = this.find(name);
    if (command === undefined || !fits(command, args.length + 1)) {
      this.broken ||= this.queued !== undefined;
      throw command === undefined ? unknownCommand(word, args) : wrongArity(name);
    }
    if (!this.known && !beforeLogin.has(name)) throw new Failure("NOAUTH Authentication required.");
    const call: Call = { name, args, db: this.db, session: this };
    if (this.queued === undefined || atOnce.has(name)) return command.run(call);
    this.queued.push(call);
    return new Simple("QUEUED");
  }

  private find(name: string) {
    if (Object.hasOwn(this.transaction, name)) return this.transaction[name];
    return Object.hasOwn(this.commands, name) ? this.commands[name] : undefined;
  }

  private endTransaction(): void {
    this.queued = undefined;
    this.broken = false;
    this.watched.clear();
  }

  private readonly transaction: Commands = {
    multi: {
      arity: 1,
      run: () => {
        if (this.queued !== undefined) throw new Failure("ERR MULTI calls can not be nested");
        this.queued = [];
        return ok;
      },
    },
    exec: {
      arity: 1,
      run: () => {
        const { queued, broken } = this;
        if (queued === undefined) throw new Failure("ERR EXEC without MULTI");
        const stale = [...this.watched].some(([db, keys]) =>
          [...keys].some(([key, version]) => db.version(key) !== version),
        );
        this.endTransaction();
        if (broken) throw new Failure("EXECABORT Transaction discarded because of previous errors.");
        if (stale) return null;
        return queued.map((call) => this.answer([call.name, ...call.args]));
      },
    },
    discard: {
      arity: 1,
      run: () => {
        if (this.queued === undefined) throw new Failure("ERR DISCARD without MULTI");
        this.endTransaction();
        return ok;
      },
    },
    watch: {
      arity: -2,
      run: (call) => {
        if (this.queued !== undefined) throw new Failure("ERR WATCH inside MULTI is not allowed");
        arg(call, 0);
        const keys = this.watched.get(call.db) ?? new Map<string, number>();
        for (const key of call.args) {
          if (!keys.has(key)) keys.set(key, call.db.version(key));
        }
        this.watched.set(call.db, keys);
        return ok;
      },
    },
    unwatch: {
      arity: 1,
      run: () => {
        this.watched.clear();
        return ok;
      },
    },
  };
}

const beforeLogin = new Set(["auth", "hello", "quit", "reset"]);
const atOnce = new Set(["multi", "exec", "discard", "watch", "quit", "reset"]);

function unknownCommand(word: string, args: string[]): Failure {
  const shown = args
    .map((argument) => `'${argument.slice(0, 128)}' `)
    .join("")
    .slice(0, 128);
  return new Failure(`ERR unknown command '${word.slice(0, 128)}', with args beginning with: ${shown}`);
}
