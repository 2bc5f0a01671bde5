/** One numbered database: keys, what they hold and until when. */
import { Failure } from "./reply.ts";

interface Types {
  string: string;
  hash: Map<string, string>;
  list: string[];
  set: Set<string>;
  zset: Map<string, number>;
}

export type Type = keyof Types;

/** What a key holds. */
export type Entry = {
  [T in Type]: {
    type: T;
    value: Types[T];
    /** Milliseconds since 1970. */
    expires?: number;
  };
}[Type];

export class Keyspace {
  private readonly entries = new Map<string, Entry>();
  /** How often each key was changed, for WATCH. */
  private readonly changes = new Map<string, number>();
  private readonly onChange: () => void;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /** What a key holds, unless its time is up. */
  entry(key: string): Entry | undefined {
    const entry = this.entries.get(key);
    if (entry?.expires === undefined || entry.expires > Date.now()) return entry;
    this.delete(key);
    return undefined;
  }

  /** @throws Failure when it holds something of another type */
  get<T extends Type>(key: string, type: T): Types[T] | undefined {
    const entry = this.entry(key);
    if (entry === undefined) return undefined;
    if (entry.type !== type)
      throw new Failure("WRONGTYPE Operation against a key holding the wrong kind of value");
    return entry.value as Types[T];
  }

  /** What a key holds, or something empty that is put there. Call {@link changed} after changing it. */
  open<T extends Exclude<Type, "string">>(key: string, type: T): Types[T] {
    const known = this.get(key, type);
    if (known !== undefined) return known;
    const entry: Entry = {
      hash: { type: "hash" as const, value: new Map<string, string>() },
      list: { type: "list" as const, value: [] },
      set: { type: "set" as const, value: new Set<string>() },
      zset: { type: "zset" as const, value: new Map<string, number>() },
    }[type];
    this.entries.set(key, entry);
    return entry.value as Types[T];
  }

  /** Puts something in place of whatever was there; something empty only removes that. */
  set(key: string, entry: Entry): void {
    this.entries.set(key, entry);
    this.changed(key);
  }

  delete(key: string): boolean {
    const was = this.entries.delete(key);
    if (was) this.changed(key);
    return was;
  }

  /** Takes items out of what a key holds. @returns how many there were */
  remove(key: string, type: "hash" | "set" | "zset", items: string[]): number {
    const value = this.get(key, type);
    const count = items.filter((item) => value?.delete(item)).length;
    if (count > 0) this.changed(key);
    return count;
  }

  clear(): void {
    for (const key of this.entries.keys()) this.count(key);
    this.entries.clear();
    this.onChange();
  }

  /** To be told of changes of what a key holds. A key that holds nothing any more goes. */
  changed(key: string): void {
    const entry = this.entries.get(key);
    if (entry !== undefined && entry.type !== "string") {
      const size = entry.type === "list" ? entry.value.length : entry.value.size;
      if (size === 0) this.entries.delete(key);
    }
    this.count(key);
    this.onChange();
  }

  /** Another number after each change of a key; that its time is up is one. */
  version(key: string): number {
    this.entry(key);
    return this.changes.get(key) ?? 0;
  }

  private count(key: string): void {
    this.changes.set(key, (this.changes.get(key) ?? 0) + 1);
  }

  /** Keys whose time is not up; those whose time is up go. */
  keys(): string[] {
    return [...this.entries.keys()].filter((key) => this.entry(key) !== undefined);
  }

  /** All that it holds, as JSON can keep it. */
  dump(): unknown[] {
    return this.keys().map((key) => {
      const { type, value, expires } = this.entries.get(key) as Entry;
      // JSON knows no infinite scores.
      const scores = type === "zset" && [...value].map(([member, score]) => [member, String(score)]);
      return [key, type, scores || (type === "string" ? value : [...value]), expires ?? null];
    });
  }

  /** The other way round. */
  load(dumped: unknown[]): void {
    for (const item of dumped as [string, Type, never, number | null][]) {
      const [key, type, kept, expires] = item;
      const value = {
        string: () => kept,
        list: () => kept,
        hash: () => new Map(kept),
        zset: () => new Map((kept as [string, string][]).map(([member, score]) => [member, Number(score)])),
        set: () => new Set(kept),
      };
      this.entries.set(key, {
        type,
        value: value[type](),
        ...(expires !== null && { expires }),
      } as Entry);
    }
  }
}
