/** Who may log in. Of a password only what SCRAM needs to check it is kept. */
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
      users.map(({ username, password }) =>
        password === undefined ? undefined : credentialsOf(username, password),
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

async function credentialsOf(username: string, password: string): Promise<Credentials> {
  return credentials(username, password).catch(() => {
    // Drivers refuse it, too, before they send anything.
    throw new Error(
      `MongoDB: the password of user "${username}" has characters that SASLprep (RFC 4013) forbids; choose another`,
    );
  });
}
