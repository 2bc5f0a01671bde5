/** The MongoDB server behind the Atlas stand-in: what every kind of it can do. */
import type { DatabaseServer, ServerTls } from "../server.ts";
import type { Point } from "./stand-in/copies.ts";

/** A user of the databases, as Atlas knows it. The password is a secret. */
export interface MongodbUser {
  username: string;
  /** Without one nobody logs in as this user: Atlas' users of other mechanisms are not simulated. */
  password?: string | undefined;
  roles: { roleName: string; databaseName: string; collectionName?: string | undefined }[];
}

export interface MongodbServer extends DatabaseServer {
  /** `mongodb://127.0.0.1:<port>/?authSource=admin&replicaSet=…`, with TLS if there is one; without user. */
  readonly connectionString: string;
  /**
   * Makes the users exactly these. Sessions of a user that is gone are ended; a changed password is asked for at
   * the next login; changed roles act at once.
   */
  setUsers(users: readonly MongodbUser[]): Promise<void>;
  /** How all that it holds is copied, where that can be done. */
  readonly copies?: {
    /** Keeps it under an id, in its folder. */
    take(snapshot: string): void;
    /** Puts what another one held in the place of it. @param folder the other one's */
    replace(folder: string, point: Point): void;
    /** From when on a moment can be gone back to; milliseconds since 1970. */
    since(): number | undefined;
  };
}

export interface MongodbOptions {
  /** Where the data is; it survives restarts. */
  folder: string;
  /** Port on 127.0.0.1; a free one by default. */
  port?: number;
  /** Without it connections are in clear. */
  tls?: ServerTls;
  replicaSet: string;
}

/** What a client connects to, user and password left out. */
export function connectionString(port: number, { replicaSet, tls }: MongodbOptions): string {
  const options = ["authSource=admin", `replicaSet=${encodeURIComponent(replicaSet)}`];
  if (tls !== undefined) options.push("tls=true", `tlsCAFile=${encodeURIComponent(tls.authorityFile)}`);
  return `mongodb://127.0.0.1:${port}/?${options.join("&")}`;
}
