/** What is going on: a line for each thing done, and on a terminal one more for what is under way. On stderr. */
import pc from "picocolors";
import yoctoSpinner from "yocto-spinner";
import { inSeconds } from "./amounts.ts";
import { harmless } from "./output.ts";

export class Progress {
  private readonly started = Date.now();
  private readonly spinner = process.stderr.isTTY ? yoctoSpinner({ stream: process.stderr }) : undefined;
  private readonly underWay = new Map<string, number>();
  private readonly quiet: boolean;

  /** @param quiet shows nothing at all */
  constructor(quiet: boolean) {
    this.quiet = quiet;
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (Date.now() - this.started) / 1000;
  }

  /** Says what was done, or what one should know. */
  say(text: string): void {
    if (this.quiet) return;
    const spinning = this.spinner?.isSpinning ?? false;
    if (spinning) this.spinner?.stop();
    process.stderr.write(harmless(`${pc.dim(inSeconds(this.seconds).padStart(7))}  ${text}\n`));
    if (spinning) this.spinner?.start();
  }

  /** Something begins; a second time it is the same still. */
  begin(what: string): void {
    if (this.underWay.has(what)) return;
    this.underWay.set(what, Date.now());
    this.show();
  }

  /** It is done, with a line that says so; its seconds are put behind. */
  done(what: string, text: string): void {
    const since = this.underWay.get(what);
    this.underWay.delete(what);
    this.say(since === undefined ? text : `${text}  ${pc.dim(inSeconds((Date.now() - since) / 1000))}`);
    this.show();
  }

  /** Nothing is under way any more. */
  stop(): void {
    this.underWay.clear();
    this.spinner?.stop();
  }

  private show(): void {
    if (this.quiet || this.spinner === undefined) return;
    if (this.underWay.size === 0) {
      this.spinner.stop();
      return;
    }
    this.spinner.text = harmless([...this.underWay.keys()].join(", ")).slice(
      0,
      (process.stderr.columns || 80) - 4,
    );
    if (!this.spinner.isSpinning) this.spinner.start();
  }
}
