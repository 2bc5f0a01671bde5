/** One vendor's unmodified provider on the real engine, against that vendor's stand-in, with a program of a few lines. */
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Hono } from "hono";
import type { Engine } from "../../engine/cli/find.ts";
import { type Call, type Served, serve } from "../../sandbox/clouds/serve.ts";
import { serveUpstashProxy, type UpstashProxy } from "../../sandbox/clouds/upstash/index.ts";
import type { Outcome } from "./harness.ts";
import { TestStack } from "./program-stack.ts";

/** What a run of the CLI printed, and the calls that it led to. */
export interface Run extends Outcome {
  calls: Call[];
}

/** A stack whose provider reaches a stand-in, and nothing outside loopback. */
export class ProviderStack {
  private readonly seconds: string[] = [];
  private constructor(
    private readonly folder: string,
    readonly served: Served,
    private readonly proxy: UpstashProxy,
    private readonly stack: TestStack,
  ) {}

  /** @param environment credentials and addresses, given the stand-in's URL */
  static async create(
    engine: Engine,
    app: Hono,
    environment: (url: string) => Record<string, string>,
  ): Promise<ProviderStack> {
    const folder = await mkdtemp(path.join(os.tmpdir(), "kairos-provider-"));
    const served = await serve(app);
    // Upstash's provider needs it to reach the stand-in; for the others it only refuses.
    const proxy = await serveUpstashProxy({ target: served.url, folder });
    const stack = await TestStack.create(engine, { ...proxy.environment(), ...environment(served.url) });
    return new ProviderStack(folder, served, proxy, stack);
  }

  /** Replaces the program. */
  program(text: string): Promise<void> {
    return this.stack.program(text);
  }

  /** Hosts outside that were asked for and refused. */
  get refused(): readonly string[] {
    return this.proxy.refused;
  }

  /** Runs the CLI, and says which calls it made; never throws. */
  async run(step: string, ...args: string[]): Promise<Run> {
    const [before, start] = [this.served.calls.length, Date.now()];
    const outcome = await this.stack.pulumi(...args);
    const calls = this.served.calls.slice(before);
    this.seconds.push(`${step} ${((Date.now() - start) / 1000).toFixed(1)} s, ${calls.length}`);
    return { ...outcome, calls };
  }

  up(step: string): Promise<Run> {
    return this.run(step, "up", "--yes", "--skip-preview");
  }

  /** A preview that fails when it wants changes. */
  unchanged(): Promise<Run> {
    return this.run("no change", "preview", "--diff", "--expect-no-changes");
  }

  /** Takes over in the state what is different at the vendor. */
  refresh(...args: string[]): Promise<Run> {
    return this.run("refresh", "refresh", "--yes", "--skip-preview", ...args);
  }

  /** Stops everything, and says how long each step took. */
  async remove(name: string): Promise<void> {
    console.log(
      `${name}, seconds and API calls: ${this.seconds.join("; ")}; ${this.served.calls.length} calls`,
    );
    await this.stack.remove();
    await this.proxy.close();
    await this.served.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
