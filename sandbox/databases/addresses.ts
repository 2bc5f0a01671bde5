/** Ports of 127.0.0.1 that are known before anybody listens there: a vendor names a database's address at once. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { holdPort } from "../processes/ports.ts";

/** How many are held ready; more are taken as these are given away. */
const ready = 8;

/** Free ports, each kept for one key. They are held open by a listener until their database starts. */
export class Addresses {
  private readonly file: string | undefined;
  private readonly given: Map<string, number>;
  private readonly held = new Map<number, () => Promise<void>>();
  private filling: Promise<void> = Promise.resolve();

  private constructor(file: string | undefined) {
    this.file = file;
    this.given = new Map(file === undefined ? [] : Object.entries(read(file)));
  }

  /** @param file where the ports are remembered, so that a restart gives the same ones */
  static async open(file?: string): Promise<Addresses> {
    const addresses = new Addresses(file);
    await addresses.fill();
    return addresses;
  }

  /** The port of a key, the same each time. */
  of(key: string): number {
    const known = this.given.get(key);
    if (known !== undefined) return known;
    const [port] = this.free();
    if (port === undefined) throw new Error(`sandbox: more than ${ready} databases were made at once`);
    this.given.set(key, port);
    this.save();
    this.filling = this.filling.then(() => this.fill());
    return port;
  }

  /** Lets go of a key's port so that its database can listen there, and only it. */
  async release(key: string): Promise<number> {
    const port = this.of(key);
    await this.letGo(port);
    return port;
  }

  /** Forgets a key whose database is gone. */
  forget(key: string): void {
    if (this.given.delete(key)) this.save();
  }

  async close(): Promise<void> {
    await this.filling;
    await Promise.all([...this.held.keys()].map((port) => this.letGo(port)));
  }

  private free(): number[] {
    const given = new Set(this.given.values());
    return [...this.held.keys()].filter((port) => !given.has(port));
  }

  private async fill(): Promise<void> {
    while (this.free().length < ready) {
      const { port, letGo } = await holdPort();
      this.held.set(port, letGo);
    }
  }

  private async letGo(port: number): Promise<void> {
    const letGo = this.held.get(port);
    this.held.delete(port);
    await letGo?.();
  }

  private save(): void {
    if (this.file === undefined) return;
    mkdirSync(path.dirname(this.file), { recursive: true });
    writeFileSync(this.file, JSON.stringify(Object.fromEntries(this.given)), { mode: 0o600 });
  }
}

function read(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, number>;
  } catch {
    return {};
  }
}
