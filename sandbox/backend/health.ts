/** The health of the backend: what its databases answer now, asked again each time, at most once a second. */
import { isFinal, type Reason, Refusal, reasonOf, within } from "./reasons.ts";
import { type Log, words } from "./words.ts";

/** What a database that answers tells of itself. */
export interface Connected {
  version?: string;
  /** Milliseconds that a ping took. */
  latency: number;
  tables?: Record<string, "there" | "missing">;
}

/** A database that is configured. */
export interface Database {
  /** Its name, for people. */
  readonly label: string;
  /** The variables that a failure has to do with. */
  variables(reason: Reason): readonly string[];
  /** Connects where it has to, and asks for a sign of life. @throws the driver's error, or a Refusal */
  check(): Promise<Connected>;
  close(): Promise<void>;
}

/** The state of a database. */
export type State =
  | ({ state: "connected" } & Connected)
  | { state: "not configured" }
  | { state: "failed"; reason: Reason; variables: readonly string[] };

export type DatabaseName = "mongodb" | "postgres" | "redis";

/** The answer of `GET /health`. */
export interface Health {
  status: "ok" | "unavailable";
  /** A failure that no waiting heals, such as a wrong password. */
  final: boolean;
  databases: Record<DatabaseName, State>;
}

/** Milliseconds: Render gives up on an answer after 5 seconds. https://render.com/docs/health-checks */
const patience = 4500;
const fresh = 1000;

/** What is known of one database, and asked again when that is old. */
class Watched {
  private readonly database: Database;
  private readonly log: Log;
  private checking: Promise<State> | undefined;
  private known: { state: State; at: number } | undefined;
  private told: Reason | undefined;

  constructor(database: Database, log: Log) {
    this.database = database;
    this.log = log;
  }

  async state(): Promise<State> {
    if (this.known !== undefined && performance.now() - this.known.at < fresh) return this.known.state;
    this.checking ??= this.check().finally(() => {
      this.checking = undefined;
    });
    // The check goes on, and is there for whoever asks next. Until then the failure before tells more than the waiting.
    const before = this.known?.state;
    return within(patience, this.checking).catch((error) =>
      before?.state === "failed" ? before : this.failed(error),
    );
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async check(): Promise<State> {
    const state = await this.database.check().then(
      (connected): State => ({ state: "connected", ...connected }),
      (error) => this.failed(error),
    );
    if (state.state !== "failed") this.told = undefined;
    else if (this.told !== state.reason) {
      this.log(words.failed(this.database.label, state.reason, state.variables));
      this.told = state.reason;
    }
    this.known = { state, at: performance.now() };
    return state;
  }

  private failed(error: unknown): State & { state: "failed" } {
    const named = error instanceof Refusal && error.variables.length > 0 ? error.variables : undefined;
    const reason = reasonOf(error);
    return { state: "failed", reason, variables: named ?? this.database.variables(reason) };
  }
}

/** All three databases: each one configured, not configured, or configured wrongly. */
export class Checks {
  private readonly databases: Map<DatabaseName, Watched | State> = new Map();
  private readonly log: Log;

  constructor(log: Log) {
    this.log = log;
  }

  add(name: DatabaseName, label: string, database: Database | Refusal | undefined, unset: string): void {
    if (database === undefined) {
      this.log(unset);
      this.databases.set(name, { state: "not configured" });
    } else if (database instanceof Refusal) {
      const { reason, variables } = database;
      this.log(words.failed(label, reason, variables));
      this.databases.set(name, { state: "failed", reason, variables });
    } else this.databases.set(name, new Watched(database, this.log));
  }

  /** Asks all databases at the same time. */
  async health(): Promise<Health> {
    const asked = [...this.databases].map(
      async ([name, one]) => [name, one instanceof Watched ? await one.state() : one] as const,
    );
    const databases = Object.fromEntries(await Promise.all(asked)) as Health["databases"];
    const failed = Object.values(databases).filter((one) => one.state === "failed");
    return {
      status: failed.length === 0 ? "ok" : "unavailable",
      final: failed.some(({ reason }) => isFinal(reason)),
      databases,
    };
  }

  async close(): Promise<void> {
    const watched = [...this.databases.values()].filter((one) => one instanceof Watched);
    await Promise.allSettled(watched.map((one) => one.close()));
  }
}
