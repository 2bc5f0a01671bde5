/**
 * What a look at a stack starts from: its settings and state, and the vendors' APIs, with the keys that the stack's own
 * providers take: of its stack file, or of the environment.
 */
import type { Stack } from "../engine/cli/stack.ts";
import type { Workspace } from "../engine/cli/workspace.ts";
import { UserError } from "../engine/errors.ts";
import { Atlas } from "../vendors/atlas.ts";
import { type Account, type CallOptions, lookupIn, type VendorError } from "../vendors/http.ts";
import { RedisCloud } from "../vendors/redis-cloud.ts";
import { Render } from "../vendors/render.ts";
import { Upstash } from "../vendors/upstash.ts";
import { StackState } from "./rotate/state.ts";

/** A look does not wait for a vendor that has a bad day: what does not answer is said. In milliseconds. */
const patience = { retries: 1, timeLimit: 20_000 };

export interface AccountOptions {
  environment?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Milliseconds for one call with all its tries. */
  timeLimit?: number;
  /** How often a call that may be made again is: a command that waits for hours outlives a vendor's bad minute. */
  retries?: number;
}

/** Each is made when it is asked for. @throws UserError, on the way, in one line: no key, a refusal, no answer */
export class Accounts {
  private readonly lookup;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly options: CallOptions;

  /** @param values settings by their whole keys, decrypted */
  constructor(
    values: Readonly<Record<string, string>>,
    {
      environment = process.env,
      signal,
      timeLimit = patience.timeLimit,
      retries = patience.retries,
    }: AccountOptions = {},
  ) {
    this.environment = environment;
    this.lookup = lookupIn((key) => values[key], environment);
    this.options = { timeLimit, retries, environment, word, ...(signal && { signal }) };
  }

  get atlas(): Atlas {
    return new Atlas(keyed("MongoDB Atlas", Atlas.account(this.lookup, this.options)), this.options);
  }

  get render(): Render {
    const account = keyed("Render", Render.account(this.lookup, this.environment));
    return new Render(account, Render.owner(this.lookup), this.options);
  }

  get upstash(): Upstash {
    return new Upstash(keyed("Upstash", Upstash.account(this.lookup)), this.options);
  }

  get redisCloud(): RedisCloud {
    return new RedisCloud(keyed("Redis Cloud", RedisCloud.account(this.lookup)), this.options);
  }

  /** Public part of the keys that the stack itself works with, as Atlas' events name it; empty for a service account. */
  get ownAtlasKey(): string {
    return this.lookup(
      "mongodbatlas:publicKey",
      "MONGODB_ATLAS_PUBLIC_API_KEY",
      "MONGODB_ATLAS_PUBLIC_KEY",
      "MCLI_PUBLIC_API_KEY",
    );
  }
}

/** Makes something when it is first asked for, and once. */
export function once<T>(make: () => T): () => T {
  let made: { it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}

/** A stack whose settings and state are read once, whoever asks for them: each is a process of the CLI. */
export class OpenStack {
  readonly stack: Stack;
  /** Settings by their whole keys, decrypted. Secret. @throws UserError */
  readonly values = once(() => valuesOf(this.stack));
  /** @throws UserError */
  readonly state = once(() => StackState.of(this.stack));

  constructor(
    readonly workspace: Workspace,
    readonly name: string,
  ) {
    this.stack = workspace.stack(name);
  }
}

/** All settings of a stack file, decrypted. Secret. */
export async function valuesOf(stack: Stack): Promise<Record<string, string>> {
  const settings = Object.entries(await stack.settings());
  return Object.fromEntries(settings.map(([key, { value = "" }]) => [key, value]));
}

function keyed(vendor: string, account: Account | undefined): Account {
  if (account?.secrets.every((secret) => secret !== "")) return account;
  const where = account === undefined ? "" : `: ${account.keys}`;
  throw new UserError(`${vendor}: there is no key; expected the one that its provider takes${where}`);
}

function word({ message, account, isRefusal }: VendorError): Error {
  return new UserError(
    isRefusal ? `${message}: the key is wrong, or may not read this. It comes from ${account.keys}` : message,
  );
}
