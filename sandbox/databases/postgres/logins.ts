/** The logins that a vendor hands out, as roles of PostgreSQL. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import pg from "pg";

/** Name and password of one. */
export interface Login {
  user: string;
  password: string;
}

/** Runs something as the superuser, in its own database or in another one. */
type AsSuperuser = <T>(work: (client: pg.Client) => Promise<T>, database?: string) => Promise<T>;

/** Keeps the roles in step with what the vendor says; one change at a time. */
export class Logins {
  private readonly asSuperuser: AsSuperuser;
  private users: string[] = [];

  constructor(asSuperuser: AsSuperuser) {
    this.asSuperuser = asSuperuser;
  }

  /** @param logins oldest first; what a removed one owned goes to the last one */
  async set(logins: readonly Login[]): Promise<void> {
    const wanted = logins.map(({ user }) => user);
    await this.asSuperuser(async (client) => {
      for (const [index, { user, password }] of logins.entries()) {
        await makeLogin(client, user, password);
        for (const earlier of wanted.slice(0, index))
          await client.query(`GRANT ${id(earlier)} TO ${id(user)}`);
      }
    });
    const heir = wanted.at(-1);
    for (const user of this.users.filter((one) => !wanted.includes(one)))
      if (heir !== undefined) await this.remove(user, heir);
    this.users = wanted;
  }

  private async remove(user: string, heir: string): Promise<void> {
    const databases = await this.asSuperuser(async (client) => {
      // First nobody new gets in; then whoever is in has to go.
      await client.query(`ALTER ROLE ${id(user)} NOLOGIN`);
      await client.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", [user]);
      const { rows } = await client.query<{ datname: string }>(
        "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate",
      );
      return rows.map(({ datname }) => datname);
    });
    for (const database of databases)
      await this.asSuperuser(async (client) => {
        await client.query(`REASSIGN OWNED BY ${id(user)} TO ${id(heir)}`);
        await client.query(`DROP OWNED BY ${id(user)}`);
      }, database);
    await this.asSuperuser((client) => client.query(`DROP ROLE ${id(user)}`));
  }
}

const id = (name: string) => pg.escapeIdentifier(name);

export async function sessionsOf(client: pg.Client, user: string): Promise<number> {
  const { rows } = await client.query<{ count: string }>(
    "SELECT count(*) FROM pg_stat_activity WHERE usename = $1",
    [user],
  );
  return Number(rows[0]?.count);
}

/**
 * The login as Render hands it out: it may make further logins and databases, but is no superuser.
 * https://render.com/docs/postgresql-credentials, https://render.com/docs/postgresql-creating-connecting
 */
async function makeLogin(client: pg.Client, user: string, password: string): Promise<void> {
  const known = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [user]);
  const verb = known.rowCount === 0 ? "CREATE" : "ALTER";
  const rights = "LOGIN CREATEDB CREATEROLE NOSUPERUSER NOREPLICATION NOBYPASSRLS";
  // Statements like this one take no parameters.
  const verifier = pg.escapeLiteral(scramVerifier(password));
  await client.query(`${verb} ROLE ${id(user)} ${rights} PASSWORD ${verifier}`);
}

/** The database with its owner; one that is there gets another owner. */
export async function makeDatabase(client: pg.Client, database: string, owner: string): Promise<void> {
  const known = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
  const verb = known.rowCount === 0 ? "CREATE" : "ALTER";
  const ownership = known.rowCount === 0 ? "OWNER" : "OWNER TO";
  await client.query(`${verb} DATABASE ${id(database)} ${ownership} ${id(owner)}`);
}

/**
 * What PostgreSQL stores of a password, made here, so that the password itself reaches no statement and no log.
 * https://www.postgresql.org/docs/18/catalog-pg-authid.html
 */
export function scramVerifier(password: string, salt = randomBytes(16), iterations = 4096): string {
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  const hmac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(hmac("Client Key")).digest("base64");
  const server = hmac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${stored}:${server}`;
}
