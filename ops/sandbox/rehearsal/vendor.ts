/** What a vendor's file tells the rehearsal: how each type of resource becomes calls of the vendor's model. */
import { setTimeout as pause } from "node:timers/promises";
import type * as pulumi from "@pulumi/pulumi";

/** What a provider would answer after a creation. */
export interface Created {
  /** In the form that the provider gives it. */
  id: string;
  /** Beside the inputs, which are outputs too. Secret ones are marked: see `secret` in engine/in-process/wire.ts. */
  outputs: Record<string, unknown>;
}

/** A resource that is there: its inputs, and what its creation gave. */
export type Existing<Inputs> = Inputs & { id: string } & Readonly<Record<string, unknown>>;

/** How one type of resource is created, and how it goes; each throws the vendor's refusal. */
export interface Translation {
  /** The inputs that are translated. Any other is an error, not something that gets lost. */
  readonly properties: readonly string[];
  /** Resolves when the vendor says that it is ready. */
  create(inputs: never): Created | Promise<Created>;
  remove(existing: never): void | Promise<void>;
  /** The one input that it knows to change. A change of any other is refused. */
  readonly changes?: { readonly property: string; to(existing: never): void };
}

/** A vendor, or another provider. */
export interface ProviderModel {
  /** For messages. */
  readonly name: string;
  /** By type token. */
  readonly resources: Readonly<Record<string, Translation>>;
  /** Data sources by token. */
  readonly functions?: Readonly<Record<string, (inputs: never) => Record<string, unknown>>>;
  /** The vendor's words when the error is a refusal of his; undefined for any other error, which is a defect. */
  refusal(error: unknown): string | undefined;
}

type Inputs<Args, P extends keyof Args & string> = Pick<pulumi.Unwrap<Args>, P & keyof pulumi.Unwrap<Args>>;

/** A translation whose code can read no input beyond those that it names. */
export const translation =
  <Args>() =>
  <P extends keyof Args & string>(
    properties: readonly P[],
    create: (inputs: Inputs<Args, P>) => Created | Promise<Created>,
    remove: (existing: Existing<Inputs<Args, P>>) => void | Promise<void>,
    changes?: { property: P; to(existing: Existing<Inputs<Args, P>>): void },
  ): Translation => ({ properties, create, remove, ...(changes && { changes }) });

/** As long as Render's provider waits for a database, in milliseconds. */
const longestWait = 15 * 60_000;

/** Looks again and again until what it sees is ready, and gives that. */
export async function until<T>(what: string, look: () => T, isReady: (seen: T) => boolean): Promise<T> {
  const end = Date.now() + longestWait;
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 250)) {
    const seen = look();
    if (isReady(seen)) return seen;
    if (Date.now() > end) throw new Error(`${what} is not ready after ${longestWait / 60_000} minutes`);
    await pause(wait);
  }
}
