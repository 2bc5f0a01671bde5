/**
 * Tokens: recognizable texts that stand for what only a vendor knows (a host name, a generated password). The
 * program computes with them as with the real values, so the plan can tell what each variable is made of without
 * there being anything to know. Letters and digits only: they survive percent-encoding and host names.
 */

import { createHash } from "node:crypto";

/** What a token stands for. */
export interface Origin {
  /** Logical name of the resource. */
  resource: string;
  /** What of it, in words. */
  what: string;
  /** What to show instead of the words, where the value can be told. */
  shown?: string;
}

const pattern = /qz(plan)?[0-9a-f]{12}zq/g;

/** The tokens of one run. */
export class Tokens {
  private readonly origins = new Map<string, Origin>();

  /** @param placeholders what to show in place of each example of the settings */
  constructor(private readonly placeholders: ReadonlyMap<string, string> = new Map()) {}

  /**
   * The token of something. It is made of what it stands for, not of when it was asked for: what the program computes
   * from it, digests among them, is the same in two plans whatever else they have.
   */
  of(resource: string, what: string, shown?: string): string {
    const parts = createHash("sha256").update(JSON.stringify([this.readable(resource), what]));
    const token = `qzplan${parts.digest("hex").slice(0, 12)}zq`;
    this.origins.set(token, { resource, what, ...(shown !== undefined && { shown }) });
    return token;
  }

  /** A text for people and for digests: each token by what it stands for, the same in every run. */
  readable(text: string): string {
    const named = [...this.placeholders].reduce(
      (at, [example, shown]) => at.replaceAll(example, shown),
      text,
    );
    return named.replace(pattern, (token, plan: string | undefined) => {
      if (plan === undefined) return `‹encrypted setting ${token.slice(2, -2)}›`;
      const origin = this.origins.get(token);
      return origin?.shown ?? `‹${this.readable(origin?.resource ?? "")}: ${origin?.what}›`;
    });
  }

  /** The resources that a text is made of; `settings` when there is none. */
  resourcesOf(text: string): string[] {
    const names = [...text.matchAll(pattern)].map(([token, plan]) =>
      plan === undefined
        ? "settings (encrypted)"
        : this.readable(this.origins.get(token)?.resource ?? "settings"),
    );
    return names.length === 0 ? ["settings"] : [...new Set(names)];
  }
}
