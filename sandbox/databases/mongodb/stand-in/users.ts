/** Who may log in. Of a password only what SCRAM needs to check it is kept. */
import { timingSafeEqual } from "node:crypto";
import type { MongodbUser } from "../types.ts";
import { Privileges } from "./authorization.ts";
import { type Credentials, credentials } from "./scram.ts";

/** One user as long as it exists; connections that are logged in as it hold on to it. */
export interface Account {
  readonly username: string;
  roles: MongodbUser["roles"];
  privileges: Privileges;
  credentials: Credentials | undefined;
  /** The user was removed. */
  gone: boolean;
}

export class Users {
  private accounts = new Map<string, Account>();
  private applying: Promise<void> = Promise.resolve();

  find(username: string): Account | undefined {
    return this.accounts.get(username);
  }

  /** Makes the users exactly these; one call after the other. */
  set(users: readonly MongodbUser[]): Promise<void> {
    this.applying = this.applying.catch(() => undefined).then(() => this.apply(users));
    return this.applying;
  }

  private async apply(users: readonly MongodbUser[]): Promise<void> {
    // All of the slow part first: nobody sees half of a change.
    const known = await Promise.all(
      users.map(async ({ username, password }) =>
        keep(username, this.accounts.get(username)?.credentials, password),
      ),
    );
    const accounts = new Map<string, Account>();
    for (const [i, user] of users.entries()) {
      const { username, roles } = user;
      const account = this.accounts.get(username) ?? {
        username,
        roles,
        gone: false,
        credentials: undefined,
        privileges: new Privileges(user),
      };
      Object.assign(account, { roles, privileges: new Privileges(user), credentials: known[i] });
      accounts.set(username, account);
    }
    for (const [username, account] of this.accounts) if (!accounts.has(username)) account.gone = true;
    this.accounts = accounts;
  }
}

/** The old ones if the password is the same: drivers keep what they computed for a salt. */
async function keep(
  username: string,
  old: Credentials | undefined,
  password: string | undefined,
): Promise<Credentials | undefined> {
  if (password === undefined) return undefined;
  try {
    if (old === undefined) return await credentials(username, password);
    const same = await credentials(username, password, old);
    const [now, before] = [same, old].map((each) => each["SCRAM-SHA-256"].storedKey) as [Buffer, Buffer];
    return timingSafeEqual(now, before) ? old : await credentials(username, password);
  } catch {
    // Drivers refuse it, too, before they send anything.
    throw new Error(
      `MongoDB: the password of user "${username}" has characters that SASLprep (RFC 4013) forbids; choose another`,
    );
  }
}
