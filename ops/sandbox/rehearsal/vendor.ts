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

/** How one type of resource is created. */
export interface Translation {
  /** The inputs that are translated. Any other is an error, not something that gets lost. */
  readonly properties: readonly string[];
  /** Resolves when the vendor says that it is ready. Throws the vendor's refusal. */
  create(inputs: never): Created | Promise<Created>;
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

/** A translation whose code can read no input beyond those that it names. */
export const translation =
  <Args>() =>
  <P extends keyof Args & string>(
    properties: readonly P[],
    create: (inputs: Pick<pulumi.Unwrap<Args>, P & keyof pulumi.Unwrap<Args>>) => Created | Promise<Created>,
  ): Translation => ({ properties, create });

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
