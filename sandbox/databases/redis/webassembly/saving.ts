import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds until the first save after a change. */
const soon = 250;

/**
 * Has a Valkey save soon after clients have said something, and at the end. It cannot do so beside its work, as elsewhere
 * in a process of its own, and WebAssembly has no threads: while it saves it answers nobody.
 */
export class Saving {
  private readonly asAdmin: (...commands: string[]) => Promise<string>;
  private readonly folder: string;
  private timer: NodeJS.Timeout | undefined;
  private over = false;
  /** Milliseconds: longer where saving takes long, so that most of the time is for answers. */
  private pause = soon;

  /** @param folder for people, when it fails */
  constructor(asAdmin: (...commands: string[]) => Promise<string>, folder: string) {
    this.asAdmin = asAdmin;
    this.folder = folder;
  }

  /** Many changes make one save. */
  later(): void {
    this.timer ??= setTimeout(async () => {
      this.timer = undefined;
      try {
        await this.now();
      } catch (error) {
        this.failed(error as Error);
      }
    }, this.pause).unref();
  }

  /** Nothing is saved any more. */
  stop(): void {
    this.over = true;
    clearTimeout(this.timer);
  }

  /** Ends a script that keeps it from that. Never rejects. */
  async last(): Promise<void> {
    if (this.over) return;
    clearTimeout(this.timer);
    try {
      while (!(await this.nowOrBusy())) await sleep(50);
    } catch (error) {
      this.failed(error as Error);
    }
    this.stop();
  }

  /** False while a script runs, which is told to end: it does so at its next step, not at once. */
  private async nowOrBusy(): Promise<boolean> {
    try {
      await this.now();
      return true;
    } catch (error) {
      if (!(error as Error).message.startsWith("BUSY ")) throw error;
      // It may have ended by itself meanwhile.
      await this.asAdmin("SCRIPT KILL").catch(() => undefined);
      return false;
    }
  }

  private async now(): Promise<void> {
    const started = performance.now();
    const info = await this.asAdmin("INFO persistence");
    if (/rdb_changes_since_last_save:0\r/.test(info)) return;
    await this.asAdmin("SAVE");
    this.pause = Math.max(soon, 10 * (performance.now() - started));
  }

  private failed(error: Error): void {
    if (this.over) return;
    // A script that takes long, or too many clients: there is another time.
    if (/^(BUSY|ERR max number of clients)\b/.test(error.message)) this.later();
    // A full disk: the sandbox goes on without.
    else console.error(`Valkey cannot keep its data in ${this.folder}: ${error.message}`);
  }
}
