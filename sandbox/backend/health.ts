/** The health of the backend: what its databases answer now, asked again each time, at most once a second. */
import { isFinal, type Reason, Refusal, reasonOf, within } from "./reasons.ts";
import { type Log, words } from "./words.ts";

/** A database that is configured. */
export interface Database {
  /** The variables that a failure has to do with. */
  variables(reason: Reason): readonly string[];
  /** Connects where it has to, and asks for a sign of life. @throws the driver's error, or a Refusal */
  check(): Promise<{ version?: string | undefined }>;
  close(): Promise<unknown>;
}

/** The state of a database. */
export type State =
  | { state: "connected"; version?: string }
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

/** All three databases: each one configured, not configured, or configured wrongly. */
export class Checks {
  private readonly states = new Map<DatabaseName, () => State | Promise<State>>();
  private readonly databases: Database[] = [];

  constructor(private readonly log: Log) {}

  /** @param unset what is told of one that is not configured */
  add(name: DatabaseName, label: string, database: Database | Refusal | undefined, unset: string): void {
    if (database === undefined) {
      this.log(unset);
      this.states.set(name, () => ({ state: "not configured" }));
    } else if (database instanceof Refusal) {
      const { reason, variables } = database;
      this.log(words.failed(label, reason, variables));
      this.states.set(name, () => ({ state: "failed", reason, variables }));
    } else {
      this.databases.push(database);
      this.states.set(name, this.watched(label, database));
    }
  }

  /** What is known of one database, and asked again when that is old. */
  private watched(label: string, database: Database): () => Promise<State> {
    let checking: Promise<State> | undefined;
    let known: { state: State; at: number } | undefined;
    let told: Reason | undefined;
    const failed = (error: unknown): State => {
      const reason = reasonOf(error);
      const named = error instanceof Refusal && error.variables.length > 0 ? error.variables : undefined;
      return { state: "failed", reason, variables: named ?? database.variables(reason) };
    };
    const check = async (): Promise<State> => {
      const state = await database
        .check()
        .then(({ version }): State => ({ state: "connected", ...(version && { version }) }), failed);
      if (state.state !== "failed") told = undefined;
      else if (told !== state.reason) {
        this.log(words.failed(label, state.reason, state.variables));
        told = state.reason;
      }
      known = { state, at: performance.now() };
      checking = undefined;
      return state;
    };
    return async () => {
      const before = known;
      if (before !== undefined && performance.now() - before.at < fresh) return before.state;
      checking ??= check();
      // The check goes on, and is there for whoever asks next. Until then the failure before tells more than the waiting.
      return within(patience, checking).catch((error) =>
        before?.state.state === "failed" ? before.state : failed(error),
      );
    };
  }

  /** Asks all databases at the same time. */
  async health(): Promise<Health> {
    const asked = [...this.states].map(async ([name, ask]) => [name, await ask()] as const);
    const databases = Object.fromEntries(await Promise.all(asked)) as Health["databases"];
    const failed = Object.values(databases).filter((one) => one.state === "failed");
    return {
      status: failed.length === 0 ? "ok" : "unavailable",
      final: failed.some(({ reason }) => isFinal(reason)),
      databases,
    };
  }

  close(): Promise<unknown> {
    return Promise.allSettled(this.databases.map((database) => database.close()));
  }
}
